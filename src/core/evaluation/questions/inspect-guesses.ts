/** Guesses for what nobody said; each can be corrected, and null is said rather than something far-fetched. */
import type { Task } from '../../../protocol/evaluation/request';
import type { Inspection } from '../../../protocol/evaluation/result';
import { MOST } from './inspect-columns';

type Seen = Inspection['data']['columns'][number];

const LABELS = ['label', 'labels', 'target', 'y', 'y_true', 'class', 'outcome', 'truth', 'ground_truth', 'actual', 'expected', 'response'];
/** A number of so few different whole values is a class. */
const MOST_CLASSES = 20;

/** A column that is called a label, else one whose name ends so (`loan_label`). */
export function guessLabel(columns: readonly Seen[]): string | null {
  const plain = ({ name }: Seen): string => name.trim().toLowerCase().replaceAll(/[\s-]+/g, '_');
  for (const known of LABELS) {
    const found = columns.find((column) => plain(column) === known);
    if (found) return found.name;
  }
  const ending = columns.filter((column) => /_(label|target|class|outcome)$/.test(plain(column)));
  return ending.length === 1 ? (ending[0]?.name ?? null) : null;
}

/** A column called id, key or uuid (or `loan_id`) that is different in every row. */
export function guessId(columns: readonly Seen[], rows: number, label: string | null): string | null {
  const unique = columns.filter(({ name, type, missing, distinct }) => name !== label && missing === 0 && distinct === Math.min(rows, MOST) && (type === 'int' || type === 'string'));
  const named = (form: RegExp): string | undefined => unique.find(({ name }) => form.test(name.trim()))?.name;
  return named(/^(id|uuid|guid|key)$/i) ?? named(/([\s_-]|[a-z](?=[A-Z]))([iI][dD]|[uU]{2}[iI][dD]|[kK]ey|KEY)$/) ?? null;
}

/** By the label's values alone: two of them are two classes, texts and few whole numbers are classes, other numbers are numbers. Null without a label. */
export function guessTask(label: Seen | undefined): Task | null {
  if (!label) return null;
  if (label.distinct <= 2) return 'binary';
  if (label.type === 'float') return 'regression';
  return label.type === 'int' && label.distinct > MOST_CLASSES ? 'regression' : 'multiclass';
}
