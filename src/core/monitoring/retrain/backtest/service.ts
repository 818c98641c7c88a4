/** Back-tests as the engine answers them: what is known of a retraining is put together, and with `run` its experiment is really run for every model that a policy wants. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError } from '../../../base/errors';
import type { MonitorConfig, RetrainingConfig } from '../../../config/monitoring';
import type { Asker, Watching } from '../../../evaluation/service/jobs';
import type { Asked } from '../../../evaluation/service/for-monitoring';
import { driftLimits } from '../../../../protocol/drift';
import type { MethodArgs } from '../../../../protocol/engine';
import type { Backtest } from '../../../../protocol/monitoring';
import type { MonitoringHandlers } from '../../service/handlers';
import type { MonitoringContext } from '../../types';
import { artifactOf, environmentOf, minutesOf, runOnce, waitFor } from '../launch';
import { labelOf, logOf, retrainingNamed } from '../place';
import type { RetrainingParts } from '../types';
import { policyOf, USUAL_POLICIES } from './policies';

const TAG = 'runyard.backtest';
/** Runs of back-tests stand apart from the experiment's own. */
const listedAs = (experiment: string): string => `${experiment} (back-test)`;
/** Runs of the experiment that tell what one takes. */
const TIMED = 20;
/** Rounds of models that are wanted, run, and wanted again: a policy's next model hangs on the one before. */
const MOST_ROUNDS = 500;

type Params = Asked<'backtest'>;

export function backtesting(context: MonitoringContext, parts: RetrainingParts): Pick<MonitoringHandlers, 'retraining.backtest'> {
  return { 'retraining.backtest': (args, asker?: Asker) => context.jobs.run(args.job, asker, (watching) => backtest(context, parts, args, watching)) };
}

async function backtest(context: MonitoringContext, parts: RetrainingParts, args: MethodArgs<'retraining.backtest'>, watching: Watching): Promise<Backtest> {
  const began = context.clock();
  const config = retrainingNamed(context.loaded(), args.name);
  const params = paramsOf(context, config, args);
  const ask = (real: Params['real']) => context.work('backtest', { ...params, real }, { watching, python: args.python });
  const doc = args.run ? await withRuns(context, parts, { config, args, params, ask }, watching) : (await ask(null)).doc;
  if (!doc) throw new RunyardError('internal', 'the back-test came to no end');
  return { ...doc, name: config.name, duration: context.clock() - began };
}

function paramsOf(context: MonitoringContext, config: RetrainingConfig, { policies, from, to, seed }: MethodArgs<'retraining.backtest'>): Omit<Params, 'real'> {
  const whole = context.loaded().config;
  const wanted = policies.length > 0 ? policies : [...USUAL_POLICIES];
  // What is wrong in their names is told before anything is read.
  const names = [...new Set(wanted.map((text) => policyOf(text, config).name))];
  const log = logOf(context.workspace, whole, config);
  const { task, classes, positive } = (config.evaluation === undefined ? undefined : whole.evaluations[config.evaluation]?.request) ?? {};
  const watched = monitorOf(config, whole.monitoring.monitors);
  const check = watched?.checks.find((one) => one.check === 'drift');
  const metric = config.triggers.flatMap((one) => ('metric' in one ? [one.metric] : []))[0] ?? null;
  return {
    log, window: { from: from ?? null, to: to ?? null }, asked: { label: labelOf(whole, config, log), task, classes: classes?.map(String), positive: positive === undefined ? undefined : String(positive) },
    policies: names, triggers: config.triggers, limits: { window: config.window, holdout: config.holdout, coolDown: config.coolDown, budget: config.budget },
    metric, length: watched ? watched.window * 1000 : null, minutes: usualMinutes(context, config), seed,
    drift: { categorical: check?.categorical ?? [], columns: check?.columns, limits: check?.limits ?? driftLimits.parse({}), limitsOf: check?.limitsOf ?? {}, alpha: check?.alpha ?? 0.05 },
  };
}

