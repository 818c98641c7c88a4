/** The run of a retraining: started once, waited for, and what it made. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { RetrainingConfig } from '../../config/monitoring';
import { paths } from '../../tracking/run-folder';
import type { RunRow } from '../../../protocol/model';
import { isLive } from '../../../protocol/model';
import type { MonitoringContext } from '../types';
import type { RetrainingParts } from './types';

/** Of a retraining's run; by it the run is found again where the engine died before it wrote which it is. */
export const TAG = 'runyard.retraining';
const LOOK_MS = 250;

/** `configured`: of runyard.yaml; `experiment`: where it is listed, unless under that name. */
export interface RunOf { id: string; configured: string; experiment?: string | undefined; env: Record<string, string>; tag?: string | undefined }

/** The run with that tag, started where there is none. Throws what launching throws. */
export function runOnce({ store }: Pick<MonitoringContext, 'store'>, { tracker }: Pick<RetrainingParts, 'tracker'>, { id, configured, experiment, env, tag = TAG }: RunOf): string {
  const [there] = store.search({ filter: `tags.\`${tag}\` = '${id}'`, orderBy: [], limit: 1, offset: 0, view: 'all' }).rows;
  if (there) return there.id;
  const [run] = tracker.launch({ configured, ...(experiment !== undefined && { experiment }), env, tags: { [tag]: id }, source: 'retraining', seeds: 1 });
  if (run === undefined) throw new RunyardError('internal', `the experiment ${configured} began no run`);
  return run;
}

/** What its script is told: the rows to train on, and when they are from. Nothing tells it of the rows that it is judged by. */
export function environmentOf(workspace: string, train: string, window: { from: number | null; to: number | null }): Record<string, string> {
  const iso = (t: number | null): string => (t === null ? '' : new Date(t).toISOString());
  return { RUNYARD_DATA: path.join(workspace, train), RUNYARD_DATA_FROM: iso(window.from), RUNYARD_DATA_TO: iso(window.to) };
}

/** Minutes that a run has taken, from its start on; what it waited doesn't count. */
export const minutesOf = ({ started, ended }: Pick<RunRow, 'started' | 'ended'>, now: number): number => (started === null ? 0 : Math.max(0, (ended ?? now) - started) / 60);

/** Resolves when the run is over; `look` is told of it now and then. Throws cancelled. */
export async function waitFor({ store }: Pick<MonitoringContext, 'store'>, run: string, { signal, look }: { signal: AbortSignal; look(row: RunRow): void }): Promise<RunRow> {
  for (;;) {
    refuseStopped(signal);
    const row = store.getRun(run);
    look(row);
    if (!isLive(row.state)) return row;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }
}

/** The artifact by its path below the run's artifacts: the one that is named, else the newest .onnx. Throws not_found that says what there is. */
export async function artifactOf(folder: string, { artifact }: Pick<RetrainingConfig, 'artifact'>): Promise<string> {
  const root = paths.artifacts(folder);
  const all = await filesBelow(root);
  if (artifact !== undefined) {
    if (all.some(({ file }) => file === artifact || file.startsWith(`${artifact}/`))) return artifact;
    throw new RunyardError('not_found', `the run left no artifact ${artifact}`, all.length > 0 ? `it left ${names(all)}` : HINT);
  }
  const models = all.filter(({ file }) => /\.onnx$/i.test(file)).sort((a, b) => b.changed - a.changed || a.file.localeCompare(b.file));
  const [newest] = models;
  if (newest) return newest.file;
  throw new RunyardError('not_found', 'the run left no .onnx file among its artifacts', all.length > 0 ? `it left ${names(all)}: name one with artifact:` : HINT);
}

const HINT = 'let it log its model: runyard.log_model(path)';
const names = (all: readonly { file: string }[]): string => `${all.slice(0, 10).map(({ file }) => file).join(', ')}${all.length > 10 ? ' ...' : ''}`;

async function filesBelow(root: string): Promise<{ file: string; changed: number }[]> {
  try {
    const found = await readdir(root, { recursive: true, withFileTypes: true });
    return await Promise.all(found.filter((one) => one.isFile()).map(async (one) => {
      const file = path.join(one.parentPath, one.name);
      return { file: path.relative(root, file).split(path.sep).join('/'), changed: (await stat(file)).mtimeMs };
    }));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
