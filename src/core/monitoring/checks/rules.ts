/** Whether serving rules met more rows than they should: the share of one rule's rows, or of the rule that met most. Pure. */
import { digits, finding, type CheckOf, type Finding, type Looked } from './types';

export function rules({ rule, max }: CheckOf<'rules'>, { facts }: Pick<Looked, 'facts'>): Finding[] {
  if (facts.rows === 0) return [finding('cannot tell', 'the window is empty', { threshold: max })];
  const among = facts.rules.filter((one) => rule === undefined || one.rule === rule);
  const most = among.reduce<{ rule: string; rows: number } | null>((worst, one) => (worst === null || one.rows > worst.rows ? one : worst), null);
  const value = (most?.rows ?? 0) / facts.rows;
  return [finding(value > max ? 'fail' : 'pass', value > max ? `the rule ${most?.rule ?? ''} met ${digits(100 * value)} % of the rows, more than ${digits(100 * max)} %` : '', { value, threshold: max })];
}
