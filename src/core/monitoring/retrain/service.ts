/** Retraining as the engine offers it: triggers are watched, what they begin is carried to its end, and what went on when an engine died is taken up. */
import { disposable, type Disposable } from '../../base/disposable';
import { describeError, RunyardError } from '../../base/errors';
import { newRunId } from '../../base/ids';
import { brokenIn } from '../../config/entries';
import type { RetrainingConfig } from '../../config/monitoring';
import { nextOfCron } from '../../config/cron';
import type { RetrainingRow, RetrainingRun } from '../../../protocol/monitoring';
import type { Person } from '../../../protocol/registry';
import type { MonitoringHandlers } from '../service/handlers';
import type { MonitoringContext } from '../types';
import { backtesting } from './backtest/service';
import { gatherEvidence, labelCounter, labelsNow, sinceOf } from './evidence';
import { goOn, type Flow } from './flow';
import { openJournal, pastOf, rowOf, type Entry } from './journal';
import { problemOf, retrainingNamed } from './place';
import { coolDownUntil, decide, holdOf, usedOf, type Decision } from './policy';
import { isSoon, nextSchedule, triggerText, type Fired } from './triggers';
import type { RetrainingParts } from './types';

export interface Retraining extends Disposable {
  handlers: Pick<MonitoringHandlers, 'retraining.list' | 'retraining.run' | 'retraining.backtest'>;
  /** Looks at every trigger now; called after monitors ran, labels came or runyard.yaml changed. */
  consider(): void;
  /** whether one goes on */
  busy(): boolean;
  /** whether a schedule among the triggers is due, or will be within so many seconds; not one that was due long ago and is held */
  soon(within: number): boolean;
}
/** Triggers are looked at after so long where nothing asks to and no schedule is due before. */
const LOOK_MS = 60_000;
/** Of one retraining that are listed. */
const LISTED = 50;
const BY_HAND = 'by hand';

