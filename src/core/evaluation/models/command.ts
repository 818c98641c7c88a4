/** A predictor that is a program of the person's: rows in, predictions out, as lines of JSON or as files. */
import type { ModelSpec } from '../../../protocol/evaluation/request';
import { refuseStopped } from '../../base/stopping';
import type { Batch, Column, Values } from '../data/types';
import { formOf, gather, type Form } from './answers';
import { answersTo, type Attempt, type History } from './attempts';
import { askByFiles, namesFiles } from './command-files';
import { digestOfCommand } from './digest';
import { jsonlProgram, linesOf, placed } from './jsonl';
import type { BatchScores, OpenModelOptions, Predictor } from './types';

/** Rows of one call: a program that answers at its input's end is started once for so many. */
const LINES = 65_536;
const FILE_ROWS = 262_144;
const QUIET_MS = 2000;

export interface CommandOptions { /** what it is called, its digest and its source where it isn't the person's own command */ facts?: { name: string; digest: string; source: string; notes: string[] }; quiet?: number }

/** The program is started at the first batch. Its columns are all that are no label, and nothing that was left out. */
export async function openCommand(spec: ModelSpec, options: OpenModelOptions, own: CommandOptions = {}): Promise<Predictor> {
  const command = spec.command ?? [];
  const { workspace, python, temp, data, id, label, exclude } = options;
  const features = data.columns.filter(({ name }) => name !== label && name !== id && !exclude.includes(name));
  const name = own.facts?.name ?? spec.name ?? shown(command);
  const history: History = { crashes: 0, answered: false };
  const byFiles = namesFiles(command);
  const program = jsonlProgram({ name, command, workspace, python, quiet: own.quiet ?? QUIET_MS });
  let form: Form | null = null;

  const asker = (batch: Batch, signal?: AbortSignal) => {
    const ids = idsOf(batch, id);
    if (byFiles) {
      const idColumn = features.some((column) => column.name === 'id') ? 'runyard_id' : 'id';
      return async (from: number, to: number): Promise<Attempt> => placed(await askByFiles({ name, command, workspace, python, temp, idColumn }, columnsOf(batch, features, { idColumn, ids, from, to }), signal), ids.slice(from, to));
    }
    const lines = linesOf(batch, features.map((column) => column.name), ids);
    return async (from: number, to: number): Promise<Attempt> => {
      const last = to === batch.count && batch.from + batch.count >= data.rows;
      return placed(await program.ask(lines.slice(from, to), last, signal), ids.slice(from, to));
    };
  };
  return {
    facts: {
      name, kind: 'command', digest: own.facts?.digest ?? await digestOfCommand(command, workspace), source: own.facts?.source ?? shown(command), producer: '',
      inputs: features.map((column) => ({ name: column.name, type: column.type, shape: '[N]', columns: [column.name] })), mapping: { inputs: {} }, notes: own.facts?.notes ?? [],
    },
    get task() { return form?.classes ? (form.classes.length === 2 ? 'binary' as const : 'multiclass' as const) : null; },
    get classes() { return form?.classes ?? null; },
    columns: [...features.map((column) => column.name), ...(id === undefined ? [] : [id])], batch: byFiles ? FILE_ROWS : LINES,
    async score(batch, signal): Promise<BatchScores> {
      refuseStopped(signal, 'the evaluation was cancelled');
      const answers = await answersTo({ name, history, ask: asker(batch, signal) }, batch.count);
      form ??= formOf(answers.flatMap((answer) => answer ?? []), options);
      return gather(answers, form ?? { of: 'label', width: 0, classes: null });
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

const shown = (command: readonly string[]): string => command.map((word) => (/\s/.test(word) ? JSON.stringify(word.length > 60 ? `${word.slice(0, 57)}...` : word) : word)).join(' ');

/** The id column's values as text, else the row's number. */
function idsOf(batch: Batch, id: string | undefined): string[] {
  const values = id === undefined ? undefined : batch.columns[id];
  return Array.from({ length: batch.count }, (_, row) => {
    if (!values || values.missing?.[row]) return String(batch.from + row);
    return String(values.type === 'int' && values.big ? values.big[row] : values.values[row]);
  });
}

interface Cut { idColumn: string; ids: readonly string[]; from: number; to: number }

function columnsOf(batch: Batch, features: readonly Column[], { idColumn, ids, from, to }: Cut): Record<string, Values> {
  const cut = (values: Values): Values => {
    const missing = values.missing?.subarray(from, to) ?? null;
    if (values.type === 'float') return { ...values, values: values.values.subarray(from, to), missing };
    if (values.type === 'int') return { type: 'int', values: values.values.subarray(from, to), missing, ...(values.big ? { big: values.big.subarray(from, to) } : {}) };
    if (values.type === 'bool') return { ...values, values: values.values.subarray(from, to), missing };
    return { ...values, values: values.values.slice(from, to), missing };
  };
  const given = features.flatMap(({ name }): [string, Values][] => { const values = batch.columns[name]; return values ? [[name, cut(values)]] : []; });
  return { [idColumn]: { type: 'string', values: ids.slice(from, to), missing: null }, ...Object.fromEntries(given) };
}
