/** How the parts of monitoring know each other. Times in ms since the epoch (UTC), periods in seconds. */
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { LoadedConfig } from '../config/load';
import type { Store } from '../store/store';
import type { Reporting } from '../evaluation/service/for-monitoring';
import type { JobTable as LongQuestions } from '../evaluation/service/jobs';
import type { ModelSpec } from '../../protocol/evaluation/request';
import type { MonitoringEvents } from '../../protocol/monitoring';
import type { Person } from '../../protocol/registry';

/** What the parts are made of. */
export interface MonitoringContext {
  workspace: string; store: Store; log: Log; clock: Clock;
  loaded(): LoadedConfig;
  /** a job in a process of its own; the rest of its params is filled in */
  work: Reporting['work'];
  /** a short question to the process that stays */
  ask: Reporting['ask'];
  jobs: LongQuestions;
  /** who asks, as git knows them, unless they say */
  identity(by?: Person): Promise<Person>;
  /** the model with its file on this disk in place of a name of the registry's */
  findModel(spec: ModelSpec): ModelSpec;
  registry: LiveModels;
  changed(what: MonitoringEvents['monitoring']['what'], monitors?: readonly string[]): void;
  alerted(event: MonitoringEvents['alert']): void;
}

/** What monitoring needs of the registry. */
export interface LiveModels {
  /** version that was live then; null: none */
  at(model: string, environment: string, t: number): number | null;
  /** moves of an environment, oldest first: t and version that is live from then on */
  moves(model: string, environment: string): { t: number; version: number; what: 'promoted' | 'forced' | 'rolledBack' }[];
  /** rolls back where runyard.yaml has autoRollback.onAlert for it; what came of it, null where it isn't switched on */
  alert(model: string, environment: string, text: string): Promise<string | null>;
}
