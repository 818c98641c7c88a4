/** What else is known of a run: datasets, artifacts, resource samples, problems, code and environment. */
import * as z from 'zod';
import { datasetInfo, environmentInfo, mlflowDataset, type SpoolEvent } from '../../protocol/spool';
import type { ArtifactRow, DatasetRow, ProblemRow, ResourceRow } from '../../protocol/model';
import type { Context } from './context';

type EventOf<E extends SpoolEvent['e']> = Extract<SpoolEvent, { e: E }>;
type Dataset = EventOf<'dataset'>['dataset'];

/** The same name, role and digest is the same dataset; one said before its digest was known gives way to the one with it. */
export function setDataset({ db }: Context, row: number, dataset: Dataset): void {
  if (dataset.digest !== '') db.prepare("DELETE FROM datasets WHERE run = ? AND name = ? AND role = ? AND digest = ''").run(row, dataset.name, dataset.role);
  db.prepare(`INSERT INTO datasets (run, name, role, digest, path, rows, schema, extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET path = coalesce(excluded.path, path), rows = coalesce(excluded.rows, rows), schema = coalesce(excluded.schema, schema), extra = coalesce(excluded.extra, extra)`)
    .run(row, dataset.name, dataset.role, dataset.digest, dataset.path ?? null, dataset.rows ?? null, json(dataset.schema), json(dataset.mlflow));
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** A file said again later may have changed: its digest is asked for again. */
export function addArtifact({ db }: Context, row: number, event: EventOf<'artifact'>): void {
  if (event.deleted) {
    db.prepare('DELETE FROM artifacts WHERE run = ? AND path = ?').run(row, event.path);
    return;
  }
  db.prepare(`INSERT INTO artifacts (run, path, kind, t) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET kind = excluded.kind, digest = '', t = excluded.t WHERE excluded.t > t`).run(row, event.path, event.kind, event.t);
}

export function setArtifact(context: Context, run: string, path: string, facts: { digest: string; size: number }): void {
  context.write(() => context.db.prepare('UPDATE artifacts SET digest = ?, size = ? WHERE run = ? AND path = ?').run(facts.digest, facts.size, context.runRow(run), path));
}

export function addResources({ db }: Context, row: number, event: EventOf<'res'>): void {
  const { cpu, rssMb, gpu, gpuMemMb } = event.res;
  db.prepare('INSERT OR IGNORE INTO resources (run, t, cpu, rss_mb, gpu, gpu_mem_mb) VALUES (?, ?, ?, ?, ?, ?)').run(row, event.t, cpu, rssMb, gpu ?? null, gpuMemMb ?? null);
}

export function setCode({ db }: Context, row: number, { code }: EventOf<'code'>): void {
  db.prepare(`UPDATE runs SET commit_id = coalesce(?, commit_id), branch = coalesce(?, branch), dirty = coalesce(?, dirty), patch = coalesce(?, patch), remote = coalesce(?, remote) WHERE id = ?`)
    .run(code.commit ?? null, code.branch ?? null, code.dirty === undefined ? null : Number(code.dirty), code.patch ?? null, code.remote ?? null, row);
}

const kept = z.string().transform((text) => environmentInfo.parse(JSON.parse(text)));
export const readEnvironment = (text: string): z.infer<typeof environmentInfo> => kept.parse(text);

/** Facts said later are laid over the ones before; packages replace packages as a whole. */
export function mergeEnvironment({ db }: Context, row: number, { env }: EventOf<'env'>): void {
  const before = db.prepare('SELECT environment FROM runs WHERE id = ?').get<{ environment: string }>(row)?.environment ?? '{}';
  db.prepare('UPDATE runs SET environment = ? WHERE id = ?').run(JSON.stringify({ ...readEnvironment(before), ...env }), row);
}

export function addProblem({ db }: Context, row: number, problem: ProblemRow): void {
  db.prepare('INSERT OR REPLACE INTO problems (run, file, line, text) VALUES (?, ?, ?, ?)').run(row, problem.file, problem.line, problem.text);
}

interface DatasetCells { name: string; role: string; digest: string; path: string | null; rows: number | null; schema: string | null; extra: string | null }
const columns = datasetInfo.shape.schema;

export function datasets(context: Context, run: string): DatasetRow[] {
  const rows = context.db.prepare('SELECT name, role, digest, path, rows, schema, extra FROM datasets WHERE run = ? ORDER BY role, name, digest').all<DatasetCells>(context.runRow(run));
  return rows.map(({ extra, ...row }) => ({
    ...row, schema: row.schema === null ? null : columns.parse(JSON.parse(row.schema)) ?? null, mlflow: extra === null ? null : mlflowDataset.parse(JSON.parse(extra)),
  }));
}

export const artifacts = (context: Context, run: string): ArtifactRow[] =>
  context.db.prepare('SELECT path, kind, digest, size, t FROM artifacts WHERE run = ? ORDER BY path').all<ArtifactRow>(context.runRow(run));

export const problems = (context: Context, run: string): ProblemRow[] =>
  context.db.prepare('SELECT file, line, text FROM problems WHERE run = ? ORDER BY file, line').all<ProblemRow>(context.runRow(run));

const SAMPLES = `WITH asked AS (SELECT ? AS run, ? AS px), ends AS (SELECT min(t) AS first, max(t) - min(t) AS span FROM resources WHERE run = (SELECT run FROM asked))
SELECT max(t) AS t, avg(cpu) AS cpu, max(rss_mb) AS rssMb, avg(gpu) AS gpu, max(gpu_mem_mb) AS gpuMemMb
FROM resources, ends, asked WHERE resources.run = asked.run
GROUP BY CASE WHEN span = 0 THEN 0 ELSE min(px - 1, CAST((t - first) / span * px AS INTEGER)) END ORDER BY 1`;

/** At most `px` samples over the run's whole time: loads as the mean of what they stand for, memory as its peak. */
export const resources = (context: Context, run: string, px: number): ResourceRow[] => context.db.prepare(SAMPLES).all<ResourceRow>(context.runRow(run), px);
