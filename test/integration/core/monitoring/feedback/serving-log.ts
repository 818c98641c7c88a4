// A serving log as anybody may write it, in a folder of its own.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase, text } from '../../../../../src/core/evaluation/data/duckdb';
import { logPlaceOf } from '../../../../../src/core/monitoring/log/place';
import type { LogPlace } from '../../../../../src/core/domain/log-place';

export interface Answered { request: string; row?: number; t: number; version?: number; role?: 'live' | 'canary' | 'shadow'; rules?: string; prediction: string | number; /** of class 'yes' */ yes?: number; age: number | null; city: string }
export interface Workspace { dir: string; temp: string; log: LogPlace; /** places of jobs */ place: { workspace: string; temp: string; python: null }; write(name: string, content: string): string; dispose(): void }

export const MODEL = 'loan@production';
export const watch = { signal: new AbortController().signal, progress: () => undefined };

export function workspace(): Workspace {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-feedback-')));
  const temp = path.join(dir, 'temp');
  mkdirSync(temp);
  return {
    dir, temp, log: logPlaceOf(dir, { model: MODEL }), place: { workspace: dir, temp, python: null },
    write(name, content) {
      const file = path.join(dir, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const literal = (value: string | number | null | undefined): string => (value === null || value === undefined ? 'NULL' : typeof value === 'number' ? String(value) : text(value));

/** Rows of one UTC day as a Parquet file below .runyard/serving. */
export async function writeLog({ dir }: Pick<Workspace, 'dir'>, rows: readonly Answered[]): Promise<void> {
  const [first] = rows;
  const day = new Date(first?.t ?? 0).toISOString().slice(0, 10);
  const folder = path.join(dir, '.runyard', 'serving', 'loan', 'production', `date=${day}`);
  mkdirSync(folder, { recursive: true });
  const database = await createDatabase();
  try {
    await database.use(async (session) => {
      const scored = first?.yes !== undefined;
      await session.run(`CREATE TABLE log (age DOUBLE, city VARCHAR, ry_request VARCHAR, ry_row INTEGER, ry_time TIMESTAMP, ry_version INTEGER, ry_role VARCHAR, ry_latency_ms DOUBLE, ry_rules VARCHAR, ry_prediction ${typeof first?.prediction === 'number' ? 'DOUBLE' : 'VARCHAR'}${scored ? ', ry_p_no DOUBLE, ry_p_yes DOUBLE' : ''})`);
      const lines = rows.map(({ age, city, request, row = 0, t, version = 1, role = 'live', rules = '', prediction, yes = 0 }) =>
        `(${[age, city, request, row].map(literal).join(', ')}, make_timestamp(${Math.round(t * 1000)}), ${[version, role, 1.5, rules, prediction].map(literal).join(', ')}${scored ? `, ${1 - yes}, ${yes}` : ''})`);
      await session.run(`INSERT INTO log VALUES ${lines.join(', ')}`);
      await session.run(`COPY log TO ${text(path.join(folder, `another-${rows.length}-${first?.request ?? ''}.parquet`))} (FORMAT parquet)`);
    });
  } finally {
    database.close();
  }
}
