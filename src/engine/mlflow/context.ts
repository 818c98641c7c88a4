/** What MLflow's endpoints work on. */
import type { Socket } from 'node:net';
import type { Clock } from '../../core/base/clock';
import type { Log } from '../../core/base/log';
import type { RegistryClients } from '../../core/registry/versions/clients';
import type { Store } from '../../core/store/store';
import type { Tracker } from '../../core/tracking/tracker';

export interface MlflowContext {
  store: Store;
  tracker: Tracker;
  /** absolute, links resolved */
  workspace: string;
  clock: Clock;
  log: Log;
  /** what clients' words about models mean to the registry of ours; nothing where it is left out */
  registry?: RegistryClients | undefined;
  /** Tells the doors that what there is has changed: runs with these ids, and which experiments there are. */
  changed(runs: readonly string[]): void;
  /** A client has spoken of its run, over this connection: the run is its own for as long as the client lives. */
  spoke(run: string, socket: Socket): void;
}
