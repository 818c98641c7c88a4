/** Monitors and alerts put together: what is asked of them, and what runs by itself. */
import { randomUUID } from 'node:crypto';
import { disposables, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import { alerting, type Alerting } from '../alerts/alerting';
import { openSchedules } from '../schedule/schedules';
import { startTicker } from '../schedule/ticker';
import type { MonitoringContext } from '../types';
import { monitorHandlers, type MonitorHandlers } from './handlers';
import { openResults } from './keep';
import { createRuns } from './runs';

export interface Watch extends Disposable {
  handlers: MonitorHandlers & Alerting['handlers'];
  /** a hook or a way back goes on, or a schedule is due */
  busy(): boolean;
  /** a schedule is due, or will be within so many seconds */
  soon(within: number): boolean;
  /** Tells doors that monitors may be others. */
  configChanged(): void;
  noteAlert: Alerting['note'];
}

/** A file that is being saved may be away, empty or half there for a moment: only then is what it lacks gone. */
const SETTLE_MS = 2000;

/** `timing`: of the ticker, for tests. */
export function watching(context: MonitoringContext, timing?: { every?: number; after?: number; settle?: number }): Watch {
  const { store, workspace, log, jobs } = context;
  const all = disposables();
  const results = openResults({ workspace, records: store.records, log });
  const alerts = all.add(alerting(context, results));
  const schedules = openSchedules(context);
  const runs = createRuns(context, { results, alerts, schedules });
  let ended = false;

  /** ms of performance.now() from which on runyard.yaml is believed; null: it is known what it has */
  let settling: number | null = 0;
  /** What became of monitors that runyard.yaml no longer has. */
  function settle(): void {
    settling = null;
    const { monitors, broken } = context.loaded().config.monitoring;
    // Behind what can't be read any name may stand.
    if (broken.some(({ name }) => name === null)) return;
    const names = new Set([...Object.keys(monitors), ...broken.map(({ name }) => name ?? '')]);
    schedules.settle(names);
    alerts.leave(names);
  }

  /** One batch at a time; what is missed meanwhile is due in the next. */
  async function tick(): Promise<void> {
    if (settling !== null && performance.now() >= settling) settle();
    alerts.wakeUp();
    const due = schedules.due().filter(({ name }) => !runs.running(name));
    if (due.length === 0 || ended) return;
    log.info(`monitors that are due: ${due.map(({ name }) => name).join(', ')}`);
    const t = Math.round(context.clock() * 1000);
    try {
      await jobs.run(`schedule:${randomUUID()}`, undefined, (watched) => runs.run(due, { at: undefined, python: undefined, watching: watched }, { join: true }));
    } catch (error) {
      // With the engine's end they stay due; a person who stops them means it.
      if (ended) return;
      for (const monitor of schedules.due()) schedules.ran(monitor, { t, problem: `the last run was stopped: ${describeError(error)}` });
    }
  }

  if (context.loaded().file !== null) settle();
  all.add({ dispose: () => { ended = true; } });
  all.add(startTicker({ log, tick }, timing));
  return {
    handlers: { ...monitorHandlers(context, { results, alerts, schedules, runs }), ...alerts.handlers },
    busy: () => alerts.busy() || schedules.due().length > 0, soon: schedules.soon, noteAlert: alerts.note, dispose: () => all.dispose(),
    configChanged() {
      settling = performance.now() + (timing?.settle ?? SETTLE_MS);
      context.changed(['config']);
    },
  };
}
