/** Models and versions as people read them in a terminal. */
import type { Comment, ConflictRow, LiveRow, ModelDetail, ModelRow, RegistryResults, VersionDetail, VersionRow, WaitingRow } from '../../protocol/registry';
import { outcomeText } from '../evaluation/evaluation-text';
import { span } from '../evaluation/headline';
import { ago, bytes, figure, table } from '../format';
import { visible, type Terminal } from '../terminal';
import { shownMoment } from './time';
import { plural } from './words';

const since = (t: number, now: number): string => ago((now - t) / 1000).replace(/^now$/, 'a moment ago');

/** `now`: ms since the epoch. */
export function modelsText({ models, environments, waiting, conflicts }: RegistryResults['registry.models'], now: number, out: Terminal): string {
  const columns = [{ title: 'model' }, { title: 'versions', right: true }, { title: 'latest', right: true }, ...environments.map(({ name }) => ({ title: name })), { title: 'aliases' }, { title: 'changed', right: true }];
  const rows = models.map((model) => [
    model.name, String(model.versions), model.latest === null ? '' : String(model.latest), ...environments.map(({ name }) => liveText(model.live.find(({ environment }) => environment === name), now, out)),
    Object.entries(model.aliases).map(([alias, version]) => `${alias} ${version}`).join(', '), since(model.updated, now),
  ]);
  return [models.length === 0 ? '' : table(columns, rows, out), waitingText(waiting, now, out), conflictsText(conflicts, out)].filter((part) => part !== '').join('\n');
}

function liveText(live: LiveRow | undefined, now: number, out: Terminal): string {
  if (!live || live.version === null) return '';
  return [`${live.version}${live.since === null ? '' : ` since ${since(live.since, now)}`}`, ...(live.forced ? [out.paint('yellow', 'forced')] : []), ...(live.whole ? [] : [out.paint('red', 'not whole')])].join(', ');
}

const waitingText = (waiting: readonly WaitingRow[], now: number, out: Terminal): string =>
  waiting.map(({ model, version, environment, have, need, since: asked }) => `${out.paint('yellow', 'waits for approval')}: ${visible(`${model} ${version} to ${environment}`)}, ${have} of ${need}, since ${since(asked, now)}\n`).join('');

/** Two clones that said different things, and what to do. */
export const conflictsText = (conflicts: readonly ConflictRow[], out: Terminal): string =>
  conflicts.map(({ text, hint }) => `${out.paint('red', 'conflict')}: ${visible(text)}\n${hint === '' ? '' : `  ${visible(hint)}\n`}`).join('');

/** A model and its versions, newest first. */
export function modelText({ model, versions, environments, comments, conflicts }: ModelDetail, now: number, out: Terminal): string {
  const columns = [{ title: 'version', right: true }, { title: 'live' }, { title: 'aliases' }, { title: 'metric' }, { title: 'value', right: true }, { title: '95 % interval', right: true }, { title: 'size', right: true }, { title: 'by' }, { title: 'made', right: true }, { title: 'description' }];
  const rows = [...versions].sort((a, b) => b.version - a.version).map((row) => versionCells(row, now));
  const gates = environments.map(({ name, gates: asked, from }) => `  ${visible(name)}${from.length === 0 || from.includes(null) ? '' : ` (from ${visible(from.join(', '))})`}: ${asked.length === 0 ? 'no gate' : visible(asked.join(', '))}\n`).join('');
  return [
    `${out.paint('bold', visible(model.name))}${model.description === '' ? '' : `  ${visible(model.description)}`}\n${liveLines(model, now, out)}`,
    table(columns, rows, out), gates === '' ? '' : `Gates of each environment\n${gates}`, waitingText(model.waiting, now, out), conflictsText(conflicts, out), commentsText(comments, now, out),
  ].filter((part) => part !== '').join('\n');
}

function versionCells({ version, live, was, aliases, evaluation, size, author, created, description, here }: VersionRow, now: number): string[] {
  return [
    String(version), [...live, ...was.filter((one) => !live.includes(one)).map((one) => `was ${one}`)].join(', '), aliases.join(', '),
    evaluation?.metric ?? '', figure(evaluation?.value), span(evaluation?.low, evaluation?.high), `${bytes(size)}${here ? '' : ' (not here)'}`, author.name, since(created, now), description.split('\n')[0] ?? '',
  ];
}

