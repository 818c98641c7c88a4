/** Everything that a source of an exchange holds, as plain data to compare. */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type NodeSqlite from 'node:sqlite';
import { Exact, type Json } from '../../src/core/exchange/json';
import type { Artifact, Source } from '../../src/core/exchange/model';

export interface Held {
  experiments: Record<string, unknown>; runs: Record<string, unknown>; models: Record<string, unknown>; registered: Record<string, unknown>;
  traces: Record<string, unknown>; datasets: Record<string, unknown>;
}

export async function collect(source: Source): Promise<Held> {
  const held: Held = { experiments: {}, runs: {}, models: {}, registered: {}, traces: {}, datasets: {} };
  for await (const experiment of source.experiments()) {
    held.experiments[experiment.name] = experiment;
    for await (const run of source.runs(experiment)) {
      const points: unknown[] = [];
      for await (const batch of source.points(run)) points.push(...batch.map(({ key, value, time, step }) => `${key} ${step} ${time} ${value}`));
      held.runs[run.id] = { ...run, points: [...new Set(points)].sort(), files: await files(source.artifacts({ kind: 'run', of: run })) };
    }
    for await (const model of source.models(experiment)) held.models[model.id] = { ...model, files: await files(source.artifacts({ kind: 'model', of: model })) };
    for await (const trace of source.traces(experiment)) held.traces[trace.id] = { ...trace, files: await files(source.artifacts({ kind: 'trace', of: trace })) };
  }
  for await (const model of source.registered()) held.registered[model.name] = model;
  for await (const dataset of source.evaluationDatasets()) held.datasets[dataset.name] = dataset;
  return plain(held);
}

async function files(list: AsyncIterable<Artifact>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const file of list) {
    const hash = createHash('sha256');
    for await (const part of await file.open()) hash.update(part as Uint8Array);
    found[file.path] = hash.digest('hex').slice(0, 16);
  }
  return found;
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value, (_key, one: Json) => (typeof one === 'bigint' ? `${one}n` : one instanceof Exact ? one.digits : typeof one === 'number' && !Number.isFinite(one) ? String(one) : one))) as T;

const fixtures = path.resolve(import.meta.dirname, '../fixtures/mlflow');

/** A copy of the folder that MLflow's file store wrote (test/fixtures/mlflow/make.py), to read or to break. */
export function mlrunsFixture(into: string): string {
  const folder = path.join(into, 'mlruns');
  cpSync(path.join(fixtures, 'mlruns'), folder, { recursive: true });
  return folder;
}

/** The database of a server, and the folder beside it in which that kept artifacts. */
export function databaseFixture(into: string): string {
  const file = path.join(into, 'mlflow.db');
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof NodeSqlite;
  const db = new DatabaseSync(file);
  db.exec(readFileSync(path.join(fixtures, 'database.sql'), 'utf8'));
  db.close();
  cpSync(path.join(fixtures, 'mlartifacts'), path.join(into, 'mlartifacts'), { recursive: true });
  return file;
}

/** What is each store's own affair: numbers of experiments, where files lie, when something was last written. */
const OWN = new Set(['artifacts', 'experiment', 'updated', 'experiments', 'trace_location', 'mlflow.artifactLocation', 'mlflow.trace.spansLocation', 'mlflow.trace.infoFinalized', '_mlflow_experiment_ids',
  'doc', 'dataset_record_id', 'dataset_id', 'created_time', 'last_update_time', 'created_by', 'last_updated_by', 'links']);

/** What two stores that hold the same have in common, in one order. */
export function comparable(held: Held): Held {
  const strip = (value: unknown, top: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => strip(one, false)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => top || !OWN.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, strip(one, false)]));
  };
  const experiments = Object.fromEntries(Object.entries(held.experiments).map(([name, one]) => {
    const { id: _id, created, ...rest } = one as { id: unknown; created: unknown };
    // Every store makes its own Default.
    return [name, name === 'Default' ? rest : { ...rest, created }];
  }));
  const datasets = Object.fromEntries(Object.entries(held.datasets).map(([name, one]) => [name, { ...(one as object), id: null }]));
  return Object.fromEntries(Object.entries({ ...held, experiments, datasets }).map(([kind, things]) => [kind, strip(things, true)])) as unknown as Held;
}
