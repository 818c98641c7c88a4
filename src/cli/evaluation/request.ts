/** The words of `evaluate` and `slices` to what the engine is asked. */
import path from 'node:path';
import { RunyardError } from '../../core/base/errors';
import { COLUMN_TYPES, TASKS } from '../../protocol/evaluation/request';
import { isDataFile, modelOf } from './model';
import { readSlices } from './slice-file';
import { given as those, listOf, numberOf, oneOf, optionalNumber, pairsOf, type Given } from './words';

/** `request`: only what was said; the engine puts it over what runyard.yaml says of `configured`, and checks the whole. */
export interface Asked { configured?: string; request: Record<string, unknown>; workspaceSlices: boolean; fresh: boolean }

const FORMATS = ['csv', 'tsv', 'jsonl', 'parquet', 'duckdb', 'sqlite'] as const;
const CONFIG_NAMES = ['runyard.yaml', 'runyard.yml'];

/** Throws bad_input where a part that is needed isn't given, or can't be read. Paths become absolute. */
export function askedOf(given: Given): Asked {
  const { name: configured, more } = wordsOf(given);
  const data = dataOf(given, more);
  const model = modelOf(given);
  const label = given.text('label');
  if (configured === undefined) {
    const missing = [model ?? '--model FILE', data ?? '--data FILES', label ?? '--label COLUMN'].filter((part) => typeof part === 'string' && part.startsWith('--'));
    if (missing.length === 3) throw new RunyardError('bad_input', 'there is nothing to evaluate', 'write --model FILE --data FILES --label COLUMN, or the name of an evaluation of runyard.yaml');
    if (missing.length > 0) throw new RunyardError('bad_input', `an evaluation needs ${missing.join(' and ')}`, 'or the name of an evaluation of runyard.yaml');
  }
  const { slices, workspaceSlices } = slicesOf(given, configured);
  const request = those({
    name: given.text('name'), model, baseline: modelOf(given, 'baseline-'), data, label, id: given.text('id'), task: oneOf(given.text('task'), 'task', TASKS),
    classes: optionalList(given, 'classes'), positive: given.text('positive'), threshold: optionalNumber(given, 'threshold', '0.5'), split: given.text('split'),
    slices, thresholds: thresholdsOf(given), metrics: metricsOf(given), cost: costOf(given), training: trainingOf(given),
    gate: gateOf(given), collected: given.text('collected'), maxAgeDays: optionalNumber(given, 'max-age', '90'), run: given.text('run'),
    seed: given.text('seed') === undefined ? undefined : given.whole('seed', { least: 0, otherwise: 0 }),
    replicates: given.text('replicates') === undefined ? undefined : given.whole('replicates', { least: 100, otherwise: 1000 }),
  });
  return { ...(configured !== undefined && { configured }), request, workspaceSlices, fresh: given.flag('fresh') };
}

/** A shell makes several words of `--data data/*.csv`: what comes after the first and is called as a data file belongs to it. */
function wordsOf(given: Given): { name: string | undefined; more: string[] } {
  const more = given.text('data') === undefined ? [] : given.positionals.filter(isDataFile);
  const names = given.positionals.filter((word) => !more.includes(word));
  const [first] = more;
  if (first !== undefined && given.texts('training').length > 0) throw new RunyardError('bad_input', `${first} may belong to --data or to --training`, 'write the option before each file, or put a pattern in quotes');
  if (names.length > 1) throw new RunyardError('bad_input', `one evaluation at a time, not ${names.join(' ')}`, 'write the name of one');
  return { name: names[0], more };
}

