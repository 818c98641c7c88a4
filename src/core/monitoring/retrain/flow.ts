/** A retraining from its trigger to its verdict: one step after another, each kept before the next, each the same when it is done again. */
import { describeError, RunyardError } from '../../base/errors';
import type { RetrainingConfig } from '../../config/monitoring';
import type { Watching } from '../../evaluation/service/jobs';
import type { GateReport } from '../../../protocol/registry';
import type { MonitoringContext } from '../types';
import { partsOf } from '../log/place';
import { compareSides, type ComparedSides } from './compare';
import { gatherRows } from './data';
import type { Entry, Journal } from './journal';
import { artifactOf, environmentOf, minutesOf, runOnce, waitFor } from './launch';
import { problemOf } from './place';
import { usedOf } from './policy';
import { pastOf } from './journal';
import type { RetrainingParts } from './types';
import { judgeCandidate } from './verdict';

export interface Flow { context: MonitoringContext; parts: RetrainingParts; journal: Journal; told(name: string): void }
interface Going { config: RetrainingConfig; watching: Watching; /** writes what is known now */ keep(change: Partial<Entry>, row?: Partial<Entry['row']>): void; now(): Entry }

/** Goes on with it from the step where it is, to its end. Never rejects: what goes wrong is its state and its text. Where `signal` says so it is left as it is. */
export async function goOn(flow: Flow, id: string, watching: Watching): Promise<void> {
  const { context, journal, told } = flow;
  const now = (): Entry => {
    const entry = journal.get(id);
    if (!entry) throw new Error(`the retraining ${id} isn't kept any more`);
    return entry;
  };
  const keep: Going['keep'] = (change, row = {}) => {
    const before = now();
    journal.put({ ...before, ...change, row: { ...before.row, ...row } });
    told(before.row.name);
  };
  const end = (state: Entry['row']['state'], text: string, change: Partial<Entry> = {}): void => keep({ ...change, step: 'done' }, { state, text, ended: Math.round(context.clock() * 1000) });
  try {
    const { name } = now().row;
    const config = context.loaded().config.monitoring.retraining[name];
    if (!config) return end('failed', `runyard.yaml names no retraining '${name}' any more`);
    const problem = problemOf(context.loaded().config, config);
    if (problem !== null) return end('failed', problem);
    await steps(flow, { config, watching, keep, now }, end);
  } catch (error) {
    if (watching.signal.aborted) return;
    if (!(error instanceof RunyardError)) context.log.error(`the retraining ${id} failed`, error);
    end('failed', describeError(error));
  }
}

type End = (state: Entry['row']['state'], text: string, change?: Partial<Entry>) => void;

async function steps(flow: Flow, going: Going, end: End): Promise<void> {
  const { context, parts } = flow;
  const { config, watching, keep, now } = going;
  const at = (step: Entry['step']): boolean => now().step === step;
  if (at('data')) {
    const rows = await gatherRows(context, config, now().row, watching);
    if ('few' in rows) return end('held', rows.few, { hold: 'rows' });
    keep({ data: rows.data, step: 'launch' }, { window: rows.window });
  }
  await parts.tracker.ready;
  if (at('launch')) {
    const { row, data } = now();
    const run = runOnce(context, parts, { id: row.id, configured: config.experiment, env: environmentOf(context.workspace, data?.train ?? '', row.window) });
    keep({ step: 'run' }, { run, state: 'running' });
  }
  if (at('run')) {
    const why = await watched(flow, going);
    if (why !== null) return end('failed', why);
    keep({ step: 'register' });
  }
  if (at('register')) await register(flow, going);
  await judged(flow, going, end);
}

