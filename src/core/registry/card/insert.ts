/** Where in a card that is there what it lacks has to go. */
import type { Piece, Section } from './layout';
import { sectionText, writingPart } from './layout';
import type { Figure, Marks, Span } from './marks';
import { CARD_SECTIONS } from './sections';

export interface Insertion { start: number; end: number; text: string; message: string }

/** Sections and pieces that a card hasn't, each with its place: after what comes before it, in its section; before the next section; else at the end. */
export function insertions(text: string, marks: Marks, layout: readonly Section[]): Insertion[] {
  const parts = partsOf(marks);
  const isThere = ({ parts: own, instead }: Piece): boolean => own.some((part) => parts.has(part)) || (instead !== undefined && [...parts.keys()].some((part) => part.startsWith(instead)));
  const anchorOf = (id: string): Span | undefined => marks.anchors.find((one) => one.id === id);
  // A section is there where it begins, or where anything of it stands.
  const known = (section: Section): boolean => anchorOf(section.id) !== undefined || section.pieces.some(isThere) || parts.has(`section:${section.id}`);
  return layout.flatMap((section, at): Insertion[] => {
    if (known(section)) return piecesFor(text, section, { parts, anchor: anchorOf(section.id), isThere, clear: (offset) => clearOf(marks, offset) });
    const next = layout.slice(at + 1).flatMap(({ id }) => anchorOf(id) ?? [])[0];
    const message = `the section ${CARD_SECTIONS[section.id]} isn't in this card`;
    if (next) return [{ start: next.start, end: next.start, text: `${/(^|\n)[ \t]*$/.test(text.slice(0, next.start)) ? '' : '\n\n'}${sectionText(section)}\n\n`, message }];
    return [{ start: text.length, end: text.length, text: `${text === '' || text.endsWith('\n') ? '' : '\n'}\n${sectionText(section)}\n`, message }];
  });
}

/** Everything that is there, whole or broken, and where it ends. */
function partsOf({ figures, writings, faults }: Marks): Map<string, number> {
  const found = new Map<string, number>();
  // Figures that a person took into their own text are no part of ours; those that only stand there because its end was lost are.
  const torn = writings.filter(({ start, end }) => faults.some((one) => one.key !== null && one.start > start && one.end < end));
  const isOurs = ({ within, start }: Figure): boolean => within === null || torn.some((one) => one.start < start && start < one.end);
  for (const figure of figures) if (isOurs(figure)) found.set(figure.key, Math.max(figure.end, found.get(figure.key) ?? 0));
  for (const { id, end } of writings) found.set(writingPart(id), end);
  for (const { key, end } of faults) if (key !== null && !found.has(key)) found.set(key, end);
  return found;
}

interface Known { parts: ReadonlyMap<string, number>; anchor: Span | undefined; isThere(piece: Piece): boolean; clear(at: number): number }

function piecesFor(text: string, { id, pieces }: Section, { parts, anchor, isThere, clear }: Known): Insertion[] {
  let place = anchor === undefined ? null : clear(headingEnd(text, anchor.end));
  const found: Insertion[] = [];
  for (const piece of pieces) {
    if (isThere(piece)) {
      if (piece.parts.some((part) => parts.has(part))) place = clear(lineEnd(text, Math.max(...piece.parts.map((part) => parts.get(part) ?? 0))));
      continue;
    }
    const at = place ?? text.length;
    // An empty line on both sides: what stands next is a block of its own.
    const after = /^(\r?\n[ \t]*\r?\n|\s*$)/.test(text.slice(at)) ? '' : '\n';
    found.push({ start: at, end: at, text: `\n\n${piece.text}${after}`, message: `the section ${CARD_SECTIONS[id]} lacks what is known of ${wordsOf(piece)}` });
  }
  return found;
}

/** Not within a figure, nor within what a person wrote: behind it then. */
function clearOf({ figures, writings }: Pick<Marks, 'figures' | 'writings'>, at: number): number {
  const around = [...figures, ...writings].find(({ start, end }) => start < at && at < end);
  return around ? clearOf({ figures, writings }, around.end) : at;
}

const wordsOf = ({ parts: [part = ''] }: Piece): string => part.replace(/^write:/, 'what a person writes: ');

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  const end = at < 0 ? text.length : at;
  return text[end - 1] === '\r' && end > from ? end - 1 : end;
}

/** Behind the heading that follows the comment, in its line or the next ones. */
function headingEnd(text: string, from: number): number {
  const heading = /^[ \t]*(?:\r?\n)+[ \t]*#{1,6}[^\n]*/.exec(text.slice(from));
  return lineEnd(text, heading ? from + heading[0].trimEnd().length : from);
}
