/**
 * The comments that bind a card's text to its evidence: HTML comments, which no Markdown renderer shows.
 *
 * `<!-- ry:card loans/3 -->` whose card this is; `<!-- ry:section evaluation -->` where a section begins;
 * `<!-- ry:evaluation/loans/accuracy @0123456789abcdef -->0.922 (0.884 to 0.948)<!-- /ry -->` a figure: what it is, and which evidence it was taken from;
 * `<!-- ry:write intended-use -->` to `<!-- /ry:write -->` what only a person can write.
 */

/** `start` and `end` are offsets into the text, of the whole thing; `from` and `to` those of what stands between its two comments. */
export interface Span { start: number; end: number }
export interface Figure extends Span { key: string; evidence: string | null; from: number; to: number; /** stands in what a person wrote */ within: string | null }
export interface Writing extends Span { id: string; from: number; to: number; /** where its first comment ends */ head: number }
export interface Anchor extends Span { id: string }
export interface Fault extends Span { message: string; /** what it was to be: it isn't made a second time */ key: string | null }
export interface Marks { card: (Span & { address: string }) | null; anchors: Anchor[]; figures: Figure[]; writings: Writing[]; faults: Fault[] }

const COMMENT = /<!--[ \t]*((?:\/ry(?![a-z])|ry:)[^\n]*?)[ \t]*-->|<!--[ \t]*ry:[^\n]*/g;
const FIGURE = /^ry:([^\s@]+)(?:\s+@([0-9A-Za-z._-]+))?$/;

type Named = 'card' | 'section' | 'write';
type Bare = 'end' | 'endWrite' | 'strange' | 'unfinished';
type Token = Span & ({ [K in Named]: { kind: K; id: string } }[Named] | { [K in Bare]: { kind: K } }[Bare] | { kind: 'figure'; key: string; evidence: string | null });

function tokenOf(match: RegExpExecArray): Token {
  const span = { start: match.index, end: match.index + match[0].trimEnd().length };
  const [, body] = match;
  if (body === undefined) return { ...span, kind: 'unfinished' };
  if (body === '/ry') return { ...span, kind: 'end' };
  if (body === '/ry:write') return { ...span, kind: 'endWrite' };
  const named = /^ry:(card|section|write)\s+(\S+)$/.exec(body);
  if (named) return { ...span, kind: named[1] as Named, id: named[2] ?? '' };
  const figure = FIGURE.exec(body);
  return figure && !['card', 'section', 'write'].includes(figure[1] ?? '') ? { ...span, kind: 'figure', key: figure[1] ?? '', evidence: figure[2] ?? null } : { ...span, kind: 'strange' };
}

/**
 * Reads a card's marks. Never throws: what isn't whole is a fault and is left to stand as plain text. A figure ends at the next `/ry` unless something else begins before; what a person
 * writes ends at the next `/ry:write` and nowhere else, so that nothing in it is ever taken for ours.
 */
export function readMarks(text: string): Marks {
  const marks: Marks = { card: null, anchors: [], figures: [], writings: [], faults: [] };
  const tokens = [...text.matchAll(COMMENT)].map(tokenOf);
  let open: Extract<Token, { kind: 'figure' }> | null = null;
  let writing: (Span & { id: string }) | null = null;
  const fault = ({ start, end }: Span, message: string, key: string | null = null): void => void marks.faults.push({ start, end, message, key });
  const leave = (): void => {
    if (open) fault(open, `the figure ${open.key} has no end: put <!-- /ry --> behind it, or delete this comment`, open.key);
    open = null;
  };
  for (const token of tokens) {
    if (token.kind === 'end') {
      if (open) marks.figures.push({ key: open.key, evidence: open.evidence, start: open.start, end: token.end, from: open.end, to: token.start, within: writing?.id ?? null });
      else fault(token, 'no figure begins before this end: delete it');
      open = null;
      continue;
    }
    leave();
    if (token.kind === 'endWrite') {
      if (writing) marks.writings.push({ id: writing.id, start: writing.start, end: token.end, from: writing.end, to: token.start, head: writing.end });
      else fault(token, 'nothing to write begins before this end: delete it');
      writing = null;
    } else if (token.kind === 'figure') open = token;
    else if (token.kind === 'unfinished' || token.kind === 'strange') fault(token, token.kind === 'strange' ? 'this is no mark that Runyard knows: delete it, or write it as <!-- ry:WHAT/FIGURE @EVIDENCE -->' : 'this comment has no end in its line: put --> behind it');
    else if (writing) fault(token, `this stands in the text for ${writing.id}, which has no end before it: put <!-- /ry:write --> where that text ends`, `${token.kind}:${token.id}`);
    else if (token.kind === 'write') writing = { id: token.id, start: token.start, end: token.end };
    else if (token.kind === 'section') marks.anchors.push({ id: token.id, start: token.start, end: token.end });
    else if (marks.card) fault(token, 'a card is of one version: delete this second mark');
    else marks.card = { address: token.id, start: token.start, end: token.end };
  }
  leave();
  if (writing) fault(writing, `the text for ${(writing as { id: string }).id} has no end: put <!-- /ry:write --> behind it`, `write:${(writing as { id: string }).id}`);
  return marks;
}

/** A name as part of a mark: no space, no slash, and nothing that could end a comment. */
export function encodePart(name: string): string {
  if (name === '' || name === '_') return name === '' ? '_' : '%5F';
  return encodeURIComponent(Buffer.from(name).toString()).replace(/-(?=-)|-$|^-/g, '%2D');
}

/** Null where it is no such part. */
export function decodePart(part: string): string | null {
  try {
    return part === '_' ? '' : decodeURIComponent(part);
  } catch {
    return null;
  }
}

export const cardAddress = (model: string, version: number): string => `${encodePart(model)}/${version}`;

/** Model and version of a card's first mark; null where it names none. */
export function addressed(address: string): { model: string; version: number } | null {
  const [, part = '', version = ''] = /^([^/]+)\/([1-9]\d{0,14})$/.exec(address) ?? [];
  const model = decodePart(part);
  return model === null || model === '' ? null : { model, version: Number(version) };
}

/** A figure with its two comments. A block stands between empty lines, or its table would be no table. */
export function markOf(key: string, { evidence, text, block }: { evidence: string | null; text: string; block: boolean }): string {
  const gap = block ? '\n\n' : '';
  return `<!-- ry:${key}${evidence === null ? '' : ` @${evidence}`} -->${gap}${text}${gap}<!-- /ry -->`;
}
