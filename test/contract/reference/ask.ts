/** Asks as a person does at a terminal: `runyard evaluate` and `runyard slices` with --json, over one real engine. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Io } from '../../../src/cli/command';
import { runProgram } from '../../../src/cli/program';
import { terminal } from '../../../src/cli/terminal';
import { TASKS as NAMES } from '../../../src/protocol/evaluation/request';
import type { EngineClient } from '../../../src/engine/client/client';
import { SETS, type DataSet, type Format, type ReferenceCase } from './cases';
import { predicateSql } from './predicates';

export type Json = Record<string, unknown>;
export interface Asking { model: string; baseline?: string; set: DataSet; format: Format }
export interface Reference {
  evaluate(of: ReferenceCase, asking: Asking): Promise<Json & { id: string }>;
  slices(of: ReferenceCase, evaluation: string, mode: 'loss' | 'worsening'): Promise<Json>;
  importance(of: ReferenceCase, evaluation: string, how: { metrics: readonly string[]; repeats: number; seed: number }): Promise<Json>;
  inspect(of: ReferenceCase, set: DataSet, format: Format): Promise<Json>;
  /** current against reference; with a model, of its predictions too */
  drift(of: ReferenceCase, format: Format, model?: string): Promise<Json>;
}

/** `client`: of the engine that works in `workspace`. The same question twice is asked once. */
export function referenceOver(client: EngineClient, workspace: string): Reference {
  const evaluations = new Map<string, Promise<Json & { id: string }>>();
  const shared: EngineClient = { ...client, request: client.request.bind(client), on: client.on.bind(client), onState: client.onState.bind(client), dispose: () => undefined };

  async function runyard(...words: string[]): Promise<Json> {
    const texts = { out: '', err: '' };
    const sink = (name: 'out' | 'err') => terminal({ write: (text) => void (texts[name] += typeof text === 'string' ? text : Buffer.from(text).toString()) }, {});
    const io: Io = { cwd: workspace, env: process.env, version: '1.0.0', out: sink('out'), err: sink('err'), onInterrupt: () => ({ dispose: () => undefined }), connect: () => Promise.resolve(shared) };
    await runProgram([...words, '--json'], io);
    const answer = JSON.parse(texts.out) as Json;
    if (answer.error) throw new Error(`runyard ${words.join(' ')}\n${JSON.stringify(answer.error, null, 2)}`);
    return answer;
  }

  return {
    evaluate(of, asking) {
      const key = JSON.stringify([of.folder, asking]);
      const known = evaluations.get(key) ?? runyard('evaluate', ...subject(of, asking), ...slicesFile(of, workspace)) as Promise<Json & { id: string }>;
      evaluations.set(key, known);
      return known;
    },
    slices({ about: { sliceline } }, evaluation, mode) {
      if (!sliceline) throw new Error('the case has no settings for SliceLine');
      const { alpha, k, max_l, min_sup, error, columns } = sliceline;
      const named = columns.flatMap(({ col, edges }) => ['--columns', `${quoted(col)}${edges ? `=${edges.join(';')}` : ''}`]);
      return runyard('slices', '--show', evaluation, '--mode', mode, '--no-check', '--loss', error, '--alpha', String(alpha), '--top', String(k), '--depth', String(max_l), '--min-support', String(min_sup), ...named);
    },
    importance: (_of, evaluation, { metrics, repeats, seed }) => runyard('evaluate', '--show', evaluation, '--importance', metrics.join(','), '--repeats', String(repeats), '--seed', String(seed)),
    drift: (of, format, model) => runyard('drift', ...driftOf(of, format), ...(model === undefined ? [] : modelWords(of, model))),
    inspect: (of, set, format) => runyard('evaluate', '--inspect', ...data(of, set, format)),
  };
}

const TASKS: readonly string[] = NAMES;
const quoted = (name: string): string => (/[",=]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
const data = ({ folder, about }: ReferenceCase, set: DataSet, format: Format): string[] =>
  ['--data', path.join(folder, `${set}.${format}`), ...types(about)];

const types = ({ columns }: ReferenceCase['about']): string[] => Object.entries(columns).flatMap(([column, type]) => ['--types', `${quoted(column)}=${type}`]);

function driftOf({ folder, about }: ReferenceCase, format: Format): string[] {
  const kinds = Object.entries(about.drift ?? {});
  const task = TASKS.includes(about.task) ? ['--task', about.task] : [];
  return [
    ...SETS.flatMap((set) => [`--${set}`, path.join(folder, `${set}.${format}`)]), ...types(about), ...kinds.flatMap(([column]) => ['--columns', quoted(column)]), ...task,
    ...kinds.filter(([, kind]) => kind === 'categorical').flatMap(([column]) => ['--categorical', quoted(column)]), ...(about.label === undefined ? [] : ['--label', about.label]),
  ];
}

function modelWords({ folder, about: { classes, positive, inputs } }: ReferenceCase, model: string): string[] {
  const mapped = inputs?.layout === 'single' ? inputs.columns.map((column) => ({ name: inputs.name, column })) : (inputs?.inputs ?? []).filter(({ name, column }) => name !== column);
  return [
    '--model', path.join(folder, model), ...(classes ? ['--classes', classes.map((name) => quoted(String(name))).join(',')] : []), ...(positive === undefined ? [] : ['--positive', String(positive)]),
    ...mapped.flatMap(({ name, column }) => ['--input', `${name}=${quoted(column)}`]),
  ];
}

function subject(of: ReferenceCase, { model, baseline, set, format }: Asking): string[] {
  const { folder, about: { task, label, classes, positive, inputs, gate }, expected } = of;
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`--${name}`, value]);
  // A tensor says nothing of its columns; where each input is called as its column, the mapping is found.
  const mapped = inputs?.layout === 'single' ? inputs.columns.map((column) => ({ name: inputs.name, column })) : (inputs?.inputs ?? []).filter(({ name, column }) => name !== column);
  return [
    '--model', path.join(folder, model), ...data(of, set, format), '--task', task, ...option('label', label), ...option('classes', classes?.map((name) => quoted(String(name))).join(',')),
    ...option('positive', positive === undefined ? undefined : String(positive)), ...option('baseline', baseline && path.join(folder, baseline)),
    ...mapped.flatMap(({ name, column }) => ['--input', ...(baseline === undefined ? [] : ['--baseline-input'])].flatMap((option) => [option, `${name}=${quoted(column)}`])),
    ...(gate ? ['--max-worsening', String(gate.max_worsening), '--gate-alpha', String(gate.alpha), '--gate-support', String(gate.min_n)] : []),
    // As many as the figures were made with, where they are compared; else no more than it takes to have an interval.
    '--replicates', set === 'current' && !baseline && expected.models[model]?.bootstrap95 ? '2000' : '100',
  ];
}

/** The case's slices as a YAML file (JSON is YAML). */
function slicesFile({ about: { id, slices, columns } }: ReferenceCase, workspace: string): string[] {
  const file = path.join(workspace, `slices-${id.replace(/\W/g, '_')}.yaml`);
  writeFileSync(file, JSON.stringify({ slices: Object.fromEntries(slices.map((slice) => [slice.id, { where: predicateSql(slice.where, columns) }])) }));
  return ['--slices', file];
}
