/** Rows given to a program that may fall over some of them: those at fault are found by giving it fewer, and the others are scored. */
import { RunyardError } from '../../base/errors';
import { failure, type Answer } from './answers';
import { shownEnding, shownTail, type Ending } from './child';

/** Answers to rows [from, to), in order, as far as they came; `crash` where the program ended before it had answered all. */
export interface Attempt { answers: (Answer | undefined)[]; crash: Ending | null }
export interface Trial { name: string; ask(from: number, to: number): Promise<Attempt>; /** kept over batches */ history: History }
export interface History { crashes: number; answered: boolean }

/** Programs are started so often at most because of rows that they fell over. */
const MOST_CRASHES = 64;
/** A program that falls over each of its first rows isn't at odds with a row. */
const PATIENCE = 3;

/** One answer a row. Throws bad_input where the program has never answered anything. */
export async function answersTo(trial: Trial, rows: number): Promise<(Answer | undefined)[]> {
  const answers = new Array<Answer | undefined>(rows).fill(undefined);
  await solve(trial, { answers, from: 0, to: rows });
  return answers;
}

interface Stretch { answers: (Answer | undefined)[]; from: number; to: number }

async function solve(trial: Trial, { answers, from, to }: Stretch): Promise<void> {
  if (from >= to) return;
  const { history, name } = trial;
  if (history.crashes >= MOST_CRASHES) {
    for (let row = from; row < to; row++) answers[row] = failure(`not tried: ${name} had ended ${MOST_CRASHES} times by then`);
    return;
  }
  const { answers: came, crash } = await trial.ask(from, to);
  came.forEach((answer, at) => { answers[from + at] = answer; });
  if (came.some((answer) => answer !== undefined)) history.answered = true;
  if (!crash) return;
  history.crashes++;
  const first = from + came.length;
  if (to - from === 1) {
    if (!history.answered && history.crashes >= PATIENCE) throw new RunyardError('bad_input', `${name} ${shownEnding(crash)}`, shownTail(crash));
    answers[from] = failure(`${name} ${shownEnding(crash)}`);
    return;
  }
  // the row that came next is the first suspect; where it is innocent, the answers were held back in a buffer, and halves tell
  await solve(trial, { answers, from: first, to: first + 1 });
  if (answers[first]?.reason !== undefined) return solve(trial, { answers, from: first + 1, to });
  const middle = (first + 1 + to) >>> 1;
  await solve(trial, { answers, from: first + 1, to: middle });
  await solve(trial, { answers, from: middle, to });
}
