/** A log replayed under a policy: in each window the model that was live answers, at its end the policy looks at what a monitor would have seen. Its rules are those of real retrainings. */
import type { RetrainingConfig, Trigger } from '../../../config/monitoring';
import { nextOfCron } from '../../../config/cron';
import { refuseStopped } from '../../../base/stopping';
import type { ScoredModel } from '../../../evaluation/run/scored';
import type { PolicyResult, ResultSummary } from '../../../../protocol/monitoring';
import { LEAST } from '../data';
import { decide, type Past } from '../policy';
import { firstAt } from '../labelled';
import { joined, type Range } from './history';
import { dataOf, driftedIn, estimatorOf, figureFor, realisedOf, withInterval, type Estimate, type Live, type Looking } from './looking';
import { REPLAYED } from './policies';

export interface Plan {
  /** of the log, oldest first; ms */
  windows: readonly { from: number; to: number }[];
  /** until where the first model's rows reach */
  start: number;
  limits: Pick<RetrainingConfig, 'window' | 'holdout' | 'coolDown' | 'budget'>;
}
export interface Models {
  /** A model that was fitted on rows that are from `from` on, before `to`. Null: it is not there yet, and was asked for. The same times, the same model. */
  at(times: { from: number; to: number }, range: Range): Promise<{ scorer: Live['scorer']; minutes: number } | null>;
}
export interface Replay { plan: Plan; looking: Looking; models: Models; /** the first model's figure on its fresh rows: what drops are told from; `limit`: below it a window counts as bad (above it, where less is better) */ usual: { reference: number; limit: number } | null }

/** What was seen of a model is the same under every policy that has it live. */
export interface Seen { live: Map<string, Promise<Known>>; drift: Map<string, Promise<string[]>>; estimates: Map<string, Promise<Estimate>> }
export const nothingSeen = (): Seen => ({ live: new Map(), drift: new Map(), estimates: new Map() });
export interface Known extends Live { key: string; minutes: number; reference: number | null; before: ScoredModel; estimator?: ReturnType<typeof estimatorOf> }

const nothing: readonly string[] = [];

/** The model of the rows of a time: the freshest part of them is kept apart, as a retraining does. Null where it isn't there yet, or there are too few rows. */
export async function modelOf({ looking, models }: Pick<Replay, 'looking' | 'models'>, seen: Seen, to: number, { from, holdout }: { from: number; holdout: number }): Promise<Known | 'few' | null> {
  const { times } = looking.history;
  const known = { from: firstAt(times, from), to: firstAt(times, to) };
  const split = firstAt(times, to - holdout * 1000);
  if (split - known.from < LEAST.train || known.to - split < LEAST.holdout) return 'few';
  const key = `${from}-${to}`;
  const there = seen.live.get(key);
  if (there) return there;
  const made = await models.at({ from, to: to - holdout * 1000 }, { from: known.from, to: split });
  if (!made) return null;
  const fresh = { from: split, to: known.to };
  const found = (async (): Promise<Known> => {
    const before = await made.scorer.score(fresh);
    return { key, scorer: made.scorer, minutes: made.minutes, known, fresh, before, reference: figureFor(looking, fresh, before) };
  })();
  seen.live.set(key, found);
  return found;
}

export interface Progress { window(at: number): void }

