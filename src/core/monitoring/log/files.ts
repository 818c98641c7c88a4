/** Files of a serving log's folder: Parquet by day, and journals that are still being written or were left behind. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../base/errors';
import type { LogWindow } from '../../domain/log-place';

export interface ServingFiles { /** journals without a Parquet file of their id, absolute */ journals: string[]; /** those with one: their rows are in it */ done: string[]; parquet: { day: string; file: string }[] }

const DAY_MS = 86_400_000;
/** The UTC day of a moment in ms since the epoch, '2026-11-21'. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Whether some of a window may lie in a UTC day. */
export function dayWithin(day: string, { from, to, weekdays }: LogWindow): boolean {
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start)) return false;
  return (from === null || start + DAY_MS > from) && (to === null || start < to) && (!weekdays || weekdays.includes(new Date(start).getUTCDay()));
}

/** What there is now. Journals are looked for first: one that is settled meanwhile is then found as Parquet, and told by its id. */
export async function servingFiles(folder: string, wanted: (day: string) => boolean = () => true): Promise<ServingFiles> {
  const open = (await namesIn(path.join(folder, 'open'))).filter((name) => name.endsWith('.jsonl')).sort();
  const parquet: ServingFiles['parquet'] = [];
  const settled = new Set<string>();
  for (const name of (await namesIn(folder)).sort()) {
    const day = /^date=(\d{4}-\d\d-\d\d)$/.exec(name)?.[1];
    if (day === undefined) continue;
    for (const file of (await namesIn(path.join(folder, name))).sort()) {
      if (!file.endsWith('.parquet') || file.startsWith('.')) continue;
      settled.add(file.slice(0, -`-${day}.parquet`.length));
      if (wanted(day)) parquet.push({ day, file: path.join(folder, name, file) });
    }
  }
  const isSettled = (name: string): boolean => settled.has(name.slice(0, -'.jsonl'.length));
  const among = (wanted: boolean): string[] => open.filter((name) => isSettled(name) === wanted).map((name) => path.join(folder, 'open', name));
  return { parquet, journals: among(false), done: among(true) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw error;
  }
}
