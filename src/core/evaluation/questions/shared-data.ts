/** Data that stay open between questions: a panel asks page after page, and texts are read into a table only once. */
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { openData } from '../data/open';
import type { Data } from '../data/types';
import type { Place } from '../process/jobs';

/** `users`: questions that read it now. */
interface Shared { key: string; opening: Promise<Data>; folder: string; users: number; last: boolean }
export interface Lent extends AsyncDisposable { data: Data }

/** One process has one of these lists: the last data that were asked for, and older ones as long as a question reads them. */
const open = new Set<Shared>();
const PREFIX = '.tmp-data-';
let made = 0;

/** As `openData`; what was opened before is lent again if its files are as they were then. It stays until other data are asked for or the process ends. */
export async function lendData(spec: DataSpec, place: Place, signal?: AbortSignal): Promise<Lent> {
  const key = JSON.stringify([place.workspace, spec]);
  const known = [...open].find((one) => one.key === key && one.last);
  if (known) {
    known.users++;
    const data = await known.opening.catch(() => null);
    if (data && (await unchanged(data))) return lent(known, data);
    known.last = false;
    await giveBack(known);
  }
  const folder = path.join(path.dirname(place.temp), `${PREFIX}${process.pid}-${made++}`);
  const own: Shared = { key, folder, users: 1, last: true, opening: prepared(folder).then(() => openData(spec, { workspace: place.workspace, temp: folder, signal, ...(place.memory !== undefined && { memory: place.memory }) })) };
  const before = [...open];
  open.add(own);
  for (const other of before) {
    other.last = false;
    if (other.users === 0) await close(other);
  }
  try {
    return lent(own, await own.opening);
  } catch (error) {
    own.last = false;
    await giveBack(own);
    throw error;
  }
}

function lent(shared: Shared, data: Data): Lent {
  return { data, [Symbol.asyncDispose]: () => giveBack(shared) };
}

async function giveBack(shared: Shared): Promise<void> {
  shared.users--;
  if (shared.users === 0 && !shared.last) await close(shared);
}

async function close(shared: Shared): Promise<void> {
  if (!open.delete(shared)) return;
  await (await shared.opening.catch(() => null))?.[Symbol.asyncDispose]();
  await rm(shared.folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Closes what no question reads. */
export async function closeShared(): Promise<void> {
  for (const one of [...open]) {
    one.last = false;
    if (one.users === 0) await close(one);
  }
}

/** Size and time tell; bytes that changed behind the back of both would need reading all of them for each page. */
async function unchanged({ files, bytes, changed }: Data): Promise<boolean> {
  try {
    const found = await Promise.all(files.map((file) => stat(file)));
    return found.reduce((sum, { size }) => sum + size, 0) === bytes && Math.round(Math.max(...found.map(({ mtimeMs }) => mtimeMs))) === changed;
  } catch (error) {
    if (error instanceof Error && systemCode(error) !== '') return false;
    throw error;
  }
}

let prepares = false;

/** The folder, gone with this process; those of processes that were killed are taken away. */
async function prepared(folder: string): Promise<void> {
  if (!prepares) {
    prepares = true;
    process.once('exit', () => { for (const one of open) rmSync(one.folder, { recursive: true, force: true }); });
  }
  const beside = path.dirname(folder);
  for (const name of await readdir(beside).catch((): string[] => [])) {
    const owner = new RegExp(`^\\${PREFIX}(\\d+)-`).exec(name);
    if (owner && !alive(Number(owner[1]))) await rm(path.join(beside, name), { recursive: true, force: true, maxRetries: 3 });
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new RunyardError(systemCode(error) === 'ENOSPC' ? 'disk_full' : 'refused', `${folder} can't be made (${systemCode(error)})`, 'free some space, or make the folder writable', { cause: error });
  });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