/** Waits for the run. Why nothing came of it, else null. A run that would go beyond the budget's minutes is stopped, unless a person wanted it all the same. */
async function watched({ context, parts, journal }: Flow, { config, watching, keep, now }: Going): Promise<string | null> {
  const { row: { id, name, run }, force } = now();
  if (run === null) return 'no run was begun';
  const seconds = (): number => context.clock();
  const others = journal.list(name).filter(({ row }) => row.id !== id).map(pastOf);
  const left = force ? Infinity : config.budget.minutes - usedOf(others, seconds() * 1000).minutes;
  let stopped = false;
  const over = await waitFor(context, run, {
    signal: watching.signal,
    look(row) {
      if (stopped || minutesOf(row, seconds()) < left) return;
      stopped = true;
      parts.tracker.stop(run, 'the budget of its retraining').catch((error: unknown) => context.log.warn(`the run ${run} can't be stopped: ${describeError(error)}`));
    },
  });
  keep({ minutes: minutesOf(over, seconds()) });
  if (stopped) return `its run was stopped: the budget of ${config.budget.minutes} minutes a week is used`;
  if (over.state === 'finished') return null;
  return `its run ${over.name} ${{ failed: 'failed', killed: 'was killed', stopped: 'was stopped', lost: 'is lost', queued: 'waits', running: 'goes on' }[over.state]}${over.reason ? `: ${over.reason}` : ''}: see runyard logs ${run.slice(0, 8)}`;
}

async function register({ context, parts }: Flow, { config, keep, now }: Going): Promise<void> {
  const { row, by } = now();
  const run = row.run ?? '';
  await parts.tracker.ingestNow(run);
  const artifact = await artifactOf(parts.tracker.folder(run), config);
  const [model, environment] = partsOf(config.model);
  const made = await parts.registry['registry.register']({ model, run, artifact, description: `retraining ${row.name}: ${row.reason}`, licence: '', tags: { 'runyard.retraining': row.id, 'runyard.trigger': row.trigger }, by });
  keep({ step: 'evaluate', live: context.registry.at(model, environment, context.clock() * 1000) }, { version: made.version });
}

/** Evaluations, gates and what comes of them. They are asked again after a death: what is kept is answered at once. */
async function judged(flow: Flow, { config, watching, keep, now }: Going, end: End): Promise<void> {
  const { context, parts } = flow;
  const [model] = partsOf(config.model);
  const { row, live, by } = now();
  const version = row.version ?? 0;
  if (row.state === 'promoted' || isLiveNow(flow, config, version, live)) return end('promoted', `version ${version} was promoted to ${config.promoteTo}`);
  const { promoteTo } = config;
  let sides: ComparedSides | null = null;
  if (live !== version) {
    sides = await compareSides(parts, { config, whole: context.loaded().config, entry: now() }, watching);
    keep({ step: 'gates' }, { fresh: sides.fresh, old: sides.old });
  }
  const { gates, noGates } = await gatesOf(flow, config, { model, version, by, id: row.id });
  const verdict = judgeCandidate({ version, live, fresh: sides?.fresh ?? null, old: sides?.old ?? null, lost: sides?.lost ?? [], gates, noGates, promoteTo });
  if (!verdict.promote || promoteTo === undefined) return end(verdict.state, verdict.text);
  keep({ step: 'promote' });
  const moved = await parts.registry['registry.promote']({ model, version, to: promoteTo, reason: `retraining ${row.name}: ${row.reason}`, force: false, expect: gates?.live ?? null, job: `retraining:${row.id}:promote`, by });
  if (moved.promoted && !moved.rolledBack) return end('promoted', `${verdict.text}; the gates pass, and it was promoted to ${promoteTo}`);
  end('registered', `${verdict.text}; it was not promoted to ${promoteTo}${moved.rolledBack ? ': a hook failed and it went back' : ''}: it waits for a person`);
}

/** It was promoted, and the engine died before that was written. */
function isLiveNow({ context }: Flow, { model: name, promoteTo }: RetrainingConfig, version: number, live: number | null): boolean {
  const [model] = partsOf(name);
  return promoteTo !== undefined && live !== version && context.registry.at(model, promoteTo, context.clock() * 1000) === version;
}

/** Of the edge that it would take; where there is no way into that environment, why. */
async function gatesOf({ parts }: Flow, config: RetrainingConfig, { model, version, by, id }: { model: string; version: number; by: Entry['by']; id: string }): Promise<{ gates: GateReport | null; noGates: string | null }> {
  const to = config.promoteTo ?? partsOf(config.model)[1];
  try {
    return { gates: await parts.registry['registry.gate']({ model, version, to, job: `retraining:${id}:gates`, fresh: false, by }), noGates: null };
  } catch (error) {
    if (error instanceof RunyardError && ['refused', 'bad_input', 'not_found'].includes(error.code)) return { gates: null, noGates: describeError(error) };
    throw error;
  }
}
