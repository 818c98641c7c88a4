/** What a card is made of when it is made: its sections, and in each the pieces that have to be there. */
import type { CardEvidence } from './evidence';
import { present } from './expected';
import { evaluationKey } from './figures/evaluation';
import { encodePart, markOf } from './marks';
import { escapeText } from './markdown';
import { headingOf, SECTION_IDS, WRITINGS, writingText, type CardSection } from './sections';

/** Goes into a card as a whole, where none of its parts is there. A part that a person took out stays out. */
export interface Piece { parts: string[]; text: string; /** also where parts of this kind are there: their evidence may be elsewhere */ instead?: string }
export interface Section { id: CardSection; heading: string; pieces: Piece[] }

/** What a place to write is called among the parts. */
export const writingPart = (id: string): string => `write:${id}`;

const FACTS = [
  ['Registered', 'registered'], ['Comes from', 'source'], ['Code', 'code'], ['Files', 'files'], ['Digest', 'digest'], ['Inputs', 'inputs'], ['Outputs', 'outputs'], ['Made with', 'producer'],
  ['Environment', 'environment'], ['Licence', 'licence'], ['Description', 'description'], ['Tags', 'tags'],
] as const;

export function layoutOf(of: CardEvidence): Section[] {
  return SECTION_IDS.map((id) => ({ id, heading: headingOf(id), pieces: [...generated(of, id), ...WRITINGS.filter(({ section }) => section === id).map((one) => ({ parts: [writingPart(one.id)], text: writingText(one) }))] }));
}

export function sectionText({ heading, pieces }: Section): string {
  return [heading, ...pieces.map(({ text }) => text)].join('\n\n');
}

function generated(of: CardEvidence, section: CardSection): Piece[] {
  const one = (key: string): Piece => ({ parts: [key], text: markOf(key, present(of, key)) });
  const none = (key: string): Piece => ({ ...one(key), instead: 'evaluation/' });
  switch (section) {
    case 'version': return [versionPiece(of)];
    case 'training-data': return [one('version/data')];
    case 'evaluation': return of.evaluations.length === 0 ? [none('none/evaluation')] : of.evaluations.map(({ name, doc }) => evaluationPiece(of, name, doc.main.metric));
    case 'slices': return of.evaluations.length === 0 ? [none('none/slices')] : of.evaluations.map(({ name }) => named(of, name, 'slices'));
    case 'explanations': return of.evaluations.length === 0 ? [none('none/explanations')] : of.evaluations.map(({ name }) => named(of, name, 'importance'));
    case 'limits': return of.evaluations.map(({ name }) => named(of, name, 'limits'));
    case 'privacy': return [one('config/personal')];
    case 'human-review': return [one('ledger/approvals')];
    case 'monitoring-plan': return [one('config/monitoring')];
    case 'rollback-plan': return [one('ledger/rollback')];
    case 'history': return [one('ledger/live'), one('ledger/history')];
    case 'intended-use': case 'out-of-scope-use': case 'displacement-and-impact': return [];
  }
}

/** A mark in a line of its own would begin a block of HTML, in which nothing is Markdown: words stand before each. */
const line = (of: CardEvidence, words: string, key: string): string => `- ${words}: ${markOf(key, present(of, key))}`;
const heading = (name: string): string => `### ${name === '' ? 'Evaluation without a name' : escapeText(name)}`;

function versionPiece(of: CardEvidence): Piece {
  const keys = FACTS.map(([words, name]) => [words, `version/${name}`] as const);
  return { parts: keys.map(([, key]) => key), text: keys.map(([words, key]) => line(of, words, key)).join('\n') };
}

function evaluationPiece(of: CardEvidence, name: string, metric: string): Piece {
  const key = (what: string): string => evaluationKey(name, what);
  const lines = [['Data', 'data'], ['Evaluated', 'made'], [`Main figure, ${escapeText(metric)}, with its 95 % interval`, encodePart(metric)], ['Compared', 'verdict']] as const;
  const text = [heading(name), lines.map(([words, what]) => line(of, words, key(what))).join('\n'), markOf(key('figures'), present(of, key('figures')))].join('\n\n');
  return { parts: [...lines.map(([, what]) => key(what)), key('figures')], text };
}

function named(of: CardEvidence, name: string, what: string): Piece {
  const key = evaluationKey(name, what);
  return { parts: [key], text: `${heading(name)}\n\n${markOf(key, present(of, key))}` };
}

/** A card without any section: who makes one fills it in. */
export const cardHead = (of: CardEvidence, address: string): string => `<!-- ry:card ${address} -->\n\n# Model card: ${escapeText(of.model)}, version ${of.version}\n`;