/** That its triggers look at, else one of its model. */
function monitorOf({ triggers, model }: RetrainingConfig, monitors: Readonly<Record<string, MonitorConfig>>): MonitorConfig | undefined {
  return triggers.flatMap((one) => ('monitor' in one ? (monitors[one.monitor] ?? []) : []))[0] ?? Object.values(monitors).find((one) => one.model === model);
}

/** The median of the experiment's newest finished runs; null: there is none. */
function usualMinutes({ store }: MonitoringContext, { experiment }: RetrainingConfig): number | null {
  const { rows } = store.search({ experiments: [experiment, listedAs(experiment)], filter: "attributes.status = 'FINISHED'", orderBy: ['attributes.start_time DESC'], limit: TIMED, offset: 0, view: 'active', columns: [] });
  const all = rows.flatMap((row) => (row.ended === null ? [] : [minutesOf(row, row.ended)])).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)] ?? null;
}

interface Running { config: RetrainingConfig; args: MethodArgs<'retraining.backtest'>; params: Omit<Params, 'real'>; ask(real: Params['real']): Promise<{ doc: Omit<Backtest, 'name' | 'duration'> | null; needs: { key: string; from: number; to: number; file: string; rows: number }[] }> }

/** A model that several policies want is run for once. */
async function withRuns(context: MonitoringContext, parts: RetrainingParts, { config, args, params, ask }: Running, watching: Watching): Promise<Omit<Backtest, 'name' | 'duration'> | null> {
  const folder = path.join(context.workspace, '.runyard', 'retraining', `backtest-${args.job.replace(/[^\w.-]/g, '-')}`);
  const request = config.evaluation === undefined ? undefined : context.loaded().config.evaluations[config.evaluation]?.request;
  const made: Record<string, { file: string; minutes: number }> = {};
  await mkdir(folder, { recursive: true });
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { doc, needs } = await ask({ made, folder, ...(request?.model?.mapping && { mapping: request.model.mapping as NonNullable<Params['real']>['mapping'] }), ...(request?.threshold !== undefined && { threshold: request.threshold }) });
      if (doc) return doc;
      for (const [at, need] of needs.entries()) {
        watching.progress('running the experiment', Object.keys(made).length, Object.keys(made).length + needs.length - at);
        made[need.key] = await trained(context, parts, { config, need, job: args.job }, watching.signal);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new RunyardError('refused', `more than ${MOST_ROUNDS} rounds of runs are wanted by ${params.policies.join(', ')}`, 'take a shorter time (--from, --to), or fewer policies');
}

/** Throws failed runs as bad_input; a run that nobody waits for any more is stopped. */
async function trained(context: MonitoringContext, parts: RetrainingParts, { config, need, job }: { config: RetrainingConfig; need: { key: string; from: number; to: number; file: string }; job: string }, signal: AbortSignal): Promise<{ file: string; minutes: number }> {
  const { experiment } = config;
  const run = runOnce(context, parts, { id: `${job} ${need.key}`, configured: experiment, experiment: listedAs(experiment), env: environmentOf('', need.file, need), tag: TAG });
  try {
    const over = await waitFor(context, run, { signal, look: () => undefined });
    if (over.state !== 'finished') throw new RunyardError('bad_input', `the experiment ${experiment} ${over.state} on the rows of ${new Date(need.from).toISOString()} to ${new Date(need.to).toISOString()}${over.reason ? `: ${over.reason}` : ''}`, `see runyard logs ${run.slice(0, 8)}`);
    await parts.tracker.ingestNow(run);
    const folder = parts.tracker.folder(run);
    return { file: path.join(folder, 'artifacts', await artifactOf(folder, config)), minutes: minutesOf(over, over.ended ?? context.clock()) };
  } catch (error) {
    if (signal.aborted) await parts.tracker.stop(run, 'its back-test');
    throw error;
  }
}
