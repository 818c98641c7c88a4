import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import { openData } from '../../../../../src/core/evaluation/data/open';
import type { Data, OpenOptions, Values } from '../../../../../src/core/evaluation/data/types';
import type { DataSpec } from '../../../../../src/protocol/evaluation/request';

export interface Bench {
  dir: string;
  temp: string;
  /** Writes a file and gives its name. */
  file(name: string, content: string | Uint8Array): string;
  /** Opens files of the folder; closed after the test. */
  open(files: string | string[], rest?: Partial<DataSpec> & { options?: Partial<OpenOptions> }): Promise<Data>;
  /** The same, closed after all tests of the file. */
  keep(files: string | string[]): Promise<Data>;
  /** What opening them is refused with. */
  refused(files: string | string[], rest?: Partial<DataSpec>): Promise<{ code: string; message: string; hint: string }>;
}

/** A folder of a test file's own, and data sets opened there. */
export function bench(): Bench {
  const dir = mkdtempSync(path.join(tmpdir(), 'runyard-data-'));
  const temp = path.join(dir, 'temp');
  const [open, kept]: [Data[], Data[]] = [[], []];
  afterEach(async () => {
    for (const data of open.splice(0)) await data[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    for (const data of kept) await data[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });
  const opened: Bench['open'] = async (files, { options, ...rest } = {}) => {
    const data = await openData({ files: [files].flat(), types: {}, ...rest }, { workspace: dir, temp, ...options });
    open.push(data);
    return data;
  };
  return {
    dir, temp, open: opened,
    async keep(files) {
      const data = await openData({ files: [files].flat(), types: {} }, { workspace: dir, temp });
      kept.push(data);
      return data;
    },
    file(name, content) {
      const whole = path.join(dir, name);
      mkdirSync(path.dirname(whole), { recursive: true });
      writeFileSync(whole, content);
      return name;
    },
    async refused(files, rest) {
      const error = await opened(files, rest).then(() => null, (thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'RunyardError' });
      return error as { code: string; message: string; hint: string };
    },
  };
}

/** Values with null where they are missing: how a person would write them down. */
export function plain(values: Values): (number | string | boolean | null)[] {
  return Array.from(values.values as ArrayLike<number | string>, (value, i) => (values.missing?.[i] ? null : values.type === 'bool' ? value !== 0 : value));
}

export const typesOf = (data: Data): Record<string, string> => Object.fromEntries(data.columns.map(({ name, type }) => [name, type]));

export async function table(data: Data): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const { name } of data.columns) found[name] = plain(await data.column(name));
  return found;
}

/** Statements in a DuckDB of their own, to write files with. */
export async function sql(...statements: string[]): Promise<void> {
  const database = await createDatabase();
  try {
    await database.use(async (session) => {
      for (const statement of statements) await session.run(statement);
    });
  } finally {
    database.close();
  }
}
