/** What retraining needs of the rest. */
import type { Evaluating } from '../../evaluation/service/evaluating';
import type { RegistryHandlers } from '../../registry/service/handlers';
import type { Tracker } from '../../tracking/tracker';
import type { Person } from '../../../protocol/registry';

export interface RetrainingParts {
  tracker: Pick<Tracker, 'ready' | 'launch' | 'stop' | 'folder' | 'ingestNow'>;
  evaluating: Pick<Evaluating, 'run'>;
  registry: Pick<RegistryHandlers, 'registry.register' | 'registry.gate' | 'registry.promote'>;
  /** tells it among the events of an alert */
  noteAlert(alert: string, text: string, by: Person): void;
}
