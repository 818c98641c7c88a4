/** An mlflow.db: MLflow's SQLite store, opened to be read. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { openForeign, type ForeignDatabase } from '../../store/foreign';
import { filesBelow } from '../folder/files';
import type { Artifact, Fault, Owner, Source } from '../model';
import { placeOf, type Roots } from '../roots';
import { spansIn } from '../trace-files';
import { readModels, readRegistered } from './models';
import { readExperiments, readPoints, readRuns } from './runs';
import { readDatasets, readTraces } from './traces';

export interface DatabaseOptions { file: string; /** where the server that wrote it keeps artifacts */ artifacts?: readonly string[]; fault: Fault }

/** Throws bad_input where it is no database of MLflow's. */
export function databaseSource({ file, artifacts = [], fault }: DatabaseOptions): Source {
  const db = openForeign(file);
  if (!db.tables.has('experiments') || !db.tables.has('runs')) {
    db.close();
    throw new RunyardError('bad_input', `${file} is no database of MLflow's: it has no tables experiments and runs`, 'name the file after sqlite:/// in --backend-store-uri');
  }
  const base = path.dirname(path.resolve(file));
  const roots: Roots = { allowed: [base, ...artifacts], proxied: [...artifacts, path.join(base, 'mlartifacts'), path.join(base, 'mlruns')], base };
  const files = (owner: Owner, told = fault): AsyncGenerator<Artifact> => ownersFiles(owner, roots, told);
  return {
    title: path.resolve(file),
    async *experiments() { for (const one of readExperiments(db)) yield Promise.resolve(one); },
    async *runs(experiment) { for (const one of readRuns(db, experiment.id)) yield Promise.resolve(one); },
    async *points(run) { for (const batch of readPoints(db, run.id)) yield Promise.resolve(batch); },
    async *models(experiment) { for (const one of readModels(db, experiment.id)) yield Promise.resolve(one); },
    async *traces(experiment) {
      for (const one of readTraces(db, experiment.id, fault)) {
        // Before MLflow 3.5 spans lay in a file.
        if (one.spans.length === 0) one.spans = await spansIn(files({ kind: 'trace', of: one }, () => undefined), `trace ${one.id}`, fault);
        yield one;
      }
    },
    async *registered() { for (const one of readRegistered(db)) yield Promise.resolve(one); },
    async *evaluationDatasets() { for (const one of readDatasets(db)) yield Promise.resolve(one); },
    async *artifacts(owner) {
      for await (const one of files(owner)) if (owner.kind !== 'trace' || one.path !== 'traces.json') yield one;
    },
    leftOut: () => Promise.resolve(leftOut(db)),
    dispose: () => db.close(),
  };
}

async function* ownersFiles(owner: Owner, roots: Roots, fault: Fault): AsyncGenerator<Artifact> {
  if (owner.of.artifacts === '') return;
  const place = placeOf(owner.of.artifacts, roots);
  if ('folder' in place) yield* filesBelow(place.folder, fault);
  // Most traces have no files at all.
  else if (owner.kind !== 'trace') fault(`files of ${owner.kind} ${owner.of.id}`, place.missing);
}

/** What these tables hold has no counterpart outside of that server. */
const OTHERS: Readonly<Record<string, string>> = {
  scorers: 'scorers', label_schemas: 'label schemas', review_queues: 'review queues', issues: 'issues', endpoints: 'gateway endpoints', secrets: 'gateway secrets', mcp_servers: 'MCP servers',
  webhooks: 'webhooks', budget_policies: 'budget policies', guardrails: 'guardrails', jobs: 'jobs', online_scoring_configs: 'online scoring',
};

function leftOut(db: ForeignDatabase): string[] {
  const count = (table: string, where = ''): number => (db.tables.has(table) ? Number(db.all(`SELECT count(*) AS n FROM "${table}"${where}`)[0]?.['n'] ?? 0) : 0);
  const others = Object.entries(OTHERS).map(([table, name]) => ({ name, rows: count(table) })).filter(({ rows }) => rows > 0).map(({ name, rows }) => `${rows} ${name}`);
  const elsewhere = db.tables.get('registered_models')?.has('workspace') ? count('registered_models', " WHERE COALESCE(workspace, 'default') <> 'default'") : 0;
  return elsewhere > 0 ? [...others, `${elsewhere} registered models of other workspaces`] : others;
}
