/** Other clones' entries come with a pull, or with a shared disk: looked for while the engine runs. Looked at rather than watched: network disks send no notices. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Disposable } from '../../base/disposable';
import { describeError, systemCode } from '../../base/errors';
import type { Log } from '../../base/log';

const LOOK_MS = 2000;

export interface Pulls { log: Log; /** where chains lie, as runyard.yaml has it by now */ folders(): readonly string[]; /** our own chain's file name, which we write */ own: string; /** takes in what is there */ refresh(): void }

/** Takes in others' chains once they are other files than before. A folder that is away is waited for. */
export function watchPulls({ log, folders, own, refresh }: Pulls, interval = LOOK_MS): Disposable {
  let before: string | null = null;
  let told = '';
  let timer: NodeJS.Timeout;
  let over = false;
  const look = async (): Promise<void> => {
    try {
      const now = await stampOf(folders(), own);
      if (over || now === before) return;
      refresh();
      before = now;
      told = '';
    } catch (error) {
      const text = `the ledger's folders can't be looked at: ${describeError(error)}`;
      if (text !== told) log.warn(text);
      told = text;
    }
  };
  const next = (): void => {
    timer = setTimeout(() => { void look().finally(() => { if (!over) next(); }); }, interval).unref();
  };
  next();
  return { dispose() { over = true; clearTimeout(timer); } };
}

/** What changes when a chain is written, comes or goes. */
async function stampOf(folders: readonly string[], own: string): Promise<string> {
  const all = await Promise.all(folders.map(async (folder) => {
    const names = (await unlessGone(readdir(folder)) ?? []).filter((name) => name.endsWith('.jsonl') && name !== own).sort();
    return Promise.all(names.map(async (name) => {
      const facts = await unlessGone(stat(path.join(folder, name)));
      return facts ? `${folder} ${name} ${facts.size} ${facts.mtimeMs} ${facts.ino}` : '';
    }));
  }));
  return all.flat().join('\n');
}

async function unlessGone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null;
    throw error;
  }
}
