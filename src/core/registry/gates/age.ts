/** How old the evaluation is, and its data. */
import type { GateOf } from '../../config/registry';
import type { EvaluationDoc, Outcome } from '../../../protocol/evaluation/result';
import type { GateEvidence, GateResult } from '../../../protocol/registry';
import { resultOf, worstOf } from './result';

const DAY = 86_400_000;
/** Two machines' clocks may differ by so much; what is dated later than that can't be. */
const AHEAD = DAY;

/** `now` in ms since the epoch. What is dated in the future, as after a clock that went back, can't be told. */
export function ageGate(config: GateOf<'age'>, doc: EvaluationDoc, now: number): GateResult {
  const look = (what: string, from: number, days: number): GateEvidence => {
    const age = (now - from) / DAY;
    const date = Number.isFinite(from) ? new Date(from).toISOString().slice(0, 10) : 'an unknown day';
    const of = (outcome: Outcome, more = ''): GateEvidence => ({ text: `${what} ${date}${more}`, outcome, evaluation: doc.id, metric: 'days', value: Number.isFinite(age) ? Math.max(0, age) : null });
    if (!Number.isFinite(age)) return of('cannot tell');
    if (from > now + AHEAD) return of('cannot tell', ', which is in the future: a clock was wrong');
    return age <= days ? of('pass', `, ${shownDays(age)} ago`) : of('fail', `, ${shownDays(age)} ago: at most ${days} are allowed`);
  };
  const evidence = [look(`the evaluation ${doc.name} is of`, doc.created, config.days), ...(config.dataDays === undefined ? [] : [look('its data are of', doc.data.collected, config.dataDays)])];
  const outcome = worstOf(evidence.map((one) => one.outcome));
  const reason = evidence.filter((one) => one.outcome === outcome).map(({ text }) => text).join('; ');
  const stale = evidence[0]?.outcome === outcome ? 'ask for the gates afresh (--fresh), which evaluates again' : 'evaluate on newer data, or say when they were collected: collected:';
  return resultOf(config, { outcome, reason, evidence, hint: stale });
}

const shownDays = (days: number): string => (days < 1 ? 'less than a day' : `${Math.floor(days)} ${days < 2 ? 'day' : 'days'}`);