export function retraining(context: MonitoringContext, parts: RetrainingParts): Retraining {
  const { store, clock, log } = context;
  const journal = openJournal(store.records);
  const stop = new AbortController();
  const going = new Map<string, Promise<void>>();
  const told = (name: string): void => context.changed(['retraining'], [name]);
  const counted = labelCounter(context);
  const flow: Flow = { context, parts, journal, told };
  const now = (): number => Math.round(clock() * 1000);
  const configured = (): RetrainingConfig[] => Object.values(context.loaded().config.monitoring.retraining);
  const watched = (): RetrainingConfig[] => configured().filter((config) => config.triggers.length > 0 && problemOf(context.loaded().config, config) === null);
  /** ms; null: it has no schedule */
  const due = ({ name, triggers }: RetrainingConfig): number | null => nextSchedule(triggers, { since: sinceOf(context, journal, name, now()), nextOf: nextOfCron });

  function take(id: string): void {
    if (going.has(id) || stop.signal.aborted) return;
    const done = goOn(flow, id, { signal: stop.signal, progress: () => undefined }).then(() => noted(id), (error: unknown) => log.error(`the retraining ${id} could not be carried on`, error)).finally(() => { going.delete(id); });
    going.set(id, done);
  }

  /** The alert that it began from hears what came of it. */
  function noted(id: string): void {
    const entry = journal.get(id);
    if (entry?.alert != null && entry.row.ended !== null) parts.noteAlert(entry.alert, `retraining ${entry.row.name}: ${entry.row.state}: ${entry.row.text}`, entry.by);
  }

  interface Asked extends Fired { by: Person; force: boolean; alert: string | null; labels: number | null }
  function begin(name: string, { trigger, reason, by, force, alert, labels }: Asked, hold: Extract<Decision, { what: 'hold' }> | null): Entry {
    const t = now();
    const entry: Entry = {
      format: 1, step: hold ? 'done' : 'data', by, force, alert, hold: hold?.by ?? null, minutes: 0, labels, data: null, live: null,
      row: { id: newRunId(), name, trigger, reason, t, ended: hold ? t : null, state: hold ? 'held' : 'waiting', run: null, version: null, fresh: null, old: null, text: hold?.text ?? '', window: { from: null, to: null } },
    };
    journal.put(entry);
    log.info(hold ? `the retraining ${name} is held: ${hold.text}` : `the retraining ${name} begins: ${reason}`);
    told(name);
    if (!hold) take(entry.row.id);
    return entry;
  }

  let looking: Promise<void> | null = null;
  let again = false;
  /** One look after another; a look that is asked for meanwhile comes after. */
  function consider(): void {
    if (stop.signal.aborted) return;
    again = looking !== null;
    looking ??= lookAll().catch((error: unknown) => log.warn(`the triggers of retrainings can't be looked at: ${describeError(error)}`)).finally(() => {
      looking = null;
      lookLater();
      if (again) consider();
    });
  }
  async function lookAll(): Promise<void> {
    await parts.tracker.ready;
    for (const config of watched()) {
      if (stop.signal.aborted) return;
      await look(config);
    }
  }
  let timer: NodeJS.Timeout | undefined;
  function lookLater(): void {
    clearTimeout(timer);
    if (stop.signal.aborted) return;
    timer = setTimeout(consider, Math.min(LOOK_MS, ...watched().map((config) => (due(config) ?? Infinity) - now()).filter((ms) => ms > 0)));
    timer.unref();
  }
  async function look(config: RetrainingConfig): Promise<void> {
    const { name } = config;
    const labels = await counted(config);
    const evidence = gatherEvidence(context, journal, config, { now: now(), labels });
    const entries = journal.list(name);
    const decision = decide(config, entries.map(pastOf), evidence);
    if (decision.what === 'nothing') return;
    const [last] = entries;
    // Held for the same reason as before: that is known.
    if (decision.what === 'hold' && (decision.by === 'running' || (last?.hold === decision.by && last.row.trigger === decision.fired.trigger))) return;
    const by = await context.identity();
    begin(name, { ...decision.fired, by, force: false, alert: null, labels }, decision.what === 'hold' ? decision : null);
  }

  function rowFor(config: RetrainingConfig): RetrainingRow {
    const { name, line, model, experiment, triggers, budget } = config;
    const entries = journal.list(name);
    const past = entries.map(pastOf);
    const runs = entries.slice(0, LISTED).map(rowOf);
    return {
      name, line, model, experiment, triggers: triggers.map(triggerText), runs, last: runs.find(({ state }) => state !== 'held') ?? runs[0] ?? null, budget, problem: problemOf(context.loaded().config, config),
      coolDown: coolDownUntil(past, config, now()), used: usedOf(past, now()), next: due(config),
    };
  }

  for (const { row } of journal.list()) if (row.state === 'waiting' || row.state === 'running') take(row.id);
  consider();
  return {
    consider, busy: () => going.size > 0,
    soon: (within) => watched().some((config) => isSoon(due(config), { now: now(), within: within * 1000, look: LOOK_MS })),
    handlers: {
      ...backtesting(context, parts),
      'retraining.list': async () => ({ retrainings: configured().map(rowFor), broken: brokenIn(context.loaded().config.monitoring.broken, 'retraining') }),
      async 'retraining.run'({ name, reason, force, alert, by }): Promise<RetrainingRun> {
        const config = retrainingNamed(context.loaded(), name);
        if (force && reason.trim() === '') throw new RunyardError('bad_input', 'a forced retraining needs a reason', 'say why: --reason TEXT');
        const problem = problemOf(context.loaded().config, config);
        if (problem !== null) throw new RunyardError('bad_input', `the retraining '${name}' can't run: ${problem}`, 'mend it in runyard.yaml');
        const past = journal.list(name).map(pastOf);
        const held = holdOf(past, config, now());
        const fired = { trigger: alert === undefined ? BY_HAND : 'an alert', reason: reason.trim() || 'a person asked for it' };
        const hold = held && (!force || held.by === 'running') ? { what: 'hold' as const, fired, ...held } : null;
        const who = await context.identity(by);
        const labels = await labelsNow(context, config);
        const entry = begin(name, { ...fired, by: who, force, alert: alert ?? null, labels }, hold);
        if (alert !== undefined) parts.noteAlert(alert, hold ? `a retraining (${name}) was asked for and is held: ${hold.text}` : `the retraining ${name} was begun: ${fired.reason}`, who);
        return rowOf(entry);
      },
    },
    ...disposable(() => {
      clearTimeout(timer);
      stop.abort();
    }),
  };
}
