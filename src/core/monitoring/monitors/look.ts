/** Looking at one window: what the log holds, what drifted, how good the model is, and what programs say. A part that can't be had makes its checks 'cannot tell', not the whole. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeError, RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { checkName } from '../../config/monitor-checks';
import type { CheckConfig, MonitorConfig } from '../../config/monitoring';
import type { LogPlace, LogWindow } from '../../domain/log-place';
import type { LogFacts } from '../../evaluation/process/jobs';
import type { Watching } from '../../evaluation/service/jobs';
import { runProgram } from '../../registry/moves/command';
import type { DriftDoc, DriftInput } from '../../../protocol/drift';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { PerformanceDoc } from '../../../protocol/performance';
import type { Ended, Looked, Part } from '../checks/types';
import type { MonitoringContext } from '../types';
import { joinDocs } from './join';
import type { Reference } from './reference';
import type { Window } from './window';

/** `now`: the moment that `fresh` counts from, ms. */
export interface Looking { monitor: MonitorConfig; window: Window; log: LogPlace; asked: LogWindow; reference: Reference; /** the model that answered, as the log tells */ model: (facts: LogFacts) => ModelSpec | undefined; now: number; created: number; python: string | undefined; watching: Watching }
export interface Seen extends Looked { facts: LogFacts; mainDrift: DriftDoc | null; /** what could not be had, and why */ problems: RunyardError[] }

type Work = Pick<MonitoringContext, 'work'>;

/** Without what programs say. Throws what reading the log throws, and cancelled. */
export async function look(context: Work, looking: Looking): Promise<Seen> {
  const { log, asked, watching, python, monitor } = looking;
  const how = { watching: named(monitor.name, watching), python };
  const facts = await context.work('logFacts', { log, window: asked }, how);
  const problems: RunyardError[] = [];
  if (log.kind === 'serving' && !existsSync(log.folder)) problems.push(new RunyardError('not_found', `nothing has been logged for ${log.model ?? 'this model'} so far`, 'runyard serve-model writes a log, and so may any other server'));
  if (log.kind === 'files' && facts.files === 0 && facts.unreadable.length === 0) problems.push(new RunyardError('not_found', `there is no file ${log.data.files.join(', ')}`, 'name files that are there under log:, relative to the workspace'));
  const part = async <T>(work: () => Promise<T>): Promise<Part<T>> => {
    try {
      return { value: await work() };
    } catch (error) {
      if (watching.signal.aborted || (error instanceof RunyardError && error.code === 'cancelled')) throw error;
      problems.push(error instanceof RunyardError ? error : new RunyardError('internal', describeError(error)));
      return { value: null, why: error instanceof RunyardError ? error.message : describeError(error) };
    }
  };
  const { docs, main } = await drifts(context, looking, { facts, part, how });
  const performance = await figures(context, looking, { facts, part, how });
  const ages = await freshness(context, looking, { part, how });
  return { facts, problems, drift: (at) => docs.get(at) ?? { value: null, why: 'nobody looked' }, mainDrift: main, performance, age: (at) => ages.get(at) ?? null, program: () => ({ value: null, why: 'it was not run' }) };
}

interface Parts { facts: LogFacts; part: <T>(work: () => Promise<T>) => Promise<Part<T>>; how: { watching: Watching; python: string | undefined } }
const named = (monitor: string, { signal, progress }: Watching): Watching => ({ signal, progress: (phase, done, total) => progress(`${monitor}: ${phase}`, done, total) });

/** One comparison for each drift check; schema and predictions share the first of all columns. */
async function drifts({ work }: Work, looking: Looking, { facts, part, how }: Parts): Promise<{ docs: Map<number, Part<DriftDoc>>; main: DriftDoc | null }> {
  const { monitor: { checks, slices }, log, asked, reference, created } = looking;
  const docs = new Map<number, Part<DriftDoc>>();
  if (facts.rows === 0) return { docs, main: null };
  const model = looking.model(facts);
  const ask = (request: Omit<DriftInput, 'reference' | 'current' | 'model'>): Promise<Part<DriftDoc>> => part(() => work('driftWindow', { log, window: asked, reference: reference.place, created, model, request: { ...request, slices } }, how));
  let whole: Part<DriftDoc> | null = null;
  for (const [at, check] of checks.entries()) {
    if (check.check !== 'drift') continue;
    const { columns, categorical, limits, limitsOf, alpha, multivariate } = check;
    const doc = await ask({ categorical, limits, limitsOf, alpha, multivariate, ...(columns && { columns }) });
    docs.set(at, doc);
    if (!columns) whole ??= doc;
  }
  const rest = [...checks.entries()].filter(([, { check }]) => check === 'schema' || check === 'predictions');
  if (rest.length > 0) whole ??= await ask({ multivariate: false, ...(rest.every(([, { check }]) => check === 'predictions') && { columns: [] }) });
  for (const [at] of rest) if (whole) docs.set(at, whole);
  return { docs, main: joinDocs(whole?.value ?? null, [...docs.values()].map(({ value }) => value)) };
}

async function figures({ work }: Work, { monitor: { checks, slices }, log, window, reference, model }: Looking, { facts, part, how }: Parts): Promise<Part<PerformanceDoc>> {
  const metrics = [...new Set(checks.flatMap((check) => (check.check === 'estimated' || check.check === 'realised' ? [check.metric] : [])))];
  if (metrics.length === 0 || facts.rows === 0) return { value: null, why: facts.rows === 0 ? 'the window is empty' : 'nobody asked for figures' };
  return await part(() => work('performance', { log, windows: [{ from: window.from, to: window.to }], reference: reference.place, metrics, slices, model: model(facts), seed: 0 }, how));
}

/** Seconds since the newest row, by the check's place; without one where there is none within its limit. */
async function freshness({ work }: Work, { monitor: { checks }, log, now }: Looking, { part, how }: Omit<Parts, 'facts'>): Promise<Map<number, number>> {
  const ages = new Map<number, number>();
  for (const [at, check] of checks.entries()) {
    if (check.check !== 'fresh') continue;
    const found = await part(() => work('logFacts', { log, window: { from: now - Math.ceil(check.within * 1000), to: now + 1 } }, how));
    if (found.value?.to != null) ages.set(at, Math.max(0, (now - found.value.to) / 1000));
  }
  return ages;
}

/** Runs the programs of command checks with what was found so far in a JSON file; `file` is removed afterwards. */
export async function runPrograms({ workspace }: Pick<MonitoringContext, 'workspace'>, { monitor, window, watching }: Looking, { file, found }: { file: string; found: object }): Promise<Looked['program']> {
  const commands = [...monitor.checks.entries()].filter((one): one is [number, Extract<CheckConfig, { check: 'command' }>] => one[1].check === 'command');
  const ended = new Map<number, Part<Ended>>();
  if (commands.length === 0) return () => ({ value: null, why: 'there is none' });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(found));
  try {
    for (const [at, check] of commands) {
      watching.progress(`${monitor.name}: ${checkName(check)}`, 0, 0);
      const env = { RUNYARD_MONITOR: monitor.name, RUNYARD_FROM: new Date(window.from).toISOString(), RUNYARD_TO: new Date(window.to).toISOString(), RUNYARD_RESULT: file };
      ended.set(at, { value: await runProgram({ command: check.command, cwd: workspace, env, timeout: check.timeout, stop: watching.signal }) });
      refuseStopped(watching.signal);
    }
  } finally {
    rmSync(file, { force: true });
  }
  return (at) => ended.get(at) ?? { value: null, why: 'it was not run' };
}
