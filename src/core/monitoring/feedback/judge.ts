/** One person's word on one row of a log. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { MethodArgs } from '../../../protocol/engine';
import type { JobResult } from '../../evaluation/process/jobs';
import { labelReader } from './log-rows';
import type { Word } from './reviews';

type Said = Pick<MethodArgs<'feedback.judge'>, 'judgement' | 'answer'>;
type Row = NonNullable<JobResult<'logRow'>>;

/**
 * What is right as the word has it: of right the prediction; of wrong the answer given, or of two classes the other one, or null; of unsure null. Throws bad_input for an answer that
 * can't be one, or that is the prediction which is said to be wrong.
 */
export function labelSaid({ judgement, answer }: Said, { prediction, classes, regression }: Row): Pick<Word, 'label' | 'answer'> {
  if (judgement === 'unsure') return { label: null, answer: null };
  if (judgement === 'right') return { label: prediction, answer: null };
  if (answer === undefined || String(answer).trim() === '') {
    const other = classes.length === 2 ? classes.find((name) => name !== prediction) : undefined;
    return { label: prediction === null ? null : (other ?? null), answer: null };
  }
  const label = labelReader({ regression, classes })(String(answer).trim());
  if (label === null) {
    const near = nearest(String(answer), classes);
    throw new RunyardError('bad_input', regression ? `the answer "${answer}" is no number` : `the answer "${answer}" is none of the classes`, regression ? 'give the number that is right' : near ? `did you mean ${near}?` : `they are ${classes.slice(0, 30).join(', ')}`);
  }
  if (label === prediction) throw new RunyardError('bad_input', `the answer "${answer}" is what the model said, and the row is called wrong`, 'say right, or give another answer');
  return { label, answer: regression ? Number(label) : label };
}
