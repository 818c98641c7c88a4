/** What the engine knows of monitors, alerts, serving logs and retrainings, asked when something is shown of it and kept until it changes: for the tree, the status bar, the marks in runyard.yaml and picks alike. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { AlertDetail, AlertRow, BrokenEntry, FeedbackSummary, MonitorRow, RetrainingRow, ServingLog } from '../../protocol/monitoring';
import type { Engine } from '../engine';
import { bySeverity } from './order';

export interface MonitoringOverview {
  monitors: readonly MonitorRow[];
  /** what runyard.yaml has of monitors, serving and retraining, and can't be read */
  broken: readonly BrokenEntry[];
  /** the ones that are not resolved, the most severe first */
  open: readonly AlertRow[];
  /** the newest ones that are */
  resolved: readonly AlertRow[];
  onCall: string | null;
  logs: readonly ServingLog[];
  retrainings: readonly RetrainingRow[];
  /** by NAME@ENVIRONMENT; those that have a log */
  feedback: ReadonlyMap<string, FeedbackSummary>;
}

export interface MonitoringFacts extends vscode.Disposable {
  /** Something of it may be other than before. */
  readonly onChange: vscode.Event<void>;
  /** All of it; nothing where nothing is kept here. @throws RunyardError where the engine can't say what is watched */
  overview(): Promise<MonitoringOverview>;
  /** One alert with what happened to it. @throws RunyardError not_found */
  alert(id: string): Promise<AlertDetail>;
  /** Forgets what was told. */
  refresh(): void;
}

export interface FactsOptions { engine: Engine; log: vscode.LogOutputChannel; hasStore(): Promise<boolean> }

/** A run of ten monitors is told of in ten pieces: one change. */
const QUIET_MS = 150;
/** As many resolved alerts are looked back at. */
const MOST_ALERTS = 200;
const NOTHING_WATCHED: MonitoringOverview = { monitors: [], broken: [], open: [], resolved: [], onCall: null, logs: [], retrainings: [], feedback: new Map() };

export function createMonitoringFacts({ engine, log, hasStore }: FactsOptions): MonitoringFacts {
  const changes = new vscode.EventEmitter<void>();
  const alerts = new Map<string, Promise<AlertDetail>>();
  let known: Promise<MonitoringOverview> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const forget = (): void => {
    known = undefined;
    alerts.clear();
    clearTimeout(timer);
    timer = setTimeout(() => changes.fire(), QUIET_MS);
  };
  /** What is beside the monitors may be missing without taking them along. */
  const orElse = <T>(what: string, empty: T, ask: Promise<T>): Promise<T> => ask.catch((error: unknown) => {
    log.debug(`nothing is known of ${what}: ${describeError(error)}`);
    return empty;
  });
  const ask = async (): Promise<MonitoringOverview> => {
    if (!(await hasStore())) return NOTHING_WATCHED;
    const [{ monitors, broken, onCall }, all, served, retrained] = await Promise.all([
      engine.request('monitors.list', {}),
      engine.request('alerts.list', { state: 'all', limit: MOST_ALERTS }),
      orElse('serving logs', { logs: [], broken: [] }, engine.request('serving.logs', {})),
      orElse('retrainings', { retrainings: [], broken: [] }, engine.request('retraining.list', {})),
    ]);
    const feedback = await Promise.all(served.logs.map(({ model }) => orElse(`feedback on ${model}`, undefined, engine.request('feedback.summary', { model }))));
    return {
      monitors, onCall, logs: served.logs, retrainings: retrained.retrainings,
      // The file as a whole is in each list.
      broken: [...broken, ...[...served.broken, ...retrained.broken].filter(({ section }) => section !== null)],
      open: all.alerts.filter(({ state }) => state !== 'resolved').sort(bySeverity),
      resolved: all.alerts.filter(({ state }) => state === 'resolved').sort((a, b) => (b.resolved ?? 0) - (a.resolved ?? 0)),
      feedback: new Map(feedback.flatMap((one) => (one ? [[one.model, one] as const] : []))),
    };
  };
  const subscriptions = [
    engine.onMonitoring(forget), engine.onAlert(forget),
    // A promotion or a roll back is another model that is watched.
    engine.onRegistry(forget),
    engine.onChanged((event) => { if (event.config) forget(); }),
    engine.onState((state) => { if (state === 'ready') forget(); }),
  ];
  return {
    onChange: changes.event,
    overview() {
      if (known) return known;
      const answer = ask();
      known = answer;
      answer.catch(() => { if (known === answer) known = undefined; });
      return answer;
    },
    alert(id) {
      const before = alerts.get(id);
      if (before) return before;
      const answer = engine.request('alerts.get', { alert: id });
      alerts.set(id, answer);
      answer.catch(() => { if (alerts.get(id) === answer) alerts.delete(id); });
      return answer;
    },
    refresh: forget,
    dispose() {
      clearTimeout(timer);
      for (const one of [...subscriptions, changes]) one.dispose();
    },
  };
}
