/** The words that a run of Runyard's is started with, so that MLflow's client in it logs here with no line changed. */
import type { Store } from '../../core/store/store';
import { readSpec } from '../../core/tracking/run-folder';
import { readAddress } from './address';

export interface ClientEnvironmentOptions { run: string; store: Store; folder: string; /** what is kept of the last engine, where this one doesn't listen yet */ address?: { uri: string; token: string } }

/** Nothing where the run's own environment names another tracking server: that is the user's word. */
export function clientEnvironment({ run, store, folder, address }: ClientEnvironmentOptions): Record<string, string> {
  const own = readSpec(folder)?.env ?? {};
  const outer = { ...process.env, ...own };
  if (own['MLFLOW_TRACKING_URI'] !== undefined) return {};
  const kept = readAddress(store.dir);
  const uri = address?.uri ?? `http://127.0.0.1:${kept.port}`;
  const experiment = store.experimentNamed(store.getRun(run).experiment)?.id;
  const unlessSet = (name: string, value: string): Record<string, string> => (outer[name] === undefined ? { [name]: value } : {});
  const direct = [outer['no_proxy'] ?? outer['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(',');
  return {
    MLFLOW_TRACKING_URI: uri, RUNYARD_MLFLOW_URI: uri, MLFLOW_TRACKING_TOKEN: `${address?.token ?? kept.token}.${run}`,
    ...(experiment === undefined ? {} : { RUNYARD_MLFLOW_EXPERIMENT_ID: String(experiment) }),
    ...(outer['MLFLOW_EXPERIMENT_NAME'] === undefined && experiment !== undefined ? unlessSet('MLFLOW_EXPERIMENT_ID', String(experiment)) : {}),
    // This machine's own port isn't to be asked of a proxy, and nothing of a run leaves the machine by itself.
    NO_PROXY: direct, no_proxy: direct, ...unlessSet('MLFLOW_DISABLE_TELEMETRY', 'true'),
    // An engine that is gone is back within seconds or stays away: a client that waits for minutes only holds up training.
    ...unlessSet('MLFLOW_HTTP_REQUEST_MAX_RETRIES', '3'), ...unlessSet('MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR', '1'),
  };
}
