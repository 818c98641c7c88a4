/** What is asked about and what is true: the task, the classes, and each row's label. */
import { RunyardError } from '../../base/errors';
import type { EvaluationRequest, Task } from '../../../protocol/evaluation/request';
import type { Warning } from '../../../protocol/evaluation/result';
import { classFinder, nearestName, sortedNames, type RawLabels } from './labels';
import { probableTypos } from './typos';

/** What is known of the model's output before anything is judged. `names`: labels that it gave. `inUnit`: all its scores lie in [0, 1]. */
export interface OutputFacts { task: Task | null; classes: readonly string[] | null; names: readonly string[]; width: number; inUnit: boolean }

export interface Truth {
  task: Task; classes: readonly string[]; positive: number | null;
  codes: Int32Array | null; numbers: Float64Array | null;
  unlabelled: Map<number, string>;
  warnings: Warning[];
}
type Asked = Pick<EvaluationRequest, 'label' | 'task' | 'classes' | 'positive'>;

/**
 * The task is the request's, else the model's, else told by label and scores. Classes: the request's (in the order of the model's probabilities), else the model's, else
 * every label of data and predictions, in order, but for those that are probably another one misspelt. The positive class: the request's, else the one that reads 1, true, yes or positive, else the second.
 * A row without a label, or with one that is none of the classes, is in `unlabelled`, and each such label is warned of with the class next to it.
 * Throws bad_input where no label fits, where a regression's label is text, or where what is asked for can't be.
 */
export function truthOf(labels: RawLabels, model: OutputFacts, asked: Asked): Truth {
  const typos = asked.classes ?? model.classes ? new Map<string, string>() : probableTypos(labels, model.names);
  const names = labels.names.filter((name) => !typos.has(name));
  const task = taskOf({ ...labels, names }, model, asked);
  if (task === 'regression') return numbersOf(labels, asked);
  const classes = classesOf(names, model, asked);
  const find = classFinder(classes);
  const unlabelled = new Map<number, string>();
  const byName = Int32Array.from(labels.names, find);
  const codes = new Int32Array(labels.codes.length).fill(-1);
  const strange = new Map<number, number[]>();
  let missing = 0;
  for (let row = 0; row < codes.length; row++) {
    const raw = labels.codes[row] ?? -1;
    const code = raw < 0 ? -1 : (byName[raw] ?? -1);
    codes[row] = code;
    if (code >= 0) continue;
    if (raw < 0) missing++;
    else push(strange, raw, row);
    unlabelled.set(row, raw < 0 ? 'no label' : `label "${labels.names[raw] ?? ''}" is none of the classes`);
  }
  if (unlabelled.size === codes.length) throw noneFits(labels, classes, asked);
  return { task, classes, positive: positiveOf(task, classes, asked), codes, numbers: null, unlabelled, warnings: [...missingLabels(missing, unlabelled, asked), ...unseen(strange, { labels, classes, typos }), ...oneClass(codes, classes, asked)] };
}

function push(into: Map<number, number[]>, key: number, row: number): void {
  const rows = into.get(key);
  if (rows) rows.push(row);
  else into.set(key, [row]);
}

const distinctMost = 50;

function taskOf({ names, numbers, type }: RawLabels, { task, classes, names: predicted, width, inUnit }: OutputFacts, asked: Asked): Task {
  if (asked.task) return asked.task;
  if (task) return task;
  if (asked.classes ?? classes) return (asked.classes ?? classes ?? []).length === 2 ? 'binary' : 'multiclass';
  const onlyNumber = width === 1 && predicted.length === 0;
  const two = names.length <= 2;
  if (type !== 'bool' && numbers && !two && (onlyNumber || names.length > distinctMost || names.some((name) => !Number.isInteger(Number(name))))) return 'regression';
  if (onlyNumber && two) return inUnit ? 'binary' : 'ranking';
  return new Set([...names, ...predicted]).size <= 2 ? 'binary' : 'multiclass';
}

function numbersOf({ numbers, names, codes, type }: RawLabels, { label }: Asked): Truth {
  if (!numbers) {
    // What isn't a number is told rather than the first number that was read as text because of it.
    const strange = codes.findIndex((code) => code >= 0 && !Number.isFinite(Number(names[code] ?? '')));
    const row = strange >= 0 ? strange : codes.findIndex((code) => code >= 0);
    throw new RunyardError('bad_input', `the label ${label} is ${type === 'string' ? 'text' : `of type ${type}`}${row >= 0 ? ` ("${names[codes[row] ?? 0] ?? ''}" in row ${row})` : ''}, and a regression needs numbers`, `declare its type (types: {${label}: float}), name another label, or give the task`);
  }
  const unlabelled = new Map<number, string>();
  let missing = 0;
  for (let row = 0; row < numbers.length; row++) {
    if (Number.isFinite(numbers[row])) continue;
    if (Number.isNaN(numbers[row])) missing++;
    unlabelled.set(row, Number.isNaN(numbers[row]) ? 'no label' : 'the label is infinite');
  }
  if (unlabelled.size === numbers.length) throw new RunyardError('bad_input', `no row has a value in the label ${label}`, 'name the column that holds what is true');
  return { task: 'regression', classes: [], positive: null, codes: null, numbers, unlabelled, warnings: missingLabels(missing, unlabelled, { label }) };
}

