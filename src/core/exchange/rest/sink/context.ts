/** What the parts of the sink into a server share. */
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { RunyardError, systemCode } from '../../../base/errors';
import { filesBelow } from '../../folder/files';
import type { Ids } from '../../ids';
import type { Json } from '../../json';
import type { Artifact, LoggedModel, Owner, Run, Tags, Tally } from '../../model';
import { MlflowRefusal, type MlflowClient } from '../client';
import { encodePath, proxiedPath, PROXY, serverFiles } from '../files';
import type { ServerSource } from '../source';

export interface SinkContext {
  client: MlflowClient;
  /** the same server, read */
  there: ServerSource;
  ids: Ids;
  /** experiments (by our id) that are in the trash on both sides: nothing in them changes any more */
  settled: Set<string>;
  /** our id of a run or model → what the server has of it */
  runs: Map<string, Run>;
  models: Map<string, LoggedModel>;
  /** a server of our own on this machine writes to folders: files go there themselves */
  local: boolean;
  /** tags that name what isn't there yet: (run or model) on the server, key, our text */
  ahead: { kind: 'run' | 'model'; id: string; key: string; value: string }[];
  trash: { runs: Set<string>; experiments: Set<string> };
  notes: Set<string>;
}

export const tagList = (tags: Tags): Json => Object.entries(tags).map(([key, value]) => ({ key, value }));

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Tags of ours that the other side lacks or has otherwise. One that it cut short, as servers do with long ones, is what it can have. */
export const changedTags = (ours: Tags, theirs: Tags): Tags => Object.fromEntries(Object.entries(ours).filter(([key, value]) => theirs[key] !== value && !isCut(value, theirs[key])));
const LEAST_CUT = 250;
const isCut = (ours: string, theirs: string | undefined): boolean => theirs !== undefined && theirs.length >= LEAST_CUT && ours.startsWith(theirs);

const TRIES = 4;

/** Makes a thing that the server names itself. Where an answer was lost, it is looked for first: made again, there would be two. */
export async function makeOnce<T>(make: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await make();
    } catch (error) {
      const unheard = error instanceof MlflowRefusal ? error.status >= 500 : error instanceof RunyardError && error.code === 'engine_unreachable';
      if (!unheard || attempt >= TRIES) throw error;
      const found = await find();
      if (found !== undefined) return found;
    }
  }
}

/**
 * Copies what the server lacks, or has in another size. `address` is where the run or model keeps its files there.
 * Returns how many went over. A file that can't be read or is refused is told; the rest goes on.
 */
export async function putFiles(context: SinkContext, owner: Owner, files: AsyncIterable<Artifact>, { fresh, tally }: { fresh: boolean; tally: Tally }): Promise<number> {
  const address = owner.of.artifacts;
  const put = putter(context, address);
  const have = new Map<string, number | null>();
  if (!fresh && put) for await (const file of context.local && localFolder(address) ? localFiles(localFolder(address) ?? '') : serverFiles(context.client, owner)) have.set(file.path, file.size);
  let count = 0;
  for await (const file of files) {
    if (!put) {
      tally.fault(`files of ${owner.kind} ${owner.of.id}`, `the server keeps them at ${address}, which can't be written through it: start it with --serve-artifacts`);
      return count;
    }
    // A size that the source can't tell is no reason to send the file again.
    if (have.has(file.path) && (file.size === null || have.get(file.path) === file.size)) continue;
    try {
      await put(file);
      count += 1;
      tally.file(file.path, file.size ?? 0);
    } catch (error) {
      if (error instanceof RunyardError && ['cancelled', 'engine_unreachable'].includes(error.code)) throw error;
      tally.fault(`${file.path} of ${owner.kind} ${owner.of.id}`, error instanceof Error ? error.message : String(error));
    }
  }
  return count;
}

function putter({ client, local }: SinkContext, address: string): ((file: Artifact) => Promise<void>) | null {
  const root = proxiedPath(address);
  if (root !== null && root !== '') {
    return (file) => client.upload(`${PROXY}/${encodePath(`${root}/${file.path}`)}`, { stream: () => file.open(), size: file.size, type: 'application/octet-stream' });
  }
  const folder = localFolder(address);
  return local && folder !== null ? (file) => putLocal(folder, file) : null;
}

function localFolder(address: string): string | null {
  if (address.startsWith('file:///')) return fileURLToPath(address);
  return path.isAbsolute(address) ? address : null;
}

async function putLocal(folder: string, file: Artifact): Promise<void> {
  const target = path.join(folder, ...file.path.split('/'));
  const part = `${target}.${process.pid}.part`;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    if (file.size === 0) await writeFile(part, '');
    else await pipeline(await file.open(), createWriteStream(part));
    await copyFile(part, target);
  } finally {
    await rm(part, { force: true });
  }
}

async function* localFiles(folder: string): AsyncGenerator<Artifact> {
  try {
    await stat(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  yield* filesBelow(folder, () => undefined);
}

