/** How a command line names a model. */
import path from 'node:path';
import { RunyardError } from '../../core/base/errors';
import type { ModelSpec } from '../../protocol/evaluation/request';
import { listOf, pairsOf, type Given } from './words';
import { shellWords } from './shell-words';

const DATA_FILE = /\.(csv|tsv|jsonl|ndjson|parquet|duckdb|db|sqlite3?)(\.(gz|zst))?$/i;
type Part = Partial<Omit<ModelSpec, 'predictions'>> & { predictions?: Record<string, unknown> };

/**
 * A model by one of --model, --command, words after -- and --predictions/--probabilities; undefined where none is given. A file that is
 * there goes before a name of the registry. With `prefix` 'baseline-' the model to beat. Throws bad_input.
 */
export function modelOf(given: Given, prefix: '' | 'baseline-' = ''): Record<string, unknown> | undefined {
  const text = given.text(prefix === '' ? 'model' : 'baseline');
  const command = given.text(`${prefix}command`);
  const rest = prefix === '' ? given.rest : null;
  const named: Part[] = [
    ...(text === undefined ? [] : [bySight(text, given)]),
    ...(command === undefined ? [] : [{ command: nonEmpty(shellWords(command)) }]),
    ...(rest === null ? [] : [{ command: nonEmpty(rest) }]),
  ];
  const predictions = predictionsOf(given, prefix);
  const [first, second] = named;
  if (second) throw new RunyardError('bad_input', `${prefix === '' ? 'the model' : 'the baseline'} is given in two ways`, 'keep one of --model, --command and the words after --');
  if (!first) return predictions && withMapping({ predictions }, given, prefix);
  if (!predictions) return withMapping(first, given, prefix);
  if (!first.predictions) throw new RunyardError('bad_input', `--${prefix}predictions are there already, and --${prefix === '' ? 'model' : 'baseline'} would make them`, 'keep one of the two');
  return { predictions: { ...first.predictions, ...predictions } };
}

function bySight(text: string, { cwd, exists }: Given): Part {
  const uri = /^models:\/(.+)$/.exec(text)?.[1];
  const file = path.resolve(cwd, text);
  const isName = /^[^/\\@]+(@[^/\\@]+|\/\d+)$/.test(uri ?? text);
  if (uri !== undefined || (isName && !exists(file))) return { registered: uri ?? text };
  return DATA_FILE.test(text) ? { predictions: { data: { files: [file] } } } : { file };
}

function predictionsOf(given: Given, prefix: string): Record<string, unknown> | undefined {
  const column = given.text(`${prefix}predictions`);
  const probabilities = given.text(`${prefix}probabilities`);
  if (column === undefined && probabilities === undefined) return undefined;
  return {
    ...(column !== undefined && { column }),
    ...(probabilities !== undefined && { probabilities: probabilities.includes('=') ? Object.fromEntries(pairsOf(probabilities, `${prefix}probabilities`)) : probabilities }),
  };
}

/** Corrections of the mapping. Each of the two models has its own: their inputs may be called differently. */
function withMapping(model: Part, given: Given, prefix: '' | 'baseline-'): Record<string, unknown> {
  const inputs: Record<string, { columns: string[]; missing?: string | number }> = {};
  for (const text of given.texts(`${prefix}input`)) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new RunyardError('bad_input', `--${prefix}input ${text} is no NAME=COLUMN`, `write --${prefix}input name=column or --${prefix}input name=column,column`);
    const name = text.slice(0, equals);
    inputs[name] = { columns: [...(inputs[name]?.columns ?? []), ...listOf(text.slice(equals + 1), `${prefix}input`)] };
  }
  for (const [name, value] of given.texts(`${prefix}missing`).flatMap((text) => pairsOf(text, `${prefix}missing`))) {
    const input = inputs[name] ?? { columns: [name] };
    inputs[name] = { ...input, missing: value !== '' && Number.isFinite(Number(value)) ? Number(value) : value };
  }
  const [label, scores] = [given.text(`${prefix}label-output`), given.text(`${prefix}scores-output`)];
  const mapping = { ...(Object.keys(inputs).length > 0 && { inputs }), ...(label !== undefined && { label }), ...(scores !== undefined && { scores }) };
  return Object.keys(mapping).length === 0 ? model : { ...model, mapping };
}

function nonEmpty(words: string[]): string[] {
  if (words.length === 0) throw new RunyardError('bad_input', 'the command is empty', 'write --command "python score.py"');
  return words;
}

export const isDataFile = (text: string): boolean => DATA_FILE.test(text);
