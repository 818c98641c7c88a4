/** Evaluations as rows: what lists, trends and tests ask. Each is written whole, from its folder. */
import { RunyardError } from '../base/errors';
import { nearest } from '../base/nearest';
import type { EvaluationSummary, Outcome, Trend } from '../../protocol/evaluation/result';
import type { Context } from './context';

/** `slice` and `split` are '' for all rows. */
export interface FigureRow { split: string; slice: string; metric: string; value: number | null; low: number | null; high: number | null; n: number }
export type OutcomeKind = 'overall' | 'slice' | 'pinned';
/** `item` is the slice's name or the example's id; '' for the whole. */
export interface OutcomeRow { kind: OutcomeKind; item: string; outcome: Outcome; message: string }
export interface EvaluationEntry { summary: EvaluationSummary; /** seconds */ duration: number; figures: readonly FigureRow[]; outcomes: readonly OutcomeRow[] }
export interface PastOutcome extends OutcomeRow { evaluation: string; created: number; duration: number }

export interface EvaluationRows {
  /** In place of the one of that id. */
  put(entry: EvaluationEntry): void;
  /** No error where there is none. */
  remove(ids: readonly string[]): void;
  get(id: string): EvaluationSummary | undefined;
  ids(): string[];
  /** Newest first. */
  list(query?: { name?: string | undefined; limit?: number }): EvaluationSummary[];
  /** A whole id, '@last', '@last:NAME', or the beginning of an id that only one has. Throws not_found naming the nearest; bad_input where a prefix fits several. */
  resolve(ref: string): string;
  /** Evaluations of the same name up to this one: the newest `most` of them, oldest first. */
  trend(id: string, query: { metric: string; most: number }): Trend['points'];
  /** What came of the newest `most` evaluations of a name, the newest first. */
  outcomes(name: string, most: number): PastOutcome[];
  /** The run that made a file of this digest, the first that did. */
  runOfDigest(digest: string): string | null;
}

const RUN = `coalesce((SELECT r.uid FROM runs r WHERE r.uid = e.run),
  (SELECT r.uid FROM artifacts a JOIN runs r ON r.id = a.run WHERE a.digest = e.model_digest AND a.digest <> '' ORDER BY a.t, r.uid LIMIT 1))`;
const COLUMNS = `e.id AS id, e.name AS name, e.created AS created, e.model AS model, e.model_digest AS modelDigest, e.baseline AS baseline, e.data AS data, e.data_digest AS dataDigest, e.rows AS rows,
  e.task AS task, e.metric AS metric, e.value AS value, e.low AS low, e.high AS high, e.outcome AS outcome, e.slices AS slices, e.failing AS failing, ${RUN} AS run, e.slices_version AS slicesVersion`;
