/** What is going to be evaluated, as it is put together in the form. Pure. */
import type { EvaluationInput, ModelSpec } from '../../../protocol/evaluation/request';
import type { Inspection } from '../../../protocol/evaluation/result';
import { count, shorten } from '../../base/format';

export interface Draft {
  model: ModelSpec | undefined;
  baseline: ModelSpec | undefined;
  /** relative to the workspace where they lie in it */
  files: readonly string[];
  label: string | undefined; id: string | undefined;
  task: EvaluationInput['task']; positive: string | undefined;
  run: string | undefined;
}

export const emptyDraft = (over: Partial<Draft> = {}): Draft =>
  ({ model: undefined, baseline: undefined, files: [], label: undefined, id: undefined, task: undefined, positive: undefined, run: undefined, ...over });

/** The question as the engine takes it; only what was said. */
export function requestOf(draft: Draft): EvaluationInput | undefined {
  const { model, baseline, files, label, id, task, positive, run } = draft;
  if (model === undefined || files.length === 0 || label === undefined) return undefined;
  return {
    model, data: { files: [...files] }, label,
    ...(baseline === undefined ? {} : { baseline }), ...(id === undefined ? {} : { id }), ...(task === undefined ? {} : { task }),
    ...(positive === undefined ? {} : { positive }), ...(run === undefined ? {} : { run }),
  };
}

/** The same model with other columns for one of its inputs; what stands for missing values stays. */
export function withInput(model: ModelSpec, input: string, columns: readonly string[]): ModelSpec {
  const mapping = model.mapping ?? { inputs: {} };
  return { ...model, mapping: { ...mapping, inputs: { ...mapping.inputs, [input]: { ...mapping.inputs[input], columns: [...columns] } } } };
}

/** What a model is called where it has no name. */
export function modelWords(model: ModelSpec | undefined): string {
  if (model === undefined) return 'none';
  const { predictions } = model;
  return model.name ?? model.file ?? model.registered ?? model.command?.join(' ')
    ?? (predictions ? `predictions in ${predictions.column ?? (typeof predictions.probabilities === 'string' ? predictions.probabilities : Object.values(predictions.probabilities ?? {}).join(', '))}` : '');
}

export type ReviewRow =
  | { kind: 'separator'; label: string }
  | { kind: 'run'; label: string; description: string; detail: string }
  | { kind: 'problem'; label: string; description: string; detail: string; input?: string }
  | { kind: 'label' | 'id' | 'baseline' | 'task' | 'positive'; label: string; description: string }
  | { kind: 'input'; label: string; description: string; input: string };

/** Before it is run: what fits what, and what doesn't; each row can be changed. */
export function reviewRows(draft: Draft, found: Inspection): ReviewRow[] {
  const task = draft.task ?? found.task;
  const classes = found.classes.length > 0 ? `, ${shorten(found.classes.join(', '), 60)}` : '';
  const inputs = found.model?.inputs ?? [];
  return [
    {
      kind: 'run', label: '$(play) Evaluate', description: `${modelWords(draft.model)} on ${draft.files.join(', ')}`,
      detail: [count(found.data.rows, 'row'), count(found.data.columns.length, 'column'), found.problems.length > 0 ? `${count(found.problems.length, 'problem')} to be solved first` : 'everything fits'].join(' · '),
    },
    ...(found.problems.length > 0 ? [{ kind: 'separator' as const, label: 'problems' }] : []),
    ...found.problems.map(({ message, hint }) => {
      const input = inputs.find((one) => message.includes(`'${one.name}'`))?.name;
      return { kind: 'problem' as const, label: `$(warning) ${message}`, description: '', detail: input === undefined ? hint : 'Choose this row to say what goes in', ...(input === undefined ? {} : { input }) };
    }),
    { kind: 'separator', label: 'question' },
    { kind: 'label', label: '$(tag) Label', description: draft.label ?? 'choose the column' },
    { kind: 'id', label: '$(key) Id', description: draft.id ?? 'a hash of what the row says' },
    { kind: 'task', label: '$(target) Task', description: `${task ?? 'not known'}${classes}` },
    ...(task === 'binary' || task === 'ranking' ? [{ kind: 'positive' as const, label: '$(add) Positive class', description: draft.positive ?? found.classes.at(-1) ?? 'not known' }] : []),
    { kind: 'baseline', label: '$(git-compare) Baseline', description: modelWords(draft.baseline) },
    ...(inputs.length > 0 ? [{ kind: 'separator' as const, label: 'inputs of the model' }] : []),
    ...inputs.map((one) => ({
      kind: 'input' as const, input: one.name, label: `${one.columns.length > 0 ? '$(arrow-right)' : '$(warning)'} ${one.name}`,
      description: `${one.type} ${one.shape} \u2190 ${one.columns.length > 0 ? shorten(one.columns.join(', '), 80) : 'no column'}`,
    })),
  ];
}

/** Columns that may hold the right answer: those that no input takes, or that are called so. */
export function likelyLabel(found: Inspection): (column: string) => boolean {
  const fed = new Set(found.model?.inputs.flatMap(({ columns }) => columns) ?? []);
  return (column) => column === found.label || (fed.size > 0 && !fed.has(column)) || /^(label|target|truth|y|class|outcome)$/i.test(column);
}

/** "python score.py 'a b'" as its words; quotes hold words together. */
export function readCommand(typed: string): string[] {
  return [...typed.matchAll(/(?:"([^"]*)"|'([^']*)'|([^\s"']+))+/g)].map((match) => match[0].replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** "income, age" as columns in their order, or what is wrong with them. */
export function readColumns(typed: string, known: readonly string[]): { columns: string[] } | { wrong: string } {
  const columns = typed.split(',').map((one) => one.trim()).filter(Boolean);
  const lost = columns.find((one) => !known.includes(one));
  if (columns.length === 0) return { wrong: 'name at least one column' };
  return lost === undefined ? { columns } : { wrong: `the data have no column '${lost}'` };
}

/** A name for runyard.yaml: that of the data, without what names can't have. */
export const nameFor = (file: string): string => (file.split(/[\\/]/).at(-1) ?? file).replace(/\.[^.]+$/, '').replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'evaluation';
