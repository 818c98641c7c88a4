/**
 * Datasets of mlflow.genai: rows of inputs and expectations to evaluate on. Source of the rules: mlflow.store.tracking.sqlalchemy_store,
 * evaluation datasets (3.17). Times in milliseconds.
 */
import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { RunyardError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { Records } from '../store/records';
import { printExact, printSorted, readExact, typeOfField } from './exact-json';

const words = z.record(z.string(), z.string());
export const evaluationDataset = z.object({
  id: z.string(), name: z.string(), digest: z.string(), created: z.number(), updated: z.number(), createdBy: z.string().nullable(), updatedBy: z.string().nullable(),
  tags: words, experiments: z.array(z.string()),
  /** JSON that names the fields' types; null before there are any */
  schema: z.string().nullable(),
  /** how many records it has */
  count: z.number().int(),
  /** how many it ever had: the place of the next one */
  last: z.number().int(),
});
export type EvaluationDataset = z.output<typeof evaluationDataset>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
/** JSON as text: its numbers stay as they were written. */
const json = z.string();
export const evaluationRecord = z.object({
  id: z.string(), dataset: z.string(), inputs: json, outputs: json.nullable(), expectations: json.nullable(), tags: json, source: json.nullable(),
  sourceId: z.string().nullable(), sourceType: z.string().nullable(), created: z.number(), updated: z.number(), createdBy: z.string().nullable(), updatedBy: z.string().nullable(),
});
export type EvaluationRecord = z.output<typeof evaluationRecord>;

/** What can't be found throws not_found. */
export interface EvaluationDatasets {
  create(made: { name: string; tags: Record<string, string>; experiments: readonly string[] }): EvaluationDataset;
  get(id: string): EvaluationDataset;
  /** The newest first. */
  list(): EvaluationDataset[];
  /** With its records; no error where there is none. */
  remove(id: string): void;
  tag(id: string, set: Record<string, string>): void;
  /** No error where there is none. */
  untag(id: string, key: string): void;
  setExperiments(id: string, experiments: readonly string[]): EvaluationDataset;
  /** Rows as JSON: one with the inputs of another is laid over it. Throws bad_input. */
  upsert(id: string, rows: string): { inserted: number; updated: number };
  /** In the order in which they came; none where there is no such dataset. */
  records(id: string, page?: { offset: number; limit: number }): EvaluationRecord[];
  /** How many there were of these. */
  removeRecords(id: string, records: readonly string[]): number;
}

export function createEvaluationDatasets(records: Records, clock: Clock): EvaluationDatasets {
  const now = (): number => Math.round(clock() * 1000);
  const put = (one: EvaluationDataset): EvaluationDataset => {
    records.put('evaluationDataset', { id: one.id, scope: '', sort: one.created, doc: one });
    return one;
  };
  const find = (id: string): EvaluationDataset | undefined => {
    const row = records.get('evaluationDataset', id);
    return row && evaluationDataset.parse(row.doc);
  };
  const get = (id: string): EvaluationDataset => {
    const found = find(id);
    if (!found) throw new RunyardError('not_found', `Evaluation dataset with id '${id}' not found`);
    return found;
  };
  const rowsOf = (id: string): { key: string; record: EvaluationRecord }[] => records.list('evaluationRecords', { scopes: [id] }).map((row) => ({ key: row.id, record: evaluationRecord.parse(row.doc) }));
  // Listed by the largest first: a negative place puts the oldest there.
  const putRecord = (key: string, sort: number, record: EvaluationRecord): void => records.put('evaluationRecords', { id: key, scope: record.dataset, sort, doc: record });
  return {
    get,
    create({ name, tags, experiments }) {
      const t = now();
      const user = tags['mlflow.user'] ?? null;
      return put({ id: `d-${plainId()}`, name, digest: digestOf(name, t), created: t, updated: t, createdBy: user, updatedBy: user, tags, experiments: [...new Set(experiments)], schema: null, count: 0, last: 0 });
    },
    list: () => records.list('evaluationDataset').map(({ doc }) => evaluationDataset.parse(doc)),
    remove(id) {
      records.together(() => {
        for (const { key } of rowsOf(id)) records.remove('evaluationRecords', key);
        if (find(id)) records.remove('evaluationDataset', id);
      });
    },
    tag(id, set) { const one = get(id); put({ ...one, tags: { ...one.tags, ...set } }); },
    untag(id, key) {
      const one = find(id);
      if (one && Object.hasOwn(one.tags, key)) put({ ...one, tags: Object.fromEntries(Object.entries(one.tags).filter(([name]) => name !== key)) });
    },
    setExperiments: (id, experiments) => put({ ...get(id), experiments: [...new Set(experiments)], updated: now() }),
    upsert(id, text) {
      const rows = readRows(text);
      return records.together(() => {
        const one = get(id);
        const t = now();
        let user: string | null = null;
        const tally = { inserted: 0, updated: 0 };
        for (const row of rows) {
          const key = keyOf(id, row);
          const before = records.get('evaluationRecords', key);
          const record = before ? laidOver(evaluationRecord.parse(before.doc), row, t) : newRecord(id, row, t);
          putRecord(key, before?.sort ?? -(one.last + tally.inserted + 1), record);
          tally[before ? 'updated' : 'inserted'] += 1;
          user = userOf(row) ?? user;
        }
        put({ ...one, updated: t, updatedBy: user, digest: digestOf(one.name, t), schema: schemaWith(one.schema, rows), count: one.count + tally.inserted, last: one.last + tally.inserted });
        return tally;
      });
    },
    records: (id, page) => records.list('evaluationRecords', { scopes: [id], ...page }).map(({ doc }) => evaluationRecord.parse(doc)),
    removeRecords(id, ids) {
      return records.together(() => {
        const gone = rowsOf(id).filter(({ record }) => ids.includes(record.id));
        for (const { key } of gone) records.remove('evaluationRecords', key);
        const one = find(id);
        if (one && gone.length > 0) put({ ...one, count: Math.max(0, one.count - gone.length) });
        return gone.length;
      });
    },
  };
}

const plainId = (): string => randomUUID().replaceAll('-', '');
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const digestOf = (name: string, updated: number): string => sha(`${name}:${updated}`).slice(0, 8);

type Row = Record<string, unknown>;
/** Where a record of these inputs is kept: the same inputs are the same record. */
export const recordKey = (dataset: string, inputs: unknown): string => `${dataset}/${sha(printSorted(inputs))}`;
const keyOf = (dataset: string, row: Row): string => recordKey(dataset, row['inputs'] ?? {});

function readRows(text: string): Row[] {
  let rows: unknown;
  try {
    rows = readExact(text);
  } catch (error) {
    throw new RunyardError('bad_input', "Invalid value for parameter 'records' supplied: it is not JSON", '', { cause: error });
  }
  if (!Array.isArray(rows) || !rows.every(isObject)) throw new RunyardError('bad_input', "Invalid value for parameter 'records' supplied: it must be a list of objects");
  return rows;
}

const userOf = (row: Row): string | null => {
  const user = isObject(row['tags']) ? row['tags']['mlflow.user'] : undefined;
  return typeof user === 'string' ? user : null;
};

function newRecord(dataset: string, row: Row, t: number): EvaluationRecord {
  const { outputs = {}, expectations, source, tags } = row;
  const user = userOf(row);
  const data = isObject(source) && isObject(source['source_data']) ? source['source_data'] : {};
  const type = isObject(source) && typeof source['source_type'] === 'string' ? source['source_type'].toUpperCase() : null;
  const origin = type === 'TRACE' ? data['trace_id'] : data['source_id'];
  return {
    id: `dr-${plainId()}`, dataset, inputs: printExact(row['inputs'] ?? {}), outputs: outputs === null ? null : printExact(outputs), expectations: isObject(expectations) ? printExact(expectations) : null,
    tags: printExact(tags ?? {}), source: isObject(source) ? printExact({ ...source, ...(type === null ? {} : { source_type: type }), source_data: data }) : null,
    sourceId: typeof origin === 'string' ? origin : null, sourceType: type, created: t, updated: t, createdBy: user, updatedBy: user,
  };
}

/** Outputs are replaced where the row has them; expectations and tags are added key by key. */
function laidOver(before: EvaluationRecord, row: Row, t: number): EvaluationRecord {
  const { outputs, expectations, tags } = row;
  const added = (text: string | null, more: unknown): string | null => (isObject(more) ? printExact({ ...(readExact(text ?? '{}') as Row), ...more }) : text);
  return {
    ...before, updated: t, updatedBy: userOf(row) ?? before.updatedBy, outputs: outputs === undefined ? before.outputs : outputs === null ? null : printExact(outputs),
    expectations: added(before.expectations, expectations), tags: added(before.tags, tags) ?? '{}',
  };
}

const types = z.object({ inputs: words.default({}), outputs: z.union([words, z.string()]).default({}), expectations: words.default({}), version: z.string().default('1.0') });

/** A schema that somebody else wrote may be anything: then it is begun anew. */
function readTypes(text: string | null): z.output<typeof types> {
  try {
    return types.parse(text === null ? {} : JSON.parse(text));
  } catch {
    return types.parse({}); // types of the rows that come now are told again
  }
}

/** The types of the fields that any record so far had. */
function schemaWith(before: string | null, rows: readonly Row[]): string | null {
  if (rows.length === 0 && before === null) return null;
  const schema = readTypes(before);
  const add = (to: Record<string, string>, from: unknown): Record<string, string> =>
    (isObject(from) ? { ...to, ...Object.fromEntries(Object.entries(from).filter(([key]) => !Object.hasOwn(to, key)).map(([key, value]) => [key, typeOfField(value)])) } : to);
  let { inputs, outputs, expectations } = schema;
  for (const row of rows) {
    inputs = add(inputs, row['inputs']);
    expectations = add(expectations, row['expectations']);
    const said = row['outputs'];
    if (isObject(said)) outputs = typeof outputs === 'string' ? outputs : add(outputs, said);
    else if (said !== undefined && said !== null && Object.keys(outputs).length === 0) outputs = typeOfField(said);
  }
  return JSON.stringify({ inputs, outputs, expectations, version: schema.version });
}
