/** Folders of evaluations: made beside, put in place by a rename, so that none is ever half there. */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { disposable, type Disposable } from '../../base/disposable';
import { describeError, RunyardError, systemCode } from '../../base/errors';
import type { Log } from '../../base/log';
import { sendSignal } from '../../tracking/process';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import { isEvaluationId, parseDocument } from './document';

const PART = '.tmp-';
/** An evaluation that is being replaced waits under this until the new one is in place. */
const OLD = '.old-';
export const DOCUMENT = 'evaluation.json';
/** Data that an evaluator keeps open between questions lie under its process's number; one that is ended for nobody asks any more can't take them along. */
const KEPT_OPEN = /^\.tmp-data-(\d+)-/;
const IDLE_MS = 90_000;

export interface Folders {
  readonly root: string;
  path(id: string): string;
  /** Ids of the folders that are there. */
  ids(): Promise<string[]>;
  /** Gives work a folder of its own, which is gone when it ends. Throws disk_full, refused. */
  aside<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Puts a folder in the place of this evaluation's. */
  put(folder: string, id: string): Promise<void>;
  /** Undefined where there is none. Throws store_corrupt. */
  read(id: string): Promise<EvaluationDoc | undefined>;
  remove(id: string): Promise<void>;
}

/** Also takes away what an engine that was killed left behind. */
export function openFolders(workspace: string, log: Log, idleMs = IDLE_MS): Folders & Disposable & { /** once the leftovers are gone */ swept: Promise<void> } {
  const root = path.join(workspace, '.runyard', 'evaluations');
  const at = (id: string): string => path.join(root, id);
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      sweepEnded(root, log).catch((error: unknown) => log.warn(`${root} can't be looked at: ${describeError(error)}`));
    }, idleMs).unref();
  };
  const aside: Folders['aside'] = async (work) => {
    const folder = await made(root);
    try {
      return await work(folder);
    } finally {
      await takeAway(folder, log);
      rest();
    }
  };
  return {
    root, aside, path: at, swept: sweep(root, log), ...disposable(() => clearTimeout(idle)),
    ids: async () => (await namesIn(root)).filter(isEvaluationId),
    async put(folder, id) {
      const old = path.join(root, `${OLD}${id}`);
      const replaces = existsSync(at(id));
      if (replaces) await rename(at(id), old);
      try {
        await rename(folder, at(id));
      } catch (error) {
        if (replaces) await rename(old, at(id));
        throw error;
      }
      if (replaces) await rm(old, { recursive: true, force: true });
    },
    async read(id) {
      try {
        return parseDocument(await readFile(path.join(at(id), DOCUMENT), 'utf8'), id);
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined;
        throw error;
      }
    },
    remove: (id) => aside(async (folder) => {
      try {
        await rename(at(id), path.join(folder, id));
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
      }
    }),
  };
}

async function made(root: string): Promise<string> {
  try {
    await mkdir(root, { recursive: true });
    return await mkdtemp(path.join(root, PART));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOSPC') throw new RunyardError('disk_full', 'no space for the evaluation', 'free some space on the disk of the workspace', { cause: error });
    throw new RunyardError('refused', `${root} can't be written (${code})`, 'make the folder writable', { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** What is there now is nobody's: looked at before anything is begun here, taken away meanwhile. */
async function sweep(root: string, log: Log): Promise<void> {
  const names = existsSync(root) ? readdirSync(root) : [];
  const dead = names.filter((name) => name.startsWith(PART));
  for (const name of names.filter((one) => one.startsWith(OLD))) {
    const id = name.slice(OLD.length);
    // Its successor didn't come.
    if (isEvaluationId(id) && !names.includes(id)) renameSync(path.join(root, name), path.join(root, id));
    else dead.push(name);
  }
  for (const name of dead) await takeAway(path.join(root, name), log);
}

async function sweepEnded(root: string, log: Log): Promise<void> {
  for (const name of await namesIn(root)) {
    const owner = KEPT_OPEN.exec(name)?.[1];
    if (owner !== undefined && !sendSignal(Number(owner), 0)) await takeAway(path.join(root, name), log);
  }
}

/** What can't be taken away now is at the next start. */
async function takeAway(folder: string, log: Log): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => log.warn(`${path.basename(folder)} can't be taken away: ${describeError(error)}`));
}
