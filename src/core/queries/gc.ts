/** What the trash holds, and giving its space back. */
import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../base/errors';
import type { GcReport } from '../../protocol/engine';
import { folderOf, type QueryContext } from './context';

/**
 * Trashed runs that nobody pinned, with their folders, and objects that no remaining run's artifact names and no other artifact is. With `dryRun` only
 * told. `kept` names the trashed runs that a pin keeps. `bytes` is what the disk gets back: a file that is also linked elsewhere
 * counts with its object. The store forgets a run before its folder goes, so that what is cut off leaves no run without files. `weights` collects the files of
 * versions of models that nobody needs: the registry knows which; they count with the objects.
 */
export async function collectGarbage(context: QueryContext, dryRun: boolean, weights?: (dryRun: boolean) => Promise<{ objects: number; bytes: number }>): Promise<GcReport> {
  const { store } = context;
  const trash = store.trash();
  const { rows } = store.search({ filter: '', orderBy: [], limit: 50_000, offset: 0, view: 'trashed', columns: [] });
  const report: GcReport = { dryRun, runs: [], objects: 0, bytes: 0, kept: rows.filter((row) => row.pinned).map((row) => row.name) };
  for (const { id, name } of trash) {
    const folder = folderOf(context, id);
    const bytes = await bytesUnder(folder);
    if (!dryRun) {
      store.purgeRun(id);
      await rm(folder, { recursive: true, force: true });
    }
    report.runs.push({ id, name, bytes });
    report.bytes += bytes;
  }
  const going = new Set(dryRun ? trash.map(({ id }) => id) : []);
  const used = dryRun ? digestsWithout(context, going) : store.usedDigests();
  // Files of no run (logged models, traces) are their objects by another name, where the file system has links.
  const linked = new Set((await filesUnder(path.join(context.workspace, '.runyard', 'artifacts'))).filter(({ facts }) => facts.nlink > 1).map(({ facts }) => facts.ino));
  for (const object of await filesUnder(path.join(context.workspace, '.runyard', 'objects'))) {
    if (used.has(path.basename(object.file)) || linked.has(object.facts.ino) || object.file.endsWith('.part')) continue;
    report.objects++;
    report.bytes += object.facts.size;
    if (!dryRun) await rm(object.file, { force: true });
  }
  const more = await weights?.(dryRun);
  return more ? { ...report, objects: report.objects + more.objects, bytes: report.bytes + more.bytes } : report;
}

/** What the store will need once those runs are gone. */
function digestsWithout({ store }: QueryContext, going: ReadonlySet<string>): Set<string> {
  return new Set(store.runIds().filter((id) => !going.has(id)).flatMap((id) => store.artifacts(id).map(({ digest }) => digest)));
}

async function bytesUnder(folder: string): Promise<number> {
  const files = await filesUnder(folder);
  return files.reduce((sum, { facts }) => sum + (facts.nlink > 1 ? 0 : facts.size), 0);
}

/** Plain files below a folder; links aren't followed. A folder that isn't there has none. */
async function filesUnder(folder: string): Promise<{ file: string; facts: Stats }[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    return await Promise.all(files.map(async (file) => ({ file, facts: await lstat(file) })));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
