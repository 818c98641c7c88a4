/** The registry as the engine offers it. */
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { RunyardError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { LoadedConfig } from '../../config/load';
import type { Evaluations } from '../../evaluation/service/service';
import type { Store } from '../../store/store';
import type { EngineEvents } from '../../../protocol/engine';
import { registryMethods } from '../../../protocol/registry';
import type { RegistryHandlers } from './handlers';

export interface RegistryOptions {
  workspace: string; store: Store; log: Log; clock: Clock;
  loaded(): LoadedConfig;
  evaluations: Evaluations;
  onProgress(progress: EngineEvents['evaluating']): void;
  onChanged(change: EngineEvents['registry']): void;
  onAttention(what: EngineEvents['attention']): void;
}
export interface RegistryService extends Disposable { handlers: RegistryHandlers; busy(): boolean }

export function createRegistryService(_: RegistryOptions): RegistryService {
  const none = Object.keys(registryMethods).map((name) => [name, () => Promise.reject(new RunyardError('unsupported', `this engine doesn't know ${name}`))]);
  return { handlers: Object.fromEntries(none) as RegistryHandlers, busy: () => false, dispose: () => undefined };
}
