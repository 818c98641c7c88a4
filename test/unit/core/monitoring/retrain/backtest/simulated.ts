/** A history whose world changes at once: where a column moves, what is right turns with it. */
import { historyOf, type History } from '../../../../../../src/core/monitoring/retrain/backtest/history';
import { random } from '../../../../../../src/core/evaluation/intervals/random';
import type { Asked, Metric } from '../../../../../../src/core/monitoring/performance/metrics';
import { metricsOf } from '../../../../../../src/core/monitoring/performance/metrics';
import type { Looking } from '../../../../../../src/core/monitoring/retrain/backtest/looking';
import { planOf, type Cut } from '../../../../../../src/core/monitoring/retrain/backtest/plan';
import { modelOf, nothingSeen, replay, type Models, type Replay, type Seen } from '../../../../../../src/core/monitoring/retrain/backtest/replay';
import { policyOf, withDrops } from '../../../../../../src/core/monitoring/retrain/backtest/policies';
import { fitStandIn } from '../../../../../../src/core/monitoring/retrain/backtest/stand-in';
import { driftLimits } from '../../../../../../src/protocol/drift';
import type { PolicyResult } from '../../../../../../src/protocol/monitoring';

export const DAY = 86_400_000;
export const BEGIN = Date.UTC(2026, 0, 5);

/** `perDay` rows over `days`; from day `change` on `a` is by 3 larger and what it means for the label is turned round; with `blurred` it only lies nearer to where the label is a toss-up. */
export function simulated({ days, perDay, change, numbers = false, blurred = false }: { days: number; perDay: number; change: number; numbers?: boolean; blurred?: boolean }): History {
  const next = random(1, 5);
  const uniform = (): number => next() / 2 ** 32;
  const rows = days * perDay;
  const [a, b] = [new Float64Array(rows), new Float64Array(rows)];
  const city: string[] = [];
  const labels = Array.from({ length: rows }, (_, row) => {
    const after = row >= change * perDay;
    const base = uniform() * 4 - 2;
    const near = blurred && after ? base / 10 : base;
    a[row] = near + (after && !blurred ? 3 : 0);
    b[row] = uniform() * 2 - 1;
    city.push(uniform() < 0.5 ? 'Bonn' : 'Kiel');
    const signal = blurred ? 2 * near : (after ? -base : base) + (b[row] ?? 0) + (city[row] === 'Bonn' ? 0.5 : 0);
    return numbers ? String(Number((10 * signal + uniform()).toFixed(4))) : 1 / (1 + Math.exp(-2 * signal)) > uniform() ? 'yes' : 'no';
  });
  const inputs: History['inputs'] = new Map([['a', { type: 'float', values: a, missing: null }], ['b', { type: 'float', values: b, missing: null }], ['city', { type: 'string', values: city, missing: null }]]);
  return historyOf({ times: Float64Array.from({ length: rows }, (_, row) => BEGIN + (row * DAY) / perDay), labels, inputs, unlabelled: 0 }, { label: 'y' });
}

export interface Trying { history: History; run: Replay; seen: Seen; fits: { count: number }; plan: Cut; metric: Metric }
export function trying(history: History, limits: { window: number; holdout: number; coolDown: number; budget: { perWeek: number; minutes: number } }, metric?: string): Trying {
  const { task, classes, positive } = history.truth;
  const asked: Asked = { task, classes, positive };
  const [found] = metricsOf([metric ?? (task === 'regression' ? 'mae' : 'accuracy')], asked);
  if (!found) throw new Error('no metric');
  const plan = planOf({ first: history.times[0] ?? 0, last: history.times.at(-1) ?? 0 }, limits, null);
  const looking: Looking = { history, asked, metric: found, seed: 0, signal: new AbortController().signal, drift: { categorical: [], columns: undefined, limits: driftLimits.parse({}), limitsOf: {}, alpha: 0.05 } };
  const fits = { count: 0 };
  const models: Models = { async at(_, range) { fits.count++; return { scorer: await fitStandIn(history, range, { seed: 0 }), minutes: 10 }; } };
  return { history, run: { plan, looking, models, usual: null }, seen: nothingSeen(), fits, plan, metric: found };
}

export async function tried({ run, seen, plan, metric }: Trying, policies: readonly string[]): Promise<Record<string, PolicyResult>> {
  const first = await modelOf(run, seen, plan.start, { from: plan.begin, holdout: plan.firstHoldout });
  if (first === null || first === 'few') throw new Error('no first model');
  const drop = 0.05 * Math.abs(first.reference ?? 0);
  const limit = (first.reference ?? 0) + (metric.goal === 'maximize' ? -drop : drop);
  const found: Record<string, PolicyResult> = {};
  for (const text of policies) {
    const { name, triggers } = policyOf(text, { triggers: [] });
    const result = await replay({ ...run, usual: { reference: first.reference ?? 0, limit } }, seen, { name, triggers: withDrops(triggers, { metric: metric.name, drop }), first }, { window: () => undefined });
    if (!result) throw new Error('a model is not there');
    found[name] = result;
  }
  return found;
}
