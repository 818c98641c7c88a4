/** Copies between MLflow's stores and this workspace, as they cross the engine's socket. */
import * as z from 'zod';

export const KINDS = ['experiments', 'runs', 'models', 'registered', 'traces', 'datasets'] as const;
/** Kinds of things: `models` are logged models, `registered` the registry's with their versions, `datasets` those for evaluation. */
export type Kind = (typeof KINDS)[number];
/** made: it wasn't there; completed: it wasn't there whole; same: nothing was to do. */
export interface Count { made: number; completed: number; same: number; failed: number }
export interface CopyFailure { where: string; why: string }
/** What a copy came to. `failures` are the first some hundred; `failed` counts all. */
export interface CopyReport {
  from: string; to: string; counts: Record<Kind, Count>; points: number; files: number; bytes: number;
  failed: number; failures: CopyFailure[];
  /** what one side holds and the other can't, in plain words */
  leftOut: string[];
}
export interface CopyProgress { kind: Kind | 'links'; done: number; /** what is being copied */ what: string; points: number; files: number; bytes: number; failed: number }

/** Who the person is to a server that asks: MLFLOW_TRACKING_TOKEN, _USERNAME and _PASSWORD of the caller's environment. */
const credentials = z.object({ token: z.string().optional(), username: z.string().optional(), password: z.string().optional() }).default({});
/** The caller's name for a copy: its progress carries it, and it is stopped by it. */
const job = z.string().min(1).max(100);

export const importParams = z.object({
  /** an address, or the absolute path of an mlruns folder or an mlflow.db */
  from: z.string().min(1),
  /** absolute paths of folders in which the source keeps files, where it lies elsewhere than beside it */
  artifacts: z.array(z.string()).default([]),
  job, credentials,
});
export const exportParams = z.object({
  /** the address of a server, or the absolute path of a folder or an SQLite file, which need not be there yet */
  to: z.string().min(1),
  /** the Python whose mlflow writes folders and files; default: the workspace's */
  python: z.string().optional(),
  /** where to look for it: the caller's */
  path: z.string().default(''),
  job, credentials,
});
export const stopParams = z.object({ job });