const INSERT = `INSERT INTO evaluations (id, name, created, duration, model, model_digest, baseline, data, data_digest, rows, task, metric, value, low, high, outcome, slices, failing, run, slices_version)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function createEvaluationRows(context: Context): EvaluationRows {
  const { db } = context;
  const remove = (id: string): void => { db.prepare('DELETE FROM evaluations WHERE id = ?').run(id); };
  return {
    put: ({ summary: s, duration, figures, outcomes }) => context.write(() => {
      remove(s.id);
      db.prepare(INSERT).run(
        s.id, s.name, s.created, duration, s.model, s.modelDigest, s.baseline, s.data, s.dataDigest, s.rows, s.task,
        s.metric, s.value, s.low, s.high, s.outcome, s.slices, s.failing, s.run, s.slicesVersion,
      );
      const figure = db.prepare('INSERT OR REPLACE INTO evaluation_figures (evaluation, split, slice, metric, value, low, high, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
      for (const f of figures) figure.run(s.id, f.split, f.slice, f.metric, f.value, f.low, f.high, f.n);
      const outcome = db.prepare('INSERT OR REPLACE INTO evaluation_outcomes (evaluation, kind, item, outcome, message) VALUES (?, ?, ?, ?, ?)');
      for (const o of outcomes) outcome.run(s.id, o.kind, o.item, o.outcome, o.message);
    }),
    remove: (ids) => context.write(() => { for (const id of ids) remove(id); }),
    get: (id) => db.prepare(`SELECT ${COLUMNS} FROM evaluations e WHERE e.id = ?`).get<EvaluationSummary>(id),
    ids: () => db.prepare('SELECT id FROM evaluations ORDER BY created, id').all<{ id: string }>().map((row) => row.id),
    list({ name, limit = -1 } = {}) {
      const named = name === undefined ? '' : 'WHERE e.name = ?';
      return db.prepare(`SELECT ${COLUMNS} FROM evaluations e ${named} ORDER BY e.created DESC, e.id LIMIT ?`).all<EvaluationSummary>(...(name === undefined ? [] : [name]), limit);
    },
    resolve: (ref) => resolve(context, ref),
    trend: (id, query) => trend(context, id, query),
    outcomes: (name, most) => db.prepare(`WITH newest AS (SELECT id, created, duration FROM evaluations WHERE name = ? ORDER BY created DESC, id LIMIT ?)
      SELECT e.id AS evaluation, e.created AS created, e.duration AS duration, o.kind AS kind, o.item AS item, o.outcome AS outcome, o.message AS message
      FROM newest e JOIN evaluation_outcomes o ON o.evaluation = e.id ORDER BY e.created DESC, e.id`).all<PastOutcome>(name, most),
    runOfDigest: (digest) => (digest === '' ? null
      : db.prepare('SELECT r.uid AS run FROM artifacts a JOIN runs r ON r.id = a.run WHERE a.digest = ? ORDER BY a.t, r.uid LIMIT 1').get<{ run: string }>(digest)?.run ?? null),
  };
}

const HINT = 'give an id, the beginning of one, @last or @last:NAME';

function resolve({ db }: Context, ref: string): string {
  const exact = db.prepare('SELECT id FROM evaluations WHERE id = ?').get<{ id: string }>(ref);
  if (exact) return exact.id;
  if (ref === '@last') {
    const last = db.prepare('SELECT id FROM evaluations ORDER BY created DESC, id LIMIT 1').get<{ id: string }>();
    if (last) return last.id;
    throw new RunyardError('not_found', 'there is no evaluation yet', 'make one: runyard evaluate --model model.onnx --data test.csv --label COLUMN');
  }
  if (ref.startsWith('@last:')) return lastNamed(db, ref.slice('@last:'.length));
  if (ref.startsWith('@')) throw new RunyardError('bad_input', `'${ref}' names no evaluation`, 'write @last or @last:NAME');
  const prefix = ref.toLowerCase();
  if (/^[0-9a-f]{1,32}$/.test(prefix)) {
    const found = db.prepare("SELECT id FROM evaluations WHERE id >= ? AND id < ? || 'g' ORDER BY id LIMIT 4").all<{ id: string }>(prefix, prefix);
    const [first] = found;
    if (first && found.length === 1) return first.id;
    if (first) throw new RunyardError('bad_input', `'${ref}' is the beginning of several evaluations: ${found.map(({ id }) => id.slice(0, prefix.length + 4)).join(', ')}`, 'write more of the id');
  }
  const near = nearest(ref, names(db));
  throw new RunyardError('not_found', `there is no evaluation '${ref}'`, near ? `did you mean '@last:${near}'? ${HINT}` : HINT);
}

const names = (db: Context['db']): string[] => db.prepare('SELECT DISTINCT name FROM evaluations ORDER BY name').all<{ name: string }>().map(({ name }) => name);

function lastNamed(db: Context['db'], name: string): string {
  const last = db.prepare('SELECT id FROM evaluations WHERE name = ? ORDER BY created DESC, id LIMIT 1').get<{ id: string }>(name);
  if (last) return last.id;
  const all = names(db);
  const near = nearest(name, all);
  throw new RunyardError('not_found', `there is no evaluation called '${name}'`, near ? `did you mean '${near}'?` : all.length > 0 ? `there are ${all.slice(0, 10).join(', ')}` : 'there is none at all yet');
}

interface Point { id: string; created: number; model: string; slice: string | null; value: number | null; low: number | null; high: number | null; n: number }

function trend({ db }: Context, id: string, { metric, most }: { metric: string; most: number }): Trend['points'] {
  const cells = db.prepare(`WITH this AS (SELECT name, created, id FROM evaluations WHERE id = ?),
    newest AS (SELECT e.id, e.created, e.model FROM evaluations e JOIN this ON this.name = e.name WHERE e.created < this.created OR e.id = this.id ORDER BY e.created DESC, e.id LIMIT ?)
    SELECT e.id AS id, e.created AS created, e.model AS model, f.slice AS slice, f.value AS value, f.low AS low, f.high AS high, f.n AS n
    FROM newest e LEFT JOIN evaluation_figures f ON f.evaluation = e.id AND f.metric = ? AND f.split = '' ORDER BY e.created, e.id, f.slice`).all<Point>(id, most, metric);
  const points = new Map<string, Trend['points'][number]>();
  for (const { id: at, created, model, slice, ...figure } of cells) {
    const point = points.get(at) ?? { id: at, created, model, values: {} };
    if (slice !== null) point.values[slice] = figure;
    points.set(at, point);
  }
  return [...points.values()];
}
