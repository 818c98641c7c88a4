/** Alerts as the engine keeps them: changed with the results that change them, told once, and acted on by people. */
import { disposables, type Disposable } from '../../base/disposable';
import { RunyardError } from '../../base/errors';
import { newRunId } from '../../base/ids';
import type { MonitorConfig } from '../../config/monitoring';
import type { AlertEvent, AlertRow, ResultSummary } from '../../../protocol/monitoring';
import type { Person } from '../../../protocol/registry';
import type { MonitoringHandlers } from '../service/handlers';
import type { MonitoringContext } from '../types';
import type { Results } from '../monitors/keep';
import { openAlerts, type AlertBook } from './book';
import { alertDetail } from './detail';
import { isOpen, standingOf, withEvent, withStanding, type AlertDoc } from './document';
import { ended, foldAlerts, type Change } from './fold';
import { createHooks } from './hooks';
import { act, wake } from './machine';
import { onCallAt } from './on-call';
import { payloadOf, type HookEvent } from './payload';
import { trailsOf } from './trail';

type AlertMethod = 'alerts.list' | 'alerts.get' | 'alerts.act' | 'alerts.incident';
export interface Alerting extends Disposable {
  handlers: Pick<MonitoringHandlers, AlertMethod>;
  book: AlertBook;
  /** Inside the transaction that keeps the result. `known`: the monitor's results without it. */
  fold(monitor: MonitorConfig, result: ResultSummary, how: { known: readonly ResultSummary[]; version: number | null }): { changes: Change[]; alerts: string[] };
  /** After the transaction: whoever wants to hear of it. */
  tell(monitor: MonitorConfig, changes: readonly Change[]): void;
  /** An event among an alert's; nothing where there is no such alert. */
  note(alert: string, text: string, by: Person | null, what?: AlertEvent['what']): void;
  /** Snoozes that are over, where it still fails. */
  wakeUp(): void;
  /** Ends those of monitors that runyard.yaml no longer has: `names` are those that it has. Who had hooks there has taken them out with the monitor. */
  leave(names: ReadonlySet<string>): void;
  /** whether a hook or a way back goes on */
  busy(): boolean;
}

/** Results that are looked back through for what a check found before. */
const LOOK_BACK = 250;
const GONE = 'its monitor is no longer in runyard.yaml';

