/** An evaluation dataset that was made elsewhere, taken in under its own ids. What is there already stays as it is. */
import * as z from 'zod';
import type { Records } from '../store/records';
import { evaluationDataset, recordKey, type EvaluationDataset, type EvaluationRecord } from './evaluation-datasets';
import { printExact, readExact } from './exact-json';

/** `doc` is the dataset and `records` its rows as JSON, both as MLflow's REST interface gives them. */
export interface ForeignDataset { id: string; name: string; experiments: readonly string[]; tags: Record<string, string>; doc: unknown; records: string }

const ms = z.coerce.number().default(0);
const who = z.string().nullish().transform((text) => text ?? null);
const wireDoc = z.object({ digest: z.string().default(''), created_time: ms, last_update_time: ms, created_by: who, last_updated_by: who, schema: who });
const json = z.unknown().optional();
const wireRows = z.array(z.object({
  dataset_record_id: z.string(), inputs: json, outputs: json, expectations: json, tags: json, source: json, source_id: who, source_type: who,
  created_time: ms, last_update_time: ms, created_by: who, last_updated_by: who,
}));

/** made: it wasn't there; completed: rows or experiments were missing; same: nothing to do. Throws where the words aren't MLflow's. */
export function restoreEvaluationDataset(records: Records, { id, name, experiments, tags, doc, records: text }: ForeignDataset): 'made' | 'completed' | 'same' {
  const said = wireDoc.parse(doc);
  const rows = wireRows.parse(readExact(text));
  return records.together(() => {
    const row = records.get('evaluationDataset', id);
    const before = row && evaluationDataset.parse(row.doc);
    const missing = rows.filter((one) => !records.get('evaluationRecords', recordKey(id, one.inputs ?? {})));
    const belongs = [...new Set([...before?.experiments ?? [], ...experiments])];
    if (before && missing.length === 0 && belongs.length === before.experiments.length) return 'same';
    const first = before ?? {
      id, name, tags, digest: said.digest, created: said.created_time, updated: said.last_update_time, createdBy: said.created_by, updatedBy: said.last_updated_by, schema: said.schema, experiments: [], count: 0, last: 0,
    };
    const next: EvaluationDataset = { ...first, experiments: belongs, count: first.count + missing.length, last: first.last + missing.length };
    missing.forEach((one, i) => records.put('evaluationRecords', { id: recordKey(id, one.inputs ?? {}), scope: id, sort: -(first.last + i + 1), doc: recordOf(id, one) }));
    records.put('evaluationDataset', { id, scope: '', sort: next.created, doc: next });
    return before ? 'completed' : 'made';
  });
}

function recordOf(dataset: string, one: z.output<typeof wireRows>[number]): EvaluationRecord {
  const json = (value: unknown): string | null => (value === undefined || value === null ? null : printExact(value));
  return {
    id: one.dataset_record_id, dataset, inputs: json(one.inputs) ?? '{}', outputs: json(one.outputs), expectations: json(one.expectations), tags: json(one.tags) ?? '{}', source: json(one.source),
    sourceId: one.source_id, sourceType: one.source_type, created: one.created_time, updated: one.last_update_time, createdBy: one.created_by, updatedBy: one.last_updated_by,
  };
}
