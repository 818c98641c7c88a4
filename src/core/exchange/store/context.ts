import type { Store } from '../../store/store';
import type { Tracker } from '../../tracking/tracker';
import type { Ids } from '../ids';

export interface StoreSinkOptions {
  store: Store; tracker: Pick<Tracker, 'folder' | 'ingestNow'>; workspace: string;
  /** seconds */
  clock(): number;
  signal?: AbortSignal;
  /** how long a run that was written may take until the engine has taken it in */
  patienceMs?: number;
}

/** What the parts of the sink into the store share. */
export interface StoreContext extends StoreSinkOptions {
  ids: Ids;
  /** the source's experiment → ours */
  experiments: Map<string, { id: number; name: string }>;
}