export function alerting(context: MonitoringContext, results: Results): Alerting {
  const { store, workspace, log, clock } = context;
  const all = disposables();
  const book = openAlerts(store.records);
  const hooks = all.add(createHooks({ workspace, log, ended: (alert, text) => note(alert, text, null, 'hook') }));
  const now = (): number => Math.round(clock() * 1000);
  const monitorOf = (name: string): MonitorConfig | undefined => context.loaded().config.monitoring.monitors[name];
  let goingBack = 0;
  /** when the next snooze is over; undefined: it has to be looked up */
  let nextWake: number | null | undefined;

  function put(doc: AlertDoc): void {
    book.put(doc);
    nextWake = undefined;
  }
  const note: Alerting['note'] = (alert, text, by, what = 'retraining') => {
    const doc = book.find(alert);
    if (!doc) return;
    book.put(withEvent(doc, { t: now(), what, by, text }));
    context.changed(['alerts'], [doc.row.monitor]);
  };

  function hear(monitor: MonitorConfig | undefined, row: AlertRow, event: HookEvent, { by = null, reason = '' }: { by?: string | null; reason?: string } = {}): void {
    hooks.tell(monitor?.hooks ?? [], payloadOf(row, event, { by, reason, runbook: monitor?.runbook ?? '' }));
  }

  /** The registry goes back where runyard.yaml says so: once for a model, whatever else opened with it. */
  function goBack(changes: readonly Change[]): void {
    const critical = changes.filter(({ told, doc }) => told === 'opened' && doc.row.severity === 'critical' && doc.row.model !== null);
    const first = new Map(critical.map(({ doc }) => [doc.row.model, doc.row] as const).reverse());
    for (const [model, row] of first) {
      const [name = '', environment = ''] = (model ?? '').split('@');
      goingBack++;
      context.registry.alert(name, environment, `${row.monitor}: ${row.text}`).then((text) => { if (text !== null) note(row.id, text, null, 'rolledBack'); }, (error: unknown) => log.error(`${model ?? ''} could not go back by itself`, error)).finally(() => { goingBack--; });
    }
  }

  const handlers: Alerting['handlers'] = {
    'alerts.list': async ({ state, monitor, limit }) => ({ alerts: (state === 'open' ? book.open(monitor) : book.all(monitor)).slice(0, limit).map(({ row }) => row) }),
    'alerts.get': ({ alert }) => alertDetail(context, results, book.get(alert)),
    async 'alerts.act'({ alert, action, until, reason, by }) {
      const words = reason.trim();
      if (words === '' && (action === 'snooze' || action === 'resolve')) throw new RunyardError('bad_input', `to ${action} an alert needs a reason`, 'say why: it stays with the alert');
      if (action === 'snooze' && (until === undefined || until <= now())) throw new RunyardError('bad_input', until === undefined ? 'to snooze an alert needs a time until when' : 'the snooze would be over already', 'give a time that lies ahead');
      const person = await context.identity(by);
      const { row, changed } = store.records.together(() => change(alert, { action, until: until ?? 0, reason: words, by: person }));
      if (changed) {
        if (action !== 'reopen') hear(monitorOf(row.monitor), row, action === 'acknowledge' ? 'acknowledged' : action === 'snooze' ? 'snoozed' : 'resolved', { by: person.name, reason: words });
        context.changed(['alerts'], [row.monitor]);
      }
      return row;
    },
    async 'alerts.incident'({ alert, by, ...said }) {
      if (Object.values(said).every((one) => one === undefined)) throw new RunyardError('bad_input', 'the incident note says nothing', 'give when, what, cause or action');
      const person = await context.identity(by);
      const row = store.records.together(() => {
        const doc = book.get(alert);
        const t = now();
        const { when = '', what = '', cause = '', action = '' } = doc.row.incident ?? {};
        const incident = { when: said.when ?? when, what: said.what ?? what, cause: said.cause ?? cause, action: said.action ?? action, by: person, t };
        const after = withEvent({ ...doc, row: { ...doc.row, incident, updated: t } }, { t, what: 'incident', by: person, text: incident.what });
        put(after);
        return after.row;
      });
      context.changed(['alerts'], [row.monitor]);
      return row;
    },
  };

  interface Acting { action: 'acknowledge' | 'snooze' | 'resolve' | 'reopen'; until: number; reason: string; by: Person }
  function change(ref: string, { action, until, reason, by }: Acting): { row: AlertRow; changed: boolean } {
    const doc = book.get(ref);
    const { monitor, key, id } = doc.row;
    if (action === 'reopen' && doc.row.resolution === GONE && !monitorOf(monitor)) throw new RunyardError('conflict', `the alert ${id.slice(0, 8)} can't be opened again: ${GONE}`, `write ${monitor} there again: it begins anew`);
    const seen = results.list(monitor, 1)[0]?.window.from ?? doc.counted;
    const twin = action === 'reopen' && !isOpen(doc) ? book.open(monitor).find(({ row }) => row.key === key) : undefined;
    if (twin) throw new RunyardError('conflict', `another alert of the same check is open: ${twin.row.id.slice(0, 8)}`, 'look after that one');
    const after = act(standingOf(doc), action === 'snooze' ? { action, until } : action === 'reopen' ? { action, seen } : { action });
    if (after === 'refused') throw new RunyardError('conflict', `the alert ${id.slice(0, 8)} is resolved`, `open it again first: runyard alerts reopen ${id.slice(0, 8)}`);
    if (after === null) return { row: doc.row, changed: false };
    const t = now();
    const what = ({ acknowledge: 'acknowledged', snooze: 'snoozed', resolve: 'resolved', reopen: 'reopened' } as const)[action];
    const next = withStanding({ ...doc, settled: action === 'resolve' ? seen : null }, after, { updated: t, resolved: action === 'resolve' ? t : null, resolution: action === 'resolve' ? reason : null });
    const said = action === 'snooze' ? `until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${reason}` : reason;
    const kept = withEvent(next, { t, what, by, text: said });
    put(kept);
    return { row: kept.row, changed: true };
  }

  return {
    handlers, book, note,
    fold(monitor, result, { known, version }) {
      const t = now();
      const folded = foldAlerts({ monitor, result, known, alerts: book.all(monitor.name), now: t, version, onCall: onCallAt(context.loaded().config.monitoring.onCall, t), newId: newRunId });
      for (const { doc } of folded.changes) put(doc);
      return folded;
    },
    tell(monitor, changes) {
      for (const { doc: { row }, told } of changes) {
        if (told === null) continue;
        context.alerted({ alert: row, what: told });
        hear(monitor, row, told);
      }
      goBack(changes);
    },
    wakeUp() {
      nextWake ??= book.open().reduce<number | null>((first, { row }) => (row.snoozedUntil !== null && (first === null || row.snoozedUntil < first) ? row.snoozedUntil : first), null);
      const t = now();
      if (nextWake === null || t < nextWake) return;
      for (const doc of book.open().filter(({ row }) => row.snoozedUntil !== null && row.snoozedUntil <= t)) {
        const awake = wake(standingOf(doc), trailsOf(results.list(doc.row.monitor, LOOK_BACK)).get(doc.row.key) ?? [], t);
        if (!awake) continue;
        const after = withEvent(withStanding(doc, awake, { updated: t }), { t, what: 'woke', by: null, text: 'it was snoozed, and still fails' });
        put(after);
        context.alerted({ alert: after.row, what: 'woke' });
        hear(monitorOf(after.row.monitor), after.row, 'woke');
        context.changed(['alerts'], [after.row.monitor]);
      }
      // Those that pass again, or can't be told, are looked at with the next result.
      nextWake = book.open().map(({ row }) => row.snoozedUntil ?? Infinity).filter((until) => until > t && until < Infinity).sort((a, b) => a - b)[0] ?? null;
    },
    leave(names) {
      const over = book.open().filter(({ row }) => !names.has(row.monitor)).map((doc) => ended(doc, now(), GONE));
      if (over.length === 0) return;
      store.records.together(() => { for (const doc of over) put(doc); });
      for (const { row } of over) context.alerted({ alert: row, what: 'resolved' });
      context.changed(['alerts'], [...new Set(over.map(({ row }) => row.monitor))]);
    },
    busy: () => hooks.busy() || goingBack > 0, dispose: () => all.dispose(),
  };
}
