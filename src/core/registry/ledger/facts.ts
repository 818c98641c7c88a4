/** What each kind of entry says besides. Read with these wherever facts are used: a chain may be of another clone's making, or of a newer Runyard. Unknown keys are kept. */
import * as z from 'zod';
import { commentTarget } from '../../../protocol/registry';
import { artifactPathProblem } from '../../tracking/artifacts';
import type { LedgerEntry, LedgerKind } from './entry';

const outcome = z.enum(['pass', 'fail', 'cannot tell']);
const words = z.record(z.string(), z.string());
const person = z.object({ name: z.string(), email: z.string() });
const tensors = z.array(z.looseObject({ name: z.string(), type: z.string(), shape: z.string() })).default([]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Nothing that a chain says leads out of the folder for weights. */
const safePath = z.string().min(1).refine((name) => artifactPathProblem(name) === null && !name.includes('\\') && name.split('/').every((part) => part !== '' && part !== '.'));
const judged = z.looseObject({ comment: z.string().default(''), signature: z.looseObject({ kind: z.string(), commit: z.string() }).nullable().default(null) });
const moved = z.looseObject({ from: z.number().int().nullable().default(null), reason: z.string().default(''), digest: z.string().nullable().default(null), gates: z.string().nullable().default(null), golden: z.string().nullable().default(null), latency: z.unknown().optional() });

/** By kind. */
export const ledgerFacts = {
  /** VersionFacts, with the description and tags of the moment */
  registered: z.looseObject({
    digest: sha256, files: z.array(z.looseObject({ path: safePath, digest: sha256, size: z.number().int().min(0) })).min(1), size: z.number().default(0),
    inputs: tensors, outputs: tensors, producer: z.string().default(''),
    source: z.looseObject({ kind: z.enum(['run', 'evaluation', 'file', 'mlflow']), text: z.string() }).default({ kind: 'file', text: '' }),
    run: z.string().nullable().default(null),
    code: z.looseObject({ commit: z.string().nullable(), dirty: z.boolean().nullable(), patch: z.string().nullable() }).default({ commit: null, dirty: null, patch: null }),
    data: z.array(z.looseObject({ name: z.string(), digest: z.string(), rows: z.number().nullable(), role: z.string() })).default([]),
    environment: z.looseObject({ python: z.string(), packages: z.number(), digest: z.string() }).nullable().default(null),
    licence: z.string().default(''), author: person.optional(), description: z.string().default(''), tags: words.default({}),
  }),
  evaluated: z.looseObject({
    evaluation: z.string(), digest: z.string().default(''), dataDigest: z.string().default(''), metric: z.string().default(''), value: z.number().nullable().default(null),
    low: z.number().nullable().default(null), high: z.number().nullable().default(null), outcome: outcome.default('cannot tell'), name: z.string().default(''), rows: z.number().default(0),
  }),
  gates: z.looseObject({
    to: z.string(), outcome, gates: z.array(z.looseObject({ kind: z.string(), name: z.string(), outcome, blocks: z.boolean(), reason: z.string().default('') })).default([]),
    evaluations: z.array(z.string()).default([]),
  }),
  approved: judged, rejected: judged,
  promoted: moved,
  /** `blocked`: names of the gates that stood against it */
  forced: z.looseObject({ ...moved.shape, blocked: z.array(z.string()).default([]) }),
  rolledBack: z.looseObject({
    from: z.number().int().nullable().default(null), reason: z.string().default(''), digest: z.string().nullable().default(null), checks: z.array(z.unknown()).default([]),
    automatic: z.boolean().default(false), cause: z.enum(['person', 'hook', 'health', 'alert', 'pointer']).default('person'), blocked: z.array(z.string()).default([]),
  }),
  /** `move`: hash of the entry that it ran after; `duration` in seconds */
  hook: z.looseObject({ name: z.string(), command: z.array(z.string()).default([]), outcome: z.string(), status: z.number().nullable().default(null), duration: z.number().default(0), output: z.string().default(''), move: z.string().default('') }),
  alias: z.looseObject({ alias: z.string(), version: z.number().int().nullable() }),
  described: z.looseObject({ description: z.string().optional(), setTags: words.optional(), deleteTags: z.array(z.string()).optional() }),
  deleted: z.looseObject({}),
  comment: z.looseObject({ id: z.string(), text: z.string(), on: commentTarget }),
} as const satisfies Record<LedgerKind, z.ZodType>;

export type FactsOf<K extends LedgerKind> = z.output<(typeof ledgerFacts)[K]>;

/** Null where the entry is of another kind, or says it in a way that can't be read. */
export function factsOf<K extends LedgerKind>(kind: K, entry: LedgerEntry): FactsOf<K> | null {
  if (entry.kind !== kind) return null;
  return (ledgerFacts[kind].safeParse(entry.facts).data ?? null) as FactsOf<K> | null;
}
