/** Monitoring as the engine offers it: its parts put together. */
import type { Clock } from '../../base/clock';
import { disposables, type Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import type { LoadedConfig } from '../../config/load';
import { createJobTable } from '../../evaluation/service/jobs';
import type { Reporting } from '../../evaluation/service/for-monitoring';
import type { Store } from '../../store/store';
import type { EngineEvents } from '../../../protocol/engine';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { FeedbackSummary } from '../../../protocol/monitoring';
import type { Person } from '../../../protocol/registry';
import { drifting } from '../drift/handlers';
import { logging } from '../log/handlers';
import { feedbackForGates, feedingBack } from '../feedback/handlers';
import { reviewing } from '../review/handlers';
import { watching } from '../monitors/monitoring';
import { retraining as retrainingOf } from '../retrain/service';
import type { RetrainingParts } from '../retrain/types';
import type { LiveModels, MonitoringContext } from '../types';
import type { MonitoringHandlers } from './handlers';

export interface MonitoringOptions {
  workspace: string; store: Store; log: Log; clock: Clock; loaded(): LoadedConfig;
  reporting: Reporting; registry: LiveModels;
  /** what a retraining does: runs, versions, evaluations, moves */
  retraining: Omit<RetrainingParts, 'noteAlert'>;
  findModel(spec: ModelSpec): ModelSpec;
  identity(by?: Person): Promise<Person>;
  onProgress(progress: EngineEvents['evaluating']): void;
  onChanged(change: EngineEvents['monitoring']): void;
  onAlert(event: EngineEvents['alert']): void;
}
export interface Monitoring extends Disposable {
  handlers: MonitoringHandlers;
  /** whether a long question is being answered, or a schedule waits */
  busy(): boolean;
  /** whether the schedule of a monitor or of a retraining is due, or will be within so many seconds */
  soon(within: number): boolean;
  /** for the registry's gates: see GateParts there */
  feedback(asked: { model: string; environment: string; since: number | null; version: number | null }): Promise<FeedbackSummary | null>;
  /** runyard.yaml is another one */
  configChanged(): void;
}

export function createMonitoring(options: MonitoringOptions): Monitoring {
  const { workspace, store, log, clock, loaded, reporting, registry, findModel, identity } = options;
  const all = disposables();
  const jobs = all.add(createJobTable(options.onProgress));
  const context: MonitoringContext = {
    workspace, store, log, clock, loaded, jobs, registry, findModel, identity, work: reporting.work, ask: reporting.ask,
    changed(what, monitors = []) {
      options.onChanged({ what, monitors: [...monitors] });
      if (what.some((one) => one === 'results' || one === 'feedback')) retraining.consider();
    },
    alerted: options.onAlert,
  };
  const monitors = all.add(watching(context));
  const retraining = all.add(retrainingOf(context, { ...options.retraining, noteAlert: (alert, text, by) => monitors.noteAlert(alert, text, by) }));
  return {
    handlers: { ...logging(context), ...drifting(context, reporting), ...monitors.handlers, ...feedingBack(context), ...reviewing(context), ...retraining.handlers },
    busy: () => jobs.busy() || monitors.busy() || retraining.busy(), soon: (within) => monitors.soon(within) || retraining.soon(within), configChanged: () => { monitors.configChanged(); retraining.consider(); }, dispose: () => all.dispose(),
    feedback: (asked) => feedbackForGates(context, asked),
  };
}
