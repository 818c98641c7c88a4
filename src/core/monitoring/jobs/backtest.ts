/** A log replayed under several policies of retraining, for the evaluator's process. */
import { RunyardError } from '../../base/errors';
import type { JobTable } from '../../evaluation/process/jobs';
import { metricsOf, type Asked } from '../performance/metrics';
import { historyOf } from '../retrain/backtest/history';
import type { Looking } from '../retrain/backtest/looking';
import { planOf } from '../retrain/backtest/plan';
import { DROP, policyOf, withDrops } from '../retrain/backtest/policies';
import { realModels } from '../retrain/backtest/real-models';
import { modelOf, nothingSeen, replay, type Models, type Replay } from '../retrain/backtest/replay';
import { fitStandIn } from '../retrain/backtest/stand-in';
import { LEAST } from '../retrain/data';
import { readLabelled } from '../retrain/labelled';

/** Throws bad_input where there is too little history, not enough rows for a first model, or a metric that isn't one; cancelled. */
export const backtest: JobTable['backtest'] = async (params, watch) => {
  const { workspace, temp, memory, python, asked: wanted, limits, seed } = params;
  const { signal, progress } = watch;
  const place = { workspace, temp, signal, python, ...(memory !== undefined && { memory }) };
  progress('reading the log', 0, 0);
  const rows = await readLabelled({ log: params.log, window: params.window, label: wanted.label }, place);
  const [first, last] = [rows.times[0], rows.times.at(-1)];
  if (first === undefined || last === undefined) throw new RunyardError('bad_input', `no labelled row is in the log${rows.unlabelled > 0 ? ` (${rows.unlabelled} without a label)` : ''}: there is nothing to replay`, 'import labels first: runyard feedback import FILE');
  const history = historyOf(rows, wanted);
  const { task, classes, positive } = history.truth;
  const asked: Asked = { task, classes, positive };
  const [metric] = metricsOf([params.metric ?? (task === 'regression' ? 'mae' : 'accuracy')], asked);
  if (!metric) throw new RunyardError('bad_input', 'no metric is named', 'give one');
  const cut = planOf({ first, last }, limits, params.length);
  const looking: Looking = { history, asked, metric, drift: params.drift, seed, signal };
  const real = params.real && realModels({ history, label: wanted.label, place, signal }, params.real);
  const models: Models = real ?? standIns(looking, params.minutes);
  const run: Replay = { plan: cut, looking, models, usual: null };
  const seen = nothingSeen();
  const start = await modelOf(run, seen, cut.start, { from: cut.begin, holdout: cut.firstHoldout });
  if (start === 'few') throw new RunyardError('bad_input', `there are too few labelled rows for a first model: ${history.times.length} in all`, `it takes ${LEAST.train} to train on and ${LEAST.holdout} to judge by in the first third of the log, or in the retraining's window`);
  if (start === null) return { doc: null, needs: real?.needs ?? [] };
  if (start.reference === null) throw new RunyardError('bad_input', `${metric.name} can't be told of the first model's freshest rows`, 'take another metric, or a longer history');
  const drop = params.triggers.flatMap((one) => ('drop' in one ? [one.drop] : []))[0] ?? DROP * Math.abs(start.reference);
  const limit = start.reference + (metric.goal === 'maximize' ? -drop : drop);
  run.usual = { reference: start.reference, limit };
  const policies = [];
  for (const [at, text] of params.policies.entries()) {
    const { name, triggers } = policyOf(text, params);
    const total = params.policies.length * cut.windows.length;
    const found = await replay(run, seen, { name, triggers: withDrops(triggers, { metric: metric.name, drop }), first: start }, { window: (window) => progress(`replaying ${name}`, at * cut.windows.length + window, total) });
    if (found) policies.push(found);
  }
  if (real && real.needs.length > 0) return { doc: null, needs: real.needs };
  const windows = { from: cut.start, to: cut.windows.at(-1)?.to ?? cut.start };
  return { needs: [], doc: { metric: metric.name, goal: metric.goal, ...windows, rows: history.times.length, policies, notes: notesOf(params, { limit, reference: start.reference, drop, unlabelled: rows.unlabelled, metric: metric.name }) } };
};

function standIns({ history, seed, signal }: Looking, minutes: number | null): Models {
  return {
    async at(_, range) {
      return { scorer: await fitStandIn(history, range, { seed, signal }), minutes: minutes ?? 0 };
    },
  };
}

function notesOf({ real, minutes }: { real: unknown; minutes: number | null }, { limit, reference, drop, unlabelled, metric }: { limit: number; reference: number; drop: number; unlabelled: number; metric: string }): string[] {
  const digits = (value: number): string => String(Number(value.toPrecision(4)));
  return [
    real ? 'each retraining ran the experiment\'s own command on the rows of its window' : `boosted trees over the logged inputs stand in for the experiment's model: policies are told apart, not what its own model would reach; ask for the experiment itself (--run) to run its command`,
    ...(real ? [] : [minutes === null ? 'minutes are not known: the experiment has no finished run that tells what one takes' : `a retraining is counted as ${digits(minutes)} minutes, as the experiment's finished runs took`]),
    'each candidate is live from the end of the window on that began it: gates and people aren\'t replayed; cool-down and budget are',
    'labels are taken to be there when their window ends: where they come later, policies that need them act later',
    `bad windows: ${metric} worse than ${digits(limit)}, which is ${digits(drop)} off the first model's ${digits(reference)} on rows that it didn't see`,
    ...(unlabelled > 0 ? [`${unlabelled} rows without a label are left out`] : []),
  ];
}
