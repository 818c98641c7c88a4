/** One column of both sides, for the evaluator's process: what a panel draws. */
import { RunyardError } from '../../base/errors';
import type { JobTable } from '../../evaluation/process/jobs';
import { columnOf, kindOf, mustHave } from '../drift/compare';
import { openSides } from '../drift/open-window';
import { categoricalPicture, numericPicture } from '../drift/picture';
import { categoriesFrom, NAMES, sampleFrom } from '../drift/sources';

/** A column whose type changed is shown by its values as texts. Throws not_found for a column that a side hasn't; bad_input for a column that has no groups, or a side without rows. */
export const driftColumn: JobTable['driftColumn'] = async (params, { signal }) => {
  const { column, where, bins } = params;
  await using sides = await openSides(params.sides, params, signal);
  for (const data of [sides.reference, sides.current]) mustHave(data, column);
  const [reference, current] = [sides.reference, sides.current].map((data) => ({ data, column, where })) as [{ data: typeof sides.reference; column: string; where: string | undefined }, { data: typeof sides.current; column: string; where: string | undefined }];
  if (kindOf([columnOf(sides.reference, column), columnOf(sides.current, column)], params.categorical ?? false) === 'numeric') {
    return numericPicture(column, { reference: await sampleFrom(reference, signal), current: await sampleFrom(current, signal) }, bins);
  }
  const counts = await categoriesFrom(reference, current, signal);
  if (!counts) throw new RunyardError('bad_input', `${column}: ${NAMES}`, 'choose another column');
  return categoricalPicture(column, counts);
};
