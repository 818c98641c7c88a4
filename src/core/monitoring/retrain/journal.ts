/** What is kept of retrainings: each step is written before the next begins, so that an engine that dies goes on where it was. */
import * as z from 'zod';
import type { Records } from '../../store/records';
import type { RetrainingRun } from '../../../protocol/monitoring';
import type { Past } from './policy';

const bounds = z.tuple([z.number(), z.number()]);
const sideBySide = z.object({ metric: z.string(), candidate: z.number().nullable(), live: z.number().nullable(), difference: z.number().nullable(), interval: bounds.nullable(), n: z.number(), word: z.string(), evaluation: z.string() });
const row = z.object({
  id: z.string(), name: z.string(), trigger: z.string(), reason: z.string(), t: z.number(), ended: z.number().nullable(),
  state: z.enum(['waiting', 'running', 'registered', 'rejected', 'promoted', 'failed', 'held']), run: z.string().nullable(), version: z.number().nullable(),
  fresh: sideBySide.nullable(), old: sideBySide.nullable(), text: z.string(), window: z.object({ from: z.number().nullable(), to: z.number().nullable() }),
});
const STEPS = ['data', 'launch', 'run', 'register', 'evaluate', 'gates', 'promote', 'done'] as const;

const entry = z.object({
  format: z.literal(1), row, step: z.enum(STEPS),
  /** who asked; for a trigger whoever git knows here */
  by: z.object({ name: z.string(), email: z.string() }), force: z.boolean(), alert: z.string().nullable(),
  hold: z.enum(['running', 'coolDown', 'runs', 'minutes', 'rows']).nullable(),
  /** of its run, so far */
  minutes: z.number(),
  /** labels that there were when it began */
  labels: z.number().nullable(),
  /** below the workspace: rows to train on, and those that it is judged by; `label`: their column */
  data: z.object({ train: z.string(), holdout: z.string(), label: z.string(), rows: z.number(), held: z.number(), digest: z.string() }).nullable(),
  /** that it is held against; null: none was live */
  live: z.number().nullable(),
});
export type Entry = z.output<typeof entry>;

export interface Journal {
  /** of one retraining, or of all: newest first. One that can't be read is left out. */
  list(name?: string): Entry[];
  get(id: string): Entry | undefined;
  put(entry: Entry): void;
}

export function openJournal(records: Records): Journal {
  const parse = (doc: unknown): Entry[] => {
    const { success, data } = entry.safeParse(doc);
    return success ? [data] : [];
  };
  return {
    list: (name) => records.list('retraining', name === undefined ? {} : { scopes: [name] }).flatMap(({ doc }) => parse(doc)),
    get: (id) => parse(records.get('retraining', id)?.doc)[0],
    put: (one) => records.put('retraining', { id: one.row.id, scope: one.row.name, sort: one.row.t, doc: one }),
  };
}

export const rowOf = ({ row: found }: Entry): RetrainingRun => found;
export const pastOf = ({ row: { t, state }, minutes, hold }: Entry): Past => ({ t, state, minutes, hold });
