/** Whether something new came within a time. Rows that lie in the future count for nothing. Pure. */
import { finding, type CheckOf, type Finding, type Looked } from './types';

/** `value`: seconds since the newest row, null where there is none within the limit. */
export function fresh({ within }: CheckOf<'fresh'>, { age }: Pick<Looked, 'age'>, at: number): Finding[] {
  const value = age(at);
  if (value === null || value > within) return [finding('fail', `nothing newer than ${periodText(within)}${value === null ? '' : `: the newest row is ${periodText(value)} old`}`, { value, threshold: within })];
  return [finding('pass', '', { value, threshold: within })];
}

/** Seconds in the largest unit that leaves a number of at most three digits: '2 h', '1.5 d'. */
export function periodText(seconds: number): string {
  const [size, unit] = ([[86_400, 'd'], [3600, 'h'], [60, 'min']] as const).find(([least]) => seconds >= least) ?? [1, 's'];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
