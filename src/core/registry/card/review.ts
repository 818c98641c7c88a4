/** Holds a card's text against what is known now: what is stale, what a person hasn't written, and what the text should be. */
import type { CardProblem } from '../../../protocol/registry';
import { differences, same } from './differences';
import type { CardEvidence } from './evidence';
import { expectedOf } from './expected';
import { cut } from './markdown';
import { layoutOf, writingPart } from './layout';
import { insertions } from './insert';
import { markOf, readMarks, type Figure, type Marks } from './marks';
import { positions } from './positions';
import { CARD_SECTIONS, isWritten, WRITINGS, type CardSection, type WritingSpec } from './sections';

/** Put `text` in place of what is from `start` to `end`. */
export interface Edit { start: number; end: number; text: string }
export interface Review {
  problems: CardProblem[];
  /** sections that only a person can write, and nobody has */
  missing: CardSection[];
  /** what makes the card fresh without touching what people wrote */
  edits: Edit[];
}

interface Found extends Edit { kind: CardProblem['kind']; message: string; fix: boolean }

/** Reads a card and says all that is wrong with it. Pure; problems in the order of the text. */
export function review(text: string, of: CardEvidence): Review {
  const crlf = text.includes('\r\n');
  const own = (made: string): string => (crlf ? made.replace(/\n/g, '\r\n') : made);
  const marks = readMarks(text);
  const found: Found[] = marks.faults.map(({ start, end, message }) => ({ start, end, text: '', kind: 'broken', message, fix: false }));
  const edits: Edit[] = [];
  for (const figure of marks.figures) {
    const { problems, edit } = ofFigure(figure, text, { of, own });
    found.push(...problems);
    if (edit && figure.within === null) edits.push(edit);
  }
  for (const { start, end, text: made, message } of insertions(text, marks, layoutOf(of))) {
    const edit = { start, end, text: own(made) };
    edits.push(edit);
    found.push({ ...edit, kind: 'stale', message, fix: true });
  }
  const unwritten = WRITINGS.filter((spec) => !isOptional(spec, of) && !marks.writings.some(({ id, from, to }) => id === spec.id && isWritten(text.slice(from, to))));
  found.push(...unwritten.flatMap((spec) => ofWriting(spec, marks)), ...ofPersonal(marks, of), ...ofEvaluations(marks, of));
  const sectionAt = sections(marks);
  const placeOf = positions(text);
  const problems = found.sort((a, b) => a.start - b.start || a.end - b.end).map(({ start, end, text: made, kind, message, fix }): CardProblem => {
    const [from, to] = [placeOf(start), placeOf(end)];
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column, kind, section: sectionAt(start), message, replacement: fix ? made : null };
  });
  return { problems, missing: [...new Set(unwritten.map(({ section }) => section))], edits };
}

const quoted = (text: string): string => cut(text.replace(/\s+/g, ' ').trim(), 120);

function ofFigure(figure: Figure, text: string, { of, own }: { of: CardEvidence; own: (made: string) => string }): { problems: Found[]; edit: Edit | null } {
  const { key, evidence, start, end, from, to } = figure;
  const whole = { start, end };
  const expected = expectedOf(of, key, evidence);
  const note = figure.within === null ? '' : ': read the sentence around it again';
  if (!expected) return { problems: [{ ...whole, text: '', kind: 'broken', message: `there is no figure ${key} in a card: delete it, or correct its name`, fix: false }], edit: null };
  if ('lost' in expected) return { problems: [{ ...whole, text: '', kind: 'stale', message: `${key}: ${expected.lost}`, fix: false }], edit: null };
  if ('gone' in expected) {
    // Its own empty lines go with it.
    const edit = { start, end: end + (/^(\r?\n){1,2}/.exec(text.slice(end))?.[0].length ?? 0), text: '' };
    return { problems: [{ ...edit, kind: 'stale', message: `${expected.gone}: this goes`, fix: true }], edit };
  }
  const said = text.slice(from, to);
  const plain = said.replace(/\r\n/g, '\n');
  const alike = same(plain, expected.text) || (evidence === expected.evidence && expected.accepts?.(plain.trim()) === true);
  const edit = { ...whole, text: own(markOf(key, expected)) };
  if (alike && evidence === expected.evidence) return { problems: [], edit: null };
  if (evidence !== expected.evidence) return { problems: [{ ...edit, kind: 'stale', message: `${otherEvidence(figure, plain, { of, alike, expected })}${note}`, fix: true }], edit };
  const places = plain === said ? differences(said, expected.text) : null;
  if (!places) {
    const says = expected.block ? `this isn't what the evidence says now${linesChanged(plain, expected.text)}` : `says ${quoted(plain)}, the evidence says ${quoted(expected.text)}`;
    return { problems: [{ ...edit, kind: 'stale', message: `${says}${note}`, fix: true }], edit };
  }
  const problems = places.map((place): Found => ({
    start: from + place.from, end: from + place.to, text: place.replacement, kind: 'stale', fix: true,
    message: `says ${quoted(place.says) || 'nothing'}, the evidence says ${quoted(place.should) || 'nothing'}${note}`,
  }));
  return { problems, edit };
}

