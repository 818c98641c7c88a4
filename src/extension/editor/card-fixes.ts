/** What mends a model card where the cursor is, and all of it at once. Pure. */
import type { CardProblem } from '../../protocol/registry';

/** From 0, as editors count. */
export interface Position { line: number; character: number }
export interface Range { start: Position; end: Position }
export interface Fix { title: string; problems: CardProblem[] }

export const rangeOf = ({ line, column, endLine, endColumn }: CardProblem): Range => ({ start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } });

const before = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.character < b.character);
/** Touching is enough: a cursor at the end of a figure is at it. */
const touch = (a: Range, b: Range): boolean => !before(a.end, b.start) && !before(b.end, a.start);

/** One for each figure at the place, then one for all of the card; none where nothing here can be mended. What only a person can write is never offered. */
export function fixesAt(problems: readonly CardProblem[], at: Range): Fix[] {
  const mendable = problems.filter(({ replacement }) => replacement !== null);
  const here = mendable.filter((problem) => touch(rangeOf(problem), at));
  const one = here.map((problem): Fix => ({ title: titleOf(problem), problems: [problem] }));
  return here.length === 0 || mendable.length === 1 ? one : [...one, { title: `Update all figures of this card (${mendable.length})`, problems: mendable }];
}

function titleOf({ line, column, endLine, endColumn, replacement }: CardProblem): string {
  if (line === endLine && column === endColumn) return 'Put in what this card lacks';
  if (replacement === '') return 'Take this figure out';
  const shown = replacement !== null && !replacement.includes('\n') && !replacement.includes('<!--') && replacement.length <= 40 ? ` to ${replacement}` : '';
  return `Update this figure${shown}`;
}
