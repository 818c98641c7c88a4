/** One monitor over one window: what was looked at, put together to a result. Nothing is kept here. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import type { MonitorConfig } from '../../config/monitoring';
import type { LogWindow } from '../../domain/log-place';
import type { Watching } from '../../evaluation/service/jobs';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { LogFacts } from '../../evaluation/process/jobs';
import { runChecks } from '../checks/run';
import { logPlaceOf } from '../log/place';
import type { MonitoringContext } from '../types';
import { resultId, type KeptResult } from './keep';
import { look, runPrograms, type Looking } from './look';
import { referenceOf } from './reference';
import { reasonsOf, worstOf } from './summary';
import { lengthOf, newestWhole, windowHolding, type Window } from './window';

export interface Running { at: number | undefined; python: string | undefined; watching: Watching }
export interface Ran { result: KeptResult; /** version that was live at the window's end; null: none, or nobody knows */ version: number | null; problems: RunyardError[] }

/** The window asked for: the newest that is over, or the one that holds `at`. */
export function windowOf({ window }: Pick<MonitorConfig, 'window'>, at: number | undefined, now: number): Window {
  const length = lengthOf(window);
  return at === undefined ? newestWhole(now, length) : windowHolding(at, length);
}

/** Throws what reading the log throws (bad_input, not_found), and cancelled. */
export async function runMonitor(context: MonitoringContext, monitor: MonitorConfig, { at, python, watching }: Running): Promise<Ran> {
  const began = performance.now();
  const now = Math.round(context.clock() * 1000);
  const window = windowOf(monitor, at, now);
  const log = logPlaceOf(context.workspace, monitor);
  // What claims to be of a time that is still to come is in no window.
  const asked: LogWindow = { from: window.from, to: Math.min(window.to, now + 1) };
  const reference = referenceOf(monitor, window);
  const version = liveAt(context, monitor, Math.min(window.to, now) - 1);
  const model = (facts: LogFacts): ReturnType<typeof modelOf> => modelOf(context, monitor, versionOf(facts) ?? version);
  const looking: Looking = { monitor, window, log, asked, reference, model, now: at === undefined ? now : Math.min(window.to, now), created: now, python, watching };
  const seen = await look(context, looking);
  const { facts, mainDrift: drift, performance: figures, problems } = seen;
  const id = resultId(monitor.name, window);
  const made = (program: typeof seen.program): KeptResult => {
    const checks = runChecks(monitor, { ...seen, program });
    return {
      format: 1, id, monitor: monitor.name, model: monitor.model ?? null, created: now, duration: (performance.now() - began) / 1000, window: { ...window, rows: facts.rows },
      reference: { text: reference.text, rows: drift?.reference.rows ?? figures.value?.referenceRows ?? 0, from: reference.from, to: reference.to },
      outcome: worstOf(checks.map(({ outcome }) => outcome)), reasons: [...reasonsOf(checks), ...notesOf(facts)], checks, drift, performance: figures.value,
      versions: facts.versions, latency: facts.latency, rules: facts.rules, asked: { log, window: asked, reference: reference.place },
    };
  };
  const folder = path.join(context.workspace, '.runyard', 'monitoring', monitor.name);
  const program = await runPrograms(context, looking, { file: path.join(folder, `${id}.asked.json`), found: made(seen.program) });
  return { result: made(program), version: versionOf(facts) ?? version, problems };
}

/** What the log left out, as sentences. */
function notesOf({ unreadable, future }: LogFacts): string[] {
  return [
    ...unreadable.slice(0, 3).map(({ file, why }) => `${file} could not be read and is left out: ${why}`), ...(unreadable.length > 3 ? [`${unreadable.length - 3} more files could not be read`] : []),
    ...(future > 0 ? [`${future} ${future === 1 ? 'row lies' : 'rows lie'} in the future and ${future === 1 ? 'is' : 'are'} in no window`] : []),
  ];
}

/** The one that answered most. */
function versionOf({ versions }: LogFacts): number | null {
  const live = versions.filter(({ role }) => role === 'live').sort((a, b) => b.rows - a.rows);
  return live[0]?.version ?? null;
}

const liveAt = ({ registry }: MonitoringContext, { model }: MonitorConfig, t: number): number | null => {
  const [name, environment] = model?.split('@') ?? [];
  return name === undefined || environment === undefined ? null : registry.at(name, environment, t);
};

/** The model that answered, which tells how much depends on each column; nothing where it isn't known or its file isn't here. */
function modelOf(context: MonitoringContext, { model }: MonitorConfig, version: number | null): ModelSpec | undefined {
  const [name] = model?.split('@') ?? [];
  if (name === undefined || version === null) return undefined;
  try {
    return context.findModel({ registered: `${name}/${version}` });
  } catch (error) {
    if (!(error instanceof RunyardError)) throw error;
    context.log.info(`${name} version ${version} isn't asked for what it depends on: ${error.message}`);
    return undefined;
  }
}
