/** The variables that make MLflow's client log into a workspace, as shells and files write them. Pure. */

export interface MlflowAddress { uri: string; token: string }

/** An engine that is gone is back within seconds or stays away: a client that waits for minutes only holds up training. */
const PATIENCE = { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '3', MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '1' };

const addressVariables = ({ uri, token }: MlflowAddress): Record<string, string> => ({ MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token });

/** What a terminal gets. RUNYARD_MLFLOW_URI tells an address of ours from one that a person set. */
export const terminalVariables = (address: MlflowAddress): Record<string, string> => ({ ...addressVariables(address), RUNYARD_MLFLOW_URI: address.uri, ...PATIENCE });

/** The tracking server that a person set for their terminals themselves; undefined where there is none, or it is one of ours from the terminal that the editor was started in. */
export function ownServer(...environments: readonly Readonly<Record<string, string | null | undefined>>[]): string | undefined {
  for (const { MLFLOW_TRACKING_URI: uri, RUNYARD_MLFLOW_URI: ours } of environments) if (uri && uri !== ours) return uri;
  return undefined;
}

export type Notation = 'uri' | 'shell' | 'powershell' | 'dotenv' | 'notebook';

/** The address to paste somewhere else. */
export function notate(address: MlflowAddress, notation: Notation): string {
  const pairs = Object.entries(addressVariables(address));
  switch (notation) {
    case 'uri': return address.uri;
    case 'shell': return pairs.map(([name, value]) => `export ${name}=${value}\n`).join('');
    case 'powershell': return pairs.map(([name, value]) => `$env:${name} = '${value}'\n`).join('');
    case 'dotenv': return pairs.map(([name, value]) => `${name}=${value}\n`).join('');
    case 'notebook': return pairs.map(([name, value]) => `%env ${name}=${value}\n`).join('');
  }
}
