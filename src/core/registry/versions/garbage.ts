/** Weights that no version needs any more. */
import { renameSync } from 'node:fs';
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../base/errors';
import { modelVersion } from '../documents';
import { manifest } from '../live/pointer';
import type { Ledger, RegistryContext } from '../types';
import type { Catalog } from './catalog';
import { isDigest, PART, weightsBelow, weightsDir } from './weights';

/** `objects`: files; `bytes`: what the disk gets back; `why`: why nothing was collected, or ''. */
export interface Collected { objects: number; bytes: number; why: string }
export interface CollectOptions { context: RegistryContext; ledger: Ledger; catalog(): Catalog; /** being registered right now */ arriving: ReadonlySet<string>; dryRun: boolean }

/**
 * Folders that no version of the ledger names (of those that aren't deleted), no record, no pointer, and that never were live: a roll back may want those. Nothing goes while the
 * ledger isn't whole: a lost line may be the one that needs it.
 */
export async function collectWeights({ context, ledger, catalog, arriving, dryRun }: CollectOptions): Promise<Collected> {
  const collected: Collected = { objects: 0, bytes: 0, why: '' };
  const [fault] = ledger.verify().faults;
  if (fault) {
    const why = `the ledger isn't whole (${fault.message}): no weights are collected`;
    context.log.warn(why);
    return { ...collected, why };
  }
  const root = weightsDir(context.workspace);
  const needed = await neededDigests(context, catalog());
  for (const digest of await names(root)) {
    if (!isDigest(digest) || needed.has(digest)) continue;
    const folder = path.join(root, digest);
    let [objects, bytes] = [0, 0];
    for (const name of await names(folder, true)) {
      const facts = await lstat(path.join(folder, name));
      if (!facts.isFile()) continue;
      objects++;
      bytes += facts.size;
    }
    // Looked at again, and put aside in one go: a version may have been registered meanwhile.
    if (arriving.has(digest) || catalog().all().some((one) => one.facts.digest === digest && !one.deleted)) continue;
    collected.objects += objects;
    collected.bytes += bytes;
    if (dryRun) continue;
    const aside = path.join(root, `${PART}gone-${digest}`);
    renameSync(folder, aside);
    await rm(aside, { recursive: true, force: true });
  }
  return collected;
}

async function neededDigests({ workspace, store }: RegistryContext, catalog: Catalog): Promise<Set<string>> {
  const needed = catalog.moved();
  for (const { facts, deleted } of catalog.all()) if (!deleted) needed.add(facts.digest);
  // A version that an MLflow client made of one of ours has its files there.
  for (const { doc } of store.records.list('modelVersion')) {
    const kept = weightsBelow(/^mlflow-artifacts:(?:\/\/[^/]*)?(.*)$/.exec(modelVersion.parse(doc).location)?.[1] ?? '');
    if (kept) needed.add(kept.digest);
  }
  for (const digest of await pointed(path.join(workspace, '.runyard', 'models'), catalog)) needed.add(digest);
  return needed;
}

/** Versions that a pointer's manifest names, whatever the ledger says of them. */
async function pointed(root: string, catalog: Catalog): Promise<string[]> {
  const digests: string[] = [];
  for (const model of await names(root)) {
    for (const environment of await names(path.join(root, model))) {
      const found = await manifestIn(path.join(root, model, environment));
      const known = found && catalog.get(found.model, found.version);
      if (known) digests.push(known.facts.digest);
    }
  }
  return digests;
}

async function manifestIn(folder: string): Promise<{ model: string; version: number } | null> {
  try {
    return manifest.safeParse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error))) return null;
    throw error;
  }
}

async function names(folder: string, recursive = false): Promise<string[]> {
  try {
    return await readdir(folder, { recursive });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }
}
