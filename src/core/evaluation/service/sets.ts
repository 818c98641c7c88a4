/** Data sets that models were evaluated on: which versions there were, since when, and how often each was looked at. */
import * as z from 'zod';
import type { DataSpec } from '../../../protocol/evaluation/request';
import type { Records } from '../../store/records';

/** Times in milliseconds. `models`: how often by the model's digest. */
const version = z.object({ digest: z.string(), rows: z.number().int(), first: z.number(), last: z.number(), looks: z.number().int(), models: z.record(z.string(), z.number().int()) });
export const evaluationSet = z.object({ name: z.string(), versions: z.array(version) });
export type EvaluationSet = z.output<typeof evaluationSet>;

export interface Look { data: DataSpec; digest: string; rows: number; model: string; t: number }
export interface EvaluationSets {
  /** How often rows of this digest were looked at, under whatever name. */
  looks(digest: string): number;
  /** A model was evaluated on it: the rows have told something about it. */
  look(look: Look): void;
  /** Another version of a set is there, which nobody has looked at yet. */
  grow(version: { name: string; digest: string; rows: number; t: number }): void;
  list(): EvaluationSet[];
}

/** As it is named where it is asked for. */
export const setName = ({ files, table }: DataSpec): string => [...files, ...(table === undefined ? [] : [table])].join(', ');

export function createSets(records: Records): EvaluationSets {
  const list = (): EvaluationSet[] => records.list('evaluationSet').map(({ doc }) => evaluationSet.parse(doc));
  return {
    list,
    looks: (digest) => list().flatMap(({ versions }) => versions).reduce((sum, one) => sum + (one.digest === digest ? one.looks : 0), 0),
    look({ data, digest, rows, model, t }) {
      const name = setName(data);
      const row = records.get('evaluationSet', name);
      const versions = row ? evaluationSet.parse(row.doc).versions : [];
      const before = versions.find((one) => one.digest === digest) ?? { digest, rows, first: t, last: t, looks: 0, models: {} };
      const after = { ...before, last: t, looks: before.looks + 1, models: { ...before.models, [model]: (before.models[model] ?? 0) + 1 } };
      const doc: EvaluationSet = { name, versions: [...versions.filter((one) => one.digest !== digest), after] };
      records.put('evaluationSet', { id: name, scope: '', sort: t, doc });
    },
    grow({ name, digest, rows, t }) {
      const row = records.get('evaluationSet', name);
      const versions = row ? evaluationSet.parse(row.doc).versions : [];
      if (versions.some((one) => one.digest === digest)) return;
      const doc: EvaluationSet = { name, versions: [...versions, { digest, rows, first: t, last: t, looks: 0, models: {} }] };
      records.put('evaluationSet', { id: name, scope: '', sort: t, doc });
    },
  };
}
