import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Batch, Column, Data, Values } from '../../../../../../src/core/evaluation/data/types';

export const python = process.env.RUNYARD_PYTHON ?? 'python3';

/** A workspace with these files in it. */
export function workspaceWith(files: Record<string, string>): { folder: string; dispose(): void } {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-custom-')));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Columns in memory, read as data are. */
export function rowsOf(columns: Record<string, Values>): Pick<Data, 'rows' | 'columns' | 'read'> {
  const names = Object.keys(columns);
  const rows = columns[names[0] ?? '']?.values.length ?? 0;
  const cut = (values: Values, from: number, to: number): Values => ({ ...values, values: values.values.slice(from, to), ...('big' in values && values.big && { big: values.big.slice(from, to) }), missing: values.missing?.slice(from, to) ?? null }) as Values;
  return {
    rows,
    columns: names.map((name): Column => ({ name, type: columns[name]?.type ?? 'other', stored: '' })),
    async *read({ columns: asked, batch = 1000, signal }): AsyncIterable<Batch> {
      for (let from = 0; from < rows; from += batch) {
        await Promise.resolve(signal?.throwIfAborted());
        const count = Math.min(batch, rows - from);
        yield { from, count, columns: Object.fromEntries(asked.map((name) => [name, cut(columns[name] as Values, from, from + count)])) };
      }
    },
  };
}
