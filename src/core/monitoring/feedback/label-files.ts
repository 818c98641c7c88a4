/** Labels that were imported: a Parquet file an import, each whole or not there. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import { readColumns, writeColumns } from '../../evaluation/data/columnar';
import type { Values } from '../../evaluation/data/types';
import { textAt } from './keys';

/** `prediction`, `version` and `time` (ms): of the log's row, so that nobody has to look there again; null where the log doesn't say. `right`: the prediction is the label; null of a number. */
export interface Label { request: string; row: number; label: string; prediction: string | null; right: boolean | null; version: number | null; time: number | null }
/** `t`: when it was imported, ms since the epoch. */
export interface ImportedLabel extends Label { t: number; by: string }

const FILE = /^labels-.*\.parquet$/;

/** Whole and on the disk when it returns its path. Later imports have names that sort later, also within a millisecond and after a clock that went back. */
export async function writeLabels(folder: string, labels: readonly Label[], { t, by }: { t: number; by: string }): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `labels-${String(await after(folder, t)).padStart(14, '0')}-${randomBytes(4).toString('hex')}.parquet`);
  const beside = `${file}.part`;
  const numbers = (of: (label: Label) => number | null, type: 'int' | 'float'): Values => ({ type, values: Float64Array.from(labels, (label) => of(label) ?? NaN), missing: Uint8Array.from(labels, (label) => (of(label) === null ? 1 : 0)) });
  const texts = (of: (label: Label) => string | null): Values => ({ type: 'string', values: labels.map((label) => of(label) ?? ''), missing: Uint8Array.from(labels, (label) => (of(label) === null ? 1 : 0)) });
  try {
    await writeColumns(beside, {
      request: texts(({ request }) => request), row: numbers(({ row }) => row, 'int'), label: texts(({ label }) => label), prediction: texts(({ prediction }) => prediction), right: truths(labels),
      version: numbers(({ version }) => version, 'int'), time: numbers(({ time }) => time, 'int'), t: numbers(() => t, 'int'), by: texts(() => by),
    });
    await synced(beside);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return file;
}

const truths = (labels: readonly Label[]): Values => ({ type: 'bool', values: Uint8Array.from(labels, ({ right }) => (right === true ? 1 : 0)), missing: Uint8Array.from(labels, ({ right }) => (right === null ? 1 : 0)) });

async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The moment of an import, ms; later than that of every other one. */
async function after(folder: string, t: number): Promise<number> {
  const last = (await filesOf(folder)).map((name) => Number(/^labels-(\d{14})-[0-9a-f]{8}\.parquet$/.exec(name)?.[1] ?? -1));
  return Math.max(0, Math.round(t), ...last.map((one) => one + 1));
}

export interface LabelFiles { labels: ImportedLabel[]; /** files that can't be read, and why: left out */ unreadable: { file: string; why: string }[] }

/** All imports, oldest first. No folder is no labels. A file of another writer needs `request` and `label`; without `row` it is the request's first. */
export async function readLabelFiles(folder: string): Promise<LabelFiles> {
  const found: LabelFiles = { labels: [], unreadable: [] };
  for (const name of await filesOf(folder)) {
    const file = path.join(folder, name);
    try {
      take(found.labels, (await readColumns(file)).columns, file);
    } catch (error) {
      if (!(error instanceof RunyardError) || error.code === 'cancelled') throw error;
      found.unreadable.push({ file, why: error.message.split('\n')[0] ?? '' });
    }
  }
  return found;
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => FILE.test(name)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function take(into: ImportedLabel[], columns: Record<string, Values>, file: string): void {
  const { request, label } = columns;
  if (!request || !label) throw new RunyardError('bad_input', `it has no column ${request ? 'label' : 'request'}`, `write it as ${path.basename(file)} is documented`);
  const number = (name: string, row: number): number | null => {
    const column = columns[name];
    const value = column && !column.missing?.[row] ? Number(column.values[row]) : NaN;
    return Number.isFinite(value) ? value : null;
  };
  const text = (name: string, row: number): string | null => (columns[name] ? textAt(columns[name], row) : null);
  const truth = (name: string, row: number): boolean | null => (columns[name]?.type === 'bool' && !columns[name].missing?.[row] ? Number(columns[name].values[row]) === 1 : null);
  for (let row = 0; row < request.values.length; row++) {
    const [of, is] = [textAt(request, row), textAt(label, row)];
    if (of === null || is === null) continue;
    into.push({ request: of, row: number('row', row) ?? 0, label: is, prediction: text('prediction', row), right: truth('right', row), version: number('version', row), time: number('time', row), t: number('t', row) ?? 0, by: text('by', row) ?? '' });
  }
}