const liveLines = ({ live }: ModelRow, now: number, out: Terminal): string =>
  live.map((row) => `  ${visible(row.environment)}: ${row.version === null ? 'nothing yet' : `version ${liveText(row, now, out)}${row.by ? `, by ${visible(row.by.name)}` : ''}${row.reason === '' ? '' : `: ${visible(row.reason)}`}`}\n`).join('');

/** Everything that is known of one version. */
export function versionText({ row, facts, evaluations, approvals, comments, folder, golden, card }: VersionDetail, now: number, out: Terminal): string {
  const fact = (name: string, value: string | null): string => (value === null || value === '' ? '' : `${out.paint('dim', name.padEnd(12))} ${visible(value)}\n`);
  const head = [
    `${out.paint('bold', visible(`${row.model} ${row.version}`))}${row.live.length === 0 ? '' : `  live in ${visible(row.live.join(', '))}`}\n`,
    fact('description', row.description), fact('digest', facts.digest), fact('made', `${shownMoment(row.created)} (${since(row.created, now)}) by ${row.author.name} <${row.author.email}>`),
    fact('from', `${facts.source.kind} ${facts.source.text}`), fact('run', facts.run), fact('commit', facts.code.commit === null ? null : `${facts.code.commit.slice(0, 12)}${facts.code.dirty === true ? `, with uncommitted changes${facts.code.patch === null ? '' : ` (patch ${facts.code.patch.slice(0, 12)})`}` : ''}`),
    fact('python', facts.environment === null ? null : `${facts.environment.python}, ${plural(facts.environment.packages, 'package')}, ${facts.environment.digest.slice(0, 12)}`), fact('licence', facts.licence), fact('aliases', row.aliases.join(', ')),
    fact('was live in', row.was.join(', ')), fact('tags', Object.entries(row.tags).map(([key, value]) => `${key}=${value}`).join(', ')), fact('folder', folder ?? 'not here: runyard models fetch brings it'),
    fact('golden', golden === null ? null : `${plural(golden.rows, 'row')}, recorded ${since(golden.recorded, now)}`), fact('card', card),
  ].join('');
  const section = (title: string, lines: string): string => (lines === '' ? '' : `${out.paint('bold', title)}\n${lines}`);
  const tensors = (direction: string, list: typeof facts.inputs): string => list.map(({ name, type, shape }) => `  ${direction} ${visible(`${name} ${type} ${shape}`)}\n`).join('');
  return [
    head, section('Files', facts.files.map(({ path, digest, size }) => `  ${visible(path)}, ${bytes(size)}, ${digest.slice(0, 16)}\n`).join('')), section('Signature', tensors('in ', facts.inputs) + tensors('out', facts.outputs)),
    section('Data', facts.data.map(({ role, name, rows, digest }) => `  ${visible(`${role} ${name}`)}${rows === null ? '' : `, ${plural(rows, 'row')}`}, ${digest.slice(0, 16)}\n`).join('')),
    section('Evaluations', evaluations.map((one) => `  ${one.id.slice(0, 8)}  ${visible(one.data)}, ${one.metric} ${figure(one.value)}${one.low === null ? '' : ` (${span(one.low, one.high)})`}, ${outcomeText(one.outcome, out)}\n`).join('')),
    section('Approvals', approvals.map(({ judgement, by, t, comment, environment, signed, own }) => `  ${visible(`${environment}: ${judgement} by ${by.name}`)}, ${since(t, now)}${signed === true ? ', signed' : signed === false ? `, ${out.paint('red', "the signature doesn't hold")}` : ''}${own ? ", the author's own: doesn't count" : ''}: ${visible(comment)}\n`).join('')),
    commentsText(comments, now, out),
  ].filter((part) => part !== '').join('\n');
}

export const commentsText = (comments: readonly Comment[], now: number, out: Terminal): string =>
  comments.length === 0 ? '' : `${out.paint('bold', 'Comments')}\n${comments.map(({ by, t, text, on }) => `  ${visible(by.name)}, ${since(t, now)}${on.slice === undefined ? '' : `, on slice ${visible(on.slice)}`}: ${text.split('\n').map(visible).join('\n    ')}\n`).join('')}`;
