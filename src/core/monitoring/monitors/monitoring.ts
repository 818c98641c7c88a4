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
  /** a run goes on, a hook does, or a schedule is due */
  busy(): boolean;
  /** Tells doors that monitors may be others. */
  configChanged(): void;
  noteAlert: Alerting['note'];
}

/** `timing`: of the ticker, for tests. */
export function watching(context: MonitoringContext, timing?: { every?: number; after?: number }): Watch {
  const { store, workspace, log, jobs } = context;
  const all = disposables();
  const results = openResults({ workspace, records: store.records, log });
  const alerts = all.add(alerting(context, results));
  const schedules = openSchedules(context);
  const runs = createRuns(context, { results, alerts, schedules });
  let ended = false;

  /** One batch at a time; what is missed meanwhile is due in the next. */
  async function tick(): Promise<void> {
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

  all.add({ dispose: () => { ended = true; } });
  all.add(startTicker({ log, tick }, timing));
  return {
    handlers: { ...monitorHandlers(context, { results, alerts, schedules, runs }), ...alerts.handlers },
    busy: () => alerts.busy() || schedules.due().length > 0, configChanged: () => context.changed(['config']), noteAlert: alerts.note, dispose: () => all.dispose(),
  };
}
