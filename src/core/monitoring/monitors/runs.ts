/** Runs of monitors: one at a time for each, kept with what they do to alerts. */
import { describeError, RunyardError } from '../../base/errors';
import type { MonitorConfig } from '../../config/monitoring';
import type { Watching } from '../../evaluation/service/jobs';
import type { AlertRow, MonitoringResults, ResultSummary } from '../../../protocol/monitoring';
import type { Alerting } from '../alerts/alerting';
import type { MonitoringContext } from '../types';
import type { Schedules } from '../schedule/schedules';
import type { Results } from './keep';
import { runMonitor, type Ran } from './run';
import { summaryOf, worstOf } from './summary';

export type RunAnswer = MonitoringResults['monitors.run'];
export interface Asking { at: number | undefined; python: string | undefined; watching: Watching }
/** What one monitor came to. */
interface One { summary: ResultSummary | null; opened: AlertRow[]; resolved: AlertRow[]; failed: RunAnswer['failed'] }

export interface Runs {
  /** One after another. Throws conflict where one of them runs already, unless `join`: then what that run comes to is taken. `about`: whose open alerts count, theirs unless said; `failed`: of those that can't even begin. */
  run(monitors: readonly MonitorConfig[], asking: Asking, how?: { join?: boolean; about?: readonly string[]; failed?: RunAnswer['failed'] }): Promise<RunAnswer>;
  running(monitor: string): boolean;
}

/** Results that are looked back through for what a check found before. */
const LOOK_BACK = 250;

export function createRuns(context: MonitoringContext, { results, alerts, schedules }: { results: Results; alerts: Alerting; schedules: Schedules }): Runs {
  const { store, log, clock } = context;
  const going = new Map<string, Promise<One>>();

  /** Result, alerts and the schedule's mark together, or none of them. */
  function keep(monitor: MonitorConfig, { result, version, problems }: Ran, began: number, scheduled: boolean): One {
    results.write(result);
    const problem = problems[0] ?? null;
    const { summary, changes } = store.records.together(() => {
      const since = schedules.since(monitor.name) ?? -Infinity;
      const known = results.list(monitor.name, LOOK_BACK).filter(({ id, created }) => id !== result.id && created > since);
      const draft = summaryOf(result, []);
      const folded = alerts.fold(monitor, draft, { known, version });
      const whole = { ...draft, alerts: folded.alerts };
      results.put(whole);
      schedules.ran(monitor, { t: scheduled ? began : null, problem: problem && describeError(problem) });
      return { summary: whole, changes: folded.changes };
    });
    results.tidy(monitor.name);
    alerts.book.tidy(monitor.name);
    alerts.tell(monitor, changes);
    context.changed(changes.length > 0 ? ['results', 'alerts'] : ['results'], [monitor.name]);
    const rows = (told: string): AlertRow[] => changes.filter((one) => one.told === told).map(({ doc }) => doc.row);
    return { summary, opened: rows('opened'), resolved: rows('resolved'), failed: problem ? [{ monitor: monitor.name, message: problem.message, hint: problem.hint }] : [] };
  }

  async function one(monitor: MonitorConfig, { at, python, watching }: Asking): Promise<One> {
    const began = Math.round(clock() * 1000);
    context.changed(['config'], [monitor.name]);
    try {
      const ran = await runMonitor(context, monitor, { at, python, watching });
      if (schedules.gone(monitor.name)) throw new RunyardError('not_found', `the monitor ${monitor.name} was taken out of runyard.yaml while it ran`, 'nothing of that run is kept');
      return keep(monitor, ran, began, at === undefined);
    } catch (error) {
      if (watching.signal.aborted || (error instanceof RunyardError && error.code === 'cancelled')) throw error;
      log.warn(`the monitor ${monitor.name} could not run: ${describeError(error)}`);
      schedules.ran(monitor, { t: at === undefined ? began : null, problem: describeError(error) });
      context.changed(['config'], [monitor.name]);
      const { message, hint } = error instanceof RunyardError ? error : new RunyardError('internal', describeError(error), 'see the log of the engine');
      return { summary: null, opened: [], resolved: [], failed: [{ monitor: monitor.name, message, hint }] };
    }
  }

  function start(monitor: MonitorConfig, asking: Asking): Promise<One> {
    const done = one(monitor, asking).finally(() => { going.delete(monitor.name); });
    going.set(monitor.name, done);
    return done;
  }

  return {
    running: (monitor) => going.has(monitor),
    async run(monitors, asking, { join = false, about = monitors.map(({ name }) => name), failed = [] } = {}) {
      const busy = monitors.find(({ name }) => going.has(name));
      if (busy && !join) throw new RunyardError('conflict', `the monitor ${busy.name} runs already`, 'wait until it is done, or stop that run');
      const found: One[] = [];
      for (const [i, monitor] of monitors.entries()) {
        asking.watching.progress(monitor.name, i, monitors.length);
        // Another may have begun it meanwhile.
        found.push(await (going.get(monitor.name) ?? start(monitor, asking)));
      }
      return answerOf([...found, ...failed.map((one): One => ({ summary: null, opened: [], resolved: [], failed: [one] }))], about.flatMap((name) => alerts.book.open(name)).some(({ row }) => row.state === 'open'));
    },
  };
}

/** Fail where a monitor fails or an alert is open that nobody looks after; cannot tell where one could not run. */
function answerOf(found: readonly One[], open: boolean): RunAnswer {
  const results = found.flatMap(({ summary }) => summary ?? []);
  const failed = found.flatMap((one) => one.failed);
  const outcome = open ? 'fail' : found.length === 0 ? 'pass' : worstOf([...results.map((one) => one.outcome), ...failed.map(() => 'cannot tell' as const)]);
  return { results, opened: found.flatMap((one) => one.opened), resolved: found.flatMap((one) => one.resolved), outcome, failed };
}
