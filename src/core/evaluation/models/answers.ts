/** What a command says of its rows: read line by line, then put together as one batch's predictions. */
import * as z from 'zod';
import type { Task } from '../../../protocol/evaluation/request';
import type { BatchScores } from './types';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const record = z.looseObject({
  id: scalar.nullish(), label: scalar.nullish(), prediction: scalar.nullish(), score: z.number().nullish(),
  probabilities: z.union([z.record(z.string(), z.number()), z.array(z.number())]).nullish(), error: z.string().nullish(),
});

export interface Answer {
  id?: string | undefined;
  label: string | null; /** the label as a number, where it is one */ number: number | null;
  score: number | null; probabilities: Readonly<Record<string, number>> | readonly number[] | null;
  /** why there is no prediction */
  reason?: string | undefined; /** the line that is no JSON: perhaps a message that doesn't belong there */ stray?: string;
}
/** What the rows of a model have: told by its first answer, and held to from then on. */
export interface Form { width: number; classes: string[] | null; of: 'probabilities' | 'score' | 'number' | 'label' }
export interface FormOptions { task?: Task | undefined; classes?: readonly string[] | undefined }

export const failure = (reason: string): Answer => ({ label: null, number: null, score: null, probabilities: null, reason });

/** One line: a bare label or number, or {label, score, probabilities, id, error}. Never throws: what can't be read is a failed row. */
export function parseAnswer(line: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Python's json writes NaN and Infinity, which are no JSON
    if (/(^|[[\s:,])-?(NaN|Infinity)\s*([,\]}]|$)/.test(line)) return failure('the command gave NaN or an infinite number');
    return { ...failure(`the command's line is no JSON: ${line.slice(0, 200)}`), stray: line.slice(0, 200) };
  }
  return answerOf(value);
}

export function answerOf(value: unknown): Answer {
  if (value === null) return failure('the command gave null');
  const bare = scalar.safeParse(value);
  if (bare.success) return { ...labelled(bare.data), score: null, probabilities: null };
  const read = record.safeParse(value);
  if (!read.success) return failure(`the command's answer can't be read: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`.trim());
  const { id, label, prediction, score, probabilities, error } = read.data;
  const known = { ...labelled(label ?? prediction), score: score ?? null, probabilities: probabilities ?? null, ...(id == null ? {} : { id: nameOf(id) }) };
  if (error != null) return { ...known, reason: `the command says: ${error.replace(/\s+/g, ' ').slice(0, 300)}` };
  if (known.label === null && known.score === null && known.probabilities === null) return { ...known, reason: 'the command\'s answer has no label, score or probabilities' };
  return known;
}

function labelled(value: string | number | boolean | null | undefined): Pick<Answer, 'label' | 'number'> {
  if (value == null) return { label: null, number: null };
  return { label: nameOf(value), number: typeof value === 'number' ? value : null };
}

const nameOf = (value: string | number | boolean): string => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));

/** What the first answer that is one makes of all of them; null where there is none yet. */
export function formOf(answers: readonly Answer[], { task, classes }: FormOptions): Form | null {
  const first = answers.find(({ reason }) => reason === undefined);
  if (!first) return null;
  const { probabilities, score, number } = first;
  if (Array.isArray(probabilities)) return { of: 'probabilities', width: probabilities.length, classes: classes?.length === probabilities.length ? [...classes] : null };
  if (probabilities) {
    const names = Object.keys(probabilities);
    const known = classes && names.every((name) => classes.includes(name)) ? [...classes] : names.sort(inOrder);
    return { of: 'probabilities', width: known.length, classes: known };
  }
  if (score !== null) return { of: 'score', width: 1, classes: null };
  const fractions = answers.some((answer) => answer.number !== null && !Number.isInteger(answer.number));
  const asNumber = number !== null && (task === 'regression' || task === 'ranking' || (task === undefined && fractions));
  return asNumber ? { of: 'number', width: 1, classes: null } : { of: 'label', width: 0, classes: null };
}

const inOrder = (a: string, b: string): number => (Number(a) - Number(b)) || (a < b ? -1 : Number(a > b));

/** All rows in their order; an answer that isn't of the form of the others fails its row. */
export function gather(answers: readonly (Answer | undefined)[], form: Form): BatchScores {
  const { width } = form;
  const failed = new Map<number, string>();
  const labelled = form.of !== 'number' && answers.some((answer) => answer?.label != null);
  const labels = labelled ? answers.map((answer) => (answer?.reason === undefined ? (answer?.label ?? null) : null)) : null;
  const scores = width > 0 ? new Float64Array(answers.length * width).fill(NaN) : null;
  answers.forEach((answer, row) => {
    const reason = answer ? (answer.reason ?? put(answer, form, scores?.subarray(row * width, (row + 1) * width))) : 'the command gave no answer';
    if (reason === null) return;
    failed.set(row, reason);
    scores?.fill(NaN, row * width, (row + 1) * width);
    if (labels) labels[row] = null;
  });
  return { labels, scores, width, failed };
}

/** Why a row has no prediction, or null once its scores are in place. */
function put({ label, number, score, probabilities }: Answer, { of, width, classes }: Form, into: Float64Array | undefined): string | null {
  if (!into) return label === null ? 'the command gave no label' : null;
  if (of !== 'probabilities') {
    const value = of === 'score' ? score : number;
    if (value === null) return `the command gave no ${of} here, though it does for other rows`;
    into[0] = value;
    return Number.isFinite(value) ? null : 'the command gave an infinite number';
  }
  if (!probabilities) return 'the command gave no probabilities here, though it does for other rows';
  if (Array.isArray(probabilities)) {
    if (probabilities.length !== width) return `the command gave ${probabilities.length} probabilities here and ${width} before`;
    into.set(probabilities);
  } else {
    const given = probabilities as Readonly<Record<string, number>>;
    const strange = Object.keys(given).find((name) => !classes?.includes(name));
    if (strange !== undefined) return `the command gave a probability of '${strange}', which is none of ${classes?.join(', ') ?? 'the classes'}`;
    classes?.forEach((name, at) => { into[at] = given[name] ?? 0; });
  }
  const wrong = into.find((value) => !(value >= -1e-6 && value <= 1 + 1e-6));
  return wrong === undefined ? null : `the command gave ${wrong} as a probability`;
}
