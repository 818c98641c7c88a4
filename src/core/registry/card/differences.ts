/** Where a figure's text in a card isn't what it should be: by cell, by line, or as a whole. */

/** Offsets are into the first text. */
export interface Difference { from: number; to: number; says: string; should: string; replacement: string }

const RULE = /^\|?[\s:|-]*-[\s:|-]*$/;
const BAR = /(?<!\\)\|/;

interface Cell { text: string; from: number; to: number }

/** Cells of a table's row, or the line itself, without the spaces around. */
function cellsOf(line: string, at: number): Cell[] {
  const pieces = line.trimStart().startsWith('|') ? line.split(BAR) : [line];
  let from = at;
  return pieces.map((piece) => {
    const start = from + piece.length - piece.trimStart().length;
    const cell = { text: piece.trim(), from: start, to: start + piece.trim().length };
    from += piece.length + 1;
    return cell;
  });
}

/** Lines with something in them. */
function linesOf(text: string): Cell[][] {
  let at = 0;
  const lines = text.split('\n').map((line) => {
    const cells = RULE.test(line.trim()) ? [] : cellsOf(line, at);
    at += line.length + 1;
    return cells;
  });
  return lines.filter((cells) => cells.some(({ text: one }) => one !== ''));
}

/** Whether two texts say the same: how a table is set, and empty lines, are a matter of taste. */
export function same(text: string, other: string): boolean {
  const said = (one: string): string => JSON.stringify(linesOf(one).map((cells) => cells.map((cell) => cell.text)));
  return text === other || said(text) === said(other);
}

/** Cells and lines that differ; null where the two aren't made alike, so that only the whole can be put in place of the whole. */
export function differences(text: string, should: string): Difference[] | null {
  const [left, right] = [linesOf(text), linesOf(should)];
  if (left.length !== right.length || left.some((cells, at) => cells.length !== right[at]?.length)) return null;
  return left.flatMap((cells, row) => cells.flatMap((cell, column): Difference[] => {
    const other = right[row]?.[column];
    return other === undefined || other.text === cell.text ? [] : [{ from: cell.from, to: cell.to, says: cell.text, should: other.text, replacement: other.text }];
  }));
}