function classesOf(names: readonly string[], model: OutputFacts, asked: Asked): readonly string[] {
  if (asked.classes) {
    const twice = asked.classes.find((name, at) => asked.classes?.indexOf(name) !== at);
    if (twice !== undefined) throw new RunyardError('bad_input', `class "${twice}" is named twice`, 'name each class once, in the order of the model\'s probabilities');
    return asked.classes;
  }
  if (model.classes) return model.classes;
  const own = sortedNames(names);
  const find = classFinder(own);
  const all = sortedNames([...own, ...model.names.filter((name) => find(name) < 0)]);
  if (all.length !== 1) return all;
  const bools: Record<string, string[]> = { 0: ['0', '1'], 1: ['0', '1'], True: ['False', 'True'], False: ['False', 'True'] };
  return bools[all[0] ?? ''] ?? [...all, '(another)'];
}

function positiveOf(task: Task, classes: readonly string[], { positive, label }: Asked): number | null {
  if (task === 'multiclass') return null;
  if (classes.length !== 2) throw new RunyardError('bad_input', `${task} needs two classes, and there are ${classes.length}: ${listed(classes)}`, `give the task multiclass, or the two classes; or correct the label ${label}`);
  if (positive === undefined) {
    const usual = classes.findIndex((name) => /^(1(\.0*)?|true|yes|y|positive|pos)$/i.test(name.trim()));
    return usual >= 0 ? usual : 1;
  }
  const found = classFinder(classes)(positive);
  if (found < 0) throw new RunyardError('bad_input', `the positive class "${positive}" is none of the classes: ${listed(classes)}`, 'name one of them');
  return found;
}

const listed = (names: readonly string[]): string => names.slice(0, 8).map((name) => `"${name}"`).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');

function noneFits(labels: RawLabels, classes: readonly string[], { label }: Asked): RunyardError {
  if (labels.names.length === 0) return new RunyardError('bad_input', `no row has a value in the label ${label}`, 'name the column that holds what is true');
  return new RunyardError('bad_input', `no label in ${label} (${listed(labels.names)}) is a class of the model (${listed(classes)})`, 'name the classes as the label writes them, in the order of the model\'s probabilities (classes), or name another label');
}

const firstRows = (rows: readonly number[]): number[] => rows.slice(0, 20);

function missingLabels(missing: number, unlabelled: ReadonlyMap<number, string>, { label }: Pick<Asked, 'label'>): Warning[] {
  if (missing === 0) return [];
  const rows = [...unlabelled].flatMap(([row, why]) => (why === 'no label' ? [row] : []));
  return [{ code: 'missing_label', message: `${missing} ${missing === 1 ? 'row has' : 'rows have'} no value in the label ${label}: ${missing === 1 ? 'it counts' : 'they count'} in no figure`, hint: 'fill them in, or leave them out of the data', count: missing, rows: firstRows(rows) }];
}

interface Strange { labels: RawLabels; classes: readonly string[]; typos: ReadonlyMap<string, string> }

function unseen(strange: ReadonlyMap<number, number[]>, { labels, classes, typos }: Strange): Warning[] {
  const all = [...strange].sort(([, a], [, b]) => b.length - a.length);
  const told = all.slice(0, 20).map(([raw, rows]): Warning => {
    const name = labels.names[raw] ?? '';
    const meant = typos.get(name);
    const near = meant ?? nearestName(name, classes);
    const what = meant === undefined ? `is none of the classes${near === null ? '' : `; the nearest is "${near}"`}` : `is probably a typo of "${meant}"`;
    return {
      code: 'unseen_label', message: `label "${name}" of ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} (${placed(rows)}) ${what}`,
      hint: near === null ? 'correct it, or name it among the classes' : `if "${near}" is meant correct it in the data${meant === undefined ? '' : ', else name it among the classes (classes)'}; these rows count in no figure`, count: rows.length, rows: firstRows(rows),
    };
  });
  const more = all.slice(20);
  if (more.length === 0) return told;
  const count = more.reduce((sum, [, rows]) => sum + rows.length, 0);
  return [...told, { code: 'unseen_label', message: `${more.length} more labels, of ${count} rows, are none of the classes`, hint: 'is this the right label column?', count, rows: firstRows(more.map(([, rows]) => rows[0] ?? 0)) }];
}

const placed = (rows: readonly number[]): string => (rows.length === 1 ? `row ${rows[0] ?? 0}` : rows.length <= 5 ? `rows ${rows.join(', ')}` : `rows ${rows.slice(0, 5).join(', ')} ...`);

function oneClass(codes: Int32Array, classes: readonly string[], { label }: Asked): Warning[] {
  const only = codes.find((code) => code >= 0) ?? -1;
  if (codes.some((code) => code >= 0 && code !== only)) return [];
  return [{ code: 'one_class', message: `every label in ${label} is "${classes[only] ?? ''}": ROC AUC, recall of the others and whatever needs two classes can't be told`, hint: 'evaluate on rows of every class' }];
}