/** Null where a model is wanted that isn't there yet. Throws cancelled. */
export async function replay(run: Replay, seen: Seen, policy: { name: string; triggers: readonly Trigger[]; first: Known }, progress: Progress): Promise<PolicyResult | null> {
  const { plan, looking, usual } = run;
  const { times } = looking.history;
  let live = policy.first;
  let since = plan.start;
  let fresh = false;
  const past: Past[] = [];
  const results: ResultSummary[] = [];
  const windows: PolicyResult['windows'] = [];
  const parts: { rows: number; model: ScoredModel; range: Range }[] = [];
  for (const [at, { from, to }] of plan.windows.entries()) {
    refuseStopped(looking.signal);
    progress.window(at);
    const range = { from: firstAt(times, from), to: firstAt(times, to) };
    const rows = range.to - range.from;
    const model = rows > 0 ? await live.scorer.score(range) : null;
    windows.push({ from, to, value: model && figureFor(looking, range, model), retrained: fresh, age: Math.max(0, (from - since) / 1000) });
    fresh = false;
    if (model) {
      parts.push({ rows, model, range });
      results.unshift(await look(run, seen, { live, range, model, triggers: policy.triggers, window: { from, to } }));
    }
    if (at === plan.windows.length - 1 || policy.triggers.length === 0) continue;
    const decision = decide({ ...plan.limits, triggers: [...policy.triggers] }, past, { now: to, since, results: { [REPLAYED]: results }, labels: range.to - firstAt(times, since), nextOf: nextOfCron });
    if (decision.what !== 'begin') continue;
    const next = await modelOf(run, seen, to, { from: to - plan.limits.window * 1000, holdout: plan.limits.holdout });
    if (next === null) return null;
    if (next === 'few') continue;
    past.push({ t: to, state: 'registered', minutes: next.minutes, hold: null });
    [live, since, fresh] = [next, to, true];
  }
  return { ...resultOf(looking, { parts, windows, limit: usual?.limit ?? null }), policy: policy.name, retrainings: past.length, minutes: past.reduce((sum, { minutes }) => sum + minutes, 0), windows };
}

/** Only what the triggers ask for is looked at. */
async function look({ looking, usual }: Replay, seen: Seen, { live, range, model, triggers, window }: { live: Known; range: Range; model: ScoredModel; triggers: readonly Trigger[]; window: { from: number; to: number } }): Promise<ResultSummary> {
  const wants = (on: Trigger['on']): boolean => triggers.some((one) => one.on === on);
  const key = `${live.key} ${range.from} ${range.to}`;
  const once = <T>(among: Map<string, Promise<T>>, make: () => Promise<T>): Promise<T> => {
    const there = among.get(key) ?? make();
    among.set(key, there);
    return there;
  };
  const drifted = wants('drift') ? await once(seen.drift, () => driftedIn(looking, live, { range, model, before: live.before })) : nothing;
  const estimated = wants('estimated') ? await once(seen.estimates, async () => (await (live.estimator ??= estimatorOf(looking, live)))?.(range, model) ?? { value: null, interval: null }) : null;
  const { value, interval } = wants('realised') ? withInterval(looking, range, model) : { value: null, interval: null };
  const { name, goal } = looking.metric;
  return {
    id: key, monitor: REPLAYED, created: window.to, window: { ...window, rows: range.to - range.from }, outcome: 'pass', reasons: [], columns: {}, alerts: [], versions: [],
    checks: drifted.map((subject, at) => ({ key: subject, check: 'drift', subject, severity: 'warning', outcome: 'fail', value: null, low: null, high: null, threshold: null, reason: '', at })),
    figures: { [name]: { metric: name, goal, estimated: estimated?.value ?? null, estimatedInterval: estimated?.interval ?? null, realised: value, realisedInterval: interval, realisedRows: range.to - range.from, reference: usual?.reference ?? null, lower: null, upper: null, why: '' } },
  };
}

/** Over all rows that were replayed, each with what the model of its window said. */
function resultOf(looking: Looking, { parts, windows, limit }: { parts: { rows: number; model: ScoredModel; range: Range }[]; windows: PolicyResult['windows']; limit: number | null }): Pick<PolicyResult, 'quality' | 'interval' | 'worst' | 'below'> {
  const values = windows.flatMap(({ value }) => value ?? []);
  const better = looking.metric.goal === 'maximize' ? 1 : -1;
  const [first, last] = [parts[0], parts.at(-1)];
  const all = first && last ? realisedOf(looking, dataOf(looking, { from: first.range.from, to: last.range.to }, joined(parts))) : { value: null, interval: null };
  return {
    quality: all.value, interval: all.interval, worst: values.length === 0 ? null : values.reduce((worst, value) => (better * value < better * worst ? value : worst)),
    below: limit === null ? 0 : values.filter((value) => better * value < better * limit).length,
  };
}