export function dataOf(given: Given, more: readonly string[] = []): Record<string, unknown> | undefined {
  const words = [...given.texts('data'), ...more];
  const rest = those({ format: oneOf(given.text('format'), 'format', FORMATS), table: given.text('table'), types: typesOf(given) });
  if (words.length === 0) {
    if (Object.keys(rest).length > 0) throw new RunyardError('bad_input', `--${Object.keys(rest).join(', --')} says how data are read, and there are none`, 'write --data FILES');
    return undefined;
  }
  if (words.includes('-')) throw new RunyardError('bad_input', 'an evaluation is looked at again later, so its data have to stay: standard input is gone then', 'write them to a file');
  return { files: words.map((file) => path.resolve(given.cwd, file)), ...rest };
}

function typesOf(given: Given): Record<string, string> | undefined {
  const pairs = given.texts('types').flatMap((text) => pairsOf(text, 'types', 'last'));
  for (const [, type] of pairs) oneOf(type, 'types', COLUMN_TYPES);
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

function slicesOf(given: Given, name: string | undefined): { slices?: object[]; workspaceSlices: boolean } {
  const word = given.text('slices');
  if (given.flag('no-slices')) {
    if (word !== undefined) throw new RunyardError('bad_input', '--slices and --no-slices are both given', 'keep one');
    return { workspaceSlices: false };
  }
  if (word === undefined) return { workspaceSlices: true };
  const file = path.resolve(given.cwd, word);
  if (path.dirname(file) === path.resolve(given.workspace) && CONFIG_NAMES.includes(path.basename(file)) && given.exists(file)) return { workspaceSlices: true };
  return { slices: readSlices(file, name ?? given.text('name')), workspaceSlices: false };
}

function thresholdsOf(given: Given): Record<string, { min?: number; max?: number }> | undefined {
  const found: Record<string, { min?: number; max?: number }> = {};
  for (const side of ['min', 'max'] as const) {
    for (const [metric, text] of given.texts(side).flatMap((one) => pairsOf(one, side, 'last'))) found[metric] = { ...found[metric], [side]: numberOf(text, side, `${metric}=0.8`) };
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Functions are named by their files in the workspace. */
function metricsOf(given: Given): Record<string, string> | undefined {
  const words = given.texts('metric');
  if (words.length === 0) return undefined;
  return Object.fromEntries(words.flatMap((text) => pairsOf(text, 'metric')).map(([name, place]) => {
    const found = /^(.+\.(?:py|[mc]?js)):([\w$]+)$/.exec(place);
    if (!found) throw new RunyardError('bad_input', `--metric ${name}=${place} is no FILE.py:FUNCTION or FILE.mjs:FUNCTION`, `write --metric ${name}=metrics.py:${name}`);
    const file = path.relative(given.workspace, path.resolve(given.cwd, found[1] ?? '')).split(path.sep).join('/');
    return [name, `${file}:${found[2] ?? ''}`];
  }));
}

function costOf(given: Given): Record<string, number> | undefined {
  const text = given.text('cost');
  if (text === undefined) return undefined;
  const costs = Object.fromEntries(pairsOf(text, 'cost').map(([name, value]) => [oneOf(name, 'cost', ['tp', 'fp', 'fn', 'tn']) ?? '', numberOf(value, 'cost', 'fp=1,fn=5')]));
  return { tp: 0, fp: 0, fn: 0, tn: 0, ...costs };
}

function trainingOf(given: Given): { files: string[] } | undefined {
  const files = given.texts('training').map((file) => path.resolve(given.cwd, file));
  return files.length > 0 ? { files } : undefined;
}

function gateOf(given: Given): Record<string, number> | undefined {
  const minSupport = given.text('gate-support') === undefined ? undefined : given.whole('gate-support', { least: 1, otherwise: 30 });
  const gate = those({ maxWorsening: optionalNumber(given, 'max-worsening', '0.01'), alpha: optionalNumber(given, 'gate-alpha', '0.05'), minSupport });
  return Object.keys(gate).length > 0 ? gate : undefined;
}

const optionalList = (given: Given, option: string): string[] | undefined => {
  const text = given.text(option);
  return text === undefined ? undefined : listOf(text, option);
};