const rows = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

function linesChanged(text: string, should: string): string {
  const [before, now] = [rows(text).length, rows(should).length];
  return before === now ? '' : now > before ? `: ${now - before} ${now - before === 1 ? 'line' : 'lines'} more` : `: ${before - now} ${before - now === 1 ? 'line' : 'lines'} less`;
}

/** Why a figure that was taken from other evidence is stale, and what the new one says. */
function otherEvidence({ key, evidence }: Figure, said: string, { of, alike, expected }: { of: CardEvidence; alike: boolean; expected: { evidence: string | null; text: string; block: boolean } }): string {
  const now = alike ? 'which says the same' : expected.block ? `which says otherwise${goneSlices(key, said, expected.text)}` : `which says ${quoted(expected.text)} and not ${quoted(said) || 'nothing'}`;
  if (evidence === null) return `${key} isn't bound to its evidence, ${now}`;
  if (key.startsWith('evaluation/')) return `there is a newer evaluation, ${expected.evidence ?? ''} after ${evidence}, ${now}`;
  if (key === 'ledger/history') {
    const at = of.history.findIndex(({ hash }) => hash.startsWith(evidence));
    const more = of.history.slice(at + 1);
    return `the history grew${at < 0 ? '' : ` by ${more.length}`}${more.length === 0 ? '' : `: ${quoted(more.map(({ text }) => text).join('; '))}`}`;
  }
  if (key.startsWith('ledger/')) return `the ledger has a newer entry, ${now}`;
  return key.startsWith('config/') ? `runyard.yaml has changed, ${now}` : `the evidence of ${key} is another one now, ${now}`;
}

function goneSlices(key: string, said: string, should: string): string {
  if (!key.endsWith('/slices')) return '';
  const names = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('|')).slice(2).map((line) => line.split(/(?<!\\)\|/)[1]?.trim() ?? '');
  const now = new Set(names(should));
  const gone = names(said).filter((name) => !now.has(name));
  return gone.length === 0 ? '' : `; ${gone.slice(0, 10).join(', ')} ${gone.length === 1 ? "isn't among its slices" : "aren't among its slices"}`;
}

/** Asked for, and not missed: where runyard.yaml or the version's own facts say it. */
function isOptional({ id, optional }: WritingSpec, { detail, config }: CardEvidence): boolean {
  if (id === 'privacy') return Object.keys(config.personal).length > 0;
  if (id === 'training-data') return detail.facts.data.length > 0;
  return optional === true;
}

function ofWriting({ id, what, section }: WritingSpec, { writings, anchors, faults, card }: Marks): Found[] {
  const message = `only a person can write ${what}`;
  const place = writings.find((one) => one.id === id) ?? null;
  if (place) return [{ start: place.start, end: place.head, text: '', kind: 'missing', message: `${message}: nobody has yet`, fix: false }];
  // Where its comments are broken that has been said.
  if (faults.some(({ key }) => key === writingPart(id))) return [];
  const anchor = anchors.find((one) => one.id === section) ?? card;
  return [{ start: anchor?.start ?? 0, end: anchor?.end ?? 0, text: '', kind: 'missing', message: `${message}: there is no place for it in the section ${CARD_SECTIONS[section]}`, fix: false }];
}

/** A column that is flagged as personal data, with nothing said of how it is handled. */
function ofPersonal({ figures }: Marks, { config: { personal } }: CardEvidence): Found[] {
  const unsaid = Object.keys(personal).filter((column) => (personal[column] ?? '').trim() === '').sort();
  const place = figures.find(({ key }) => key === 'config/personal');
  if (unsaid.length === 0 || !place) return [];
  return [{ start: place.start, end: place.from, text: '', kind: 'missing', message: `runyard.yaml doesn't say how personal data in ${unsaid.join(', ')} are handled: say it under registry: personal:`, fix: false }];
}

function ofEvaluations({ figures }: Marks, { model, version, evaluations }: CardEvidence): Found[] {
  const place = evaluations.length > 0 ? undefined : figures.find(({ key }) => key === 'none/evaluation');
  return place ? [{ start: place.start, end: place.from, text: '', kind: 'missing', message: `no evaluation of this version is kept: runyard evaluate --model ${model}/${version} --data FILES --label COLUMN`, fix: false }] : [];
}

/** The section that an offset is in, by the last one that begins before. */
function sections({ anchors }: Marks): (at: number) => string {
  const known = anchors.filter(({ id }) => Object.hasOwn(CARD_SECTIONS, id));
  return (at) => known.filter(({ start }) => start <= at).at(-1)?.id ?? 'version';
}

/** Text with all edits done; those at one place in their order. */
export function apply(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, at) => ({ ...edit, at })).sort((a, b) => a.start - b.start || a.at - b.at);
  let [result, from] = ['', 0];
  for (const edit of sorted) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}
