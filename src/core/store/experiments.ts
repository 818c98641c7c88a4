/** Experiments as things of their own: MLflow's clients name them by number, rename them and throw them away. */
import * as z from 'zod';
import { RunyardError } from '../base/errors';
import type { Context } from './context';

/** Times in seconds; `trashed` is when it was thrown away. `location` is where its clients keep artifacts, where they said so. */
export interface ExperimentRecord { id: number; name: string; created: number; updated: number; trashed: number | null; tags: Record<string, string>; location: string | null }
export interface ExperimentChange { name?: string; setTags?: Record<string, string>; deleteTags?: readonly string[]; trashed?: boolean }

interface Cells { id: number; name: string; created: number; updated: number | null; trashed: number | null; tags: string; location: string | null }
const SELECT = 'SELECT id, name, created, updated, trashed, tags, location FROM experiments';
const text = z.record(z.string(), z.string());
const toRecord = (cells: Cells): ExperimentRecord => ({ ...cells, updated: cells.updated ?? cells.created, tags: text.parse(JSON.parse(cells.tags)) });

export const experimentRecords = ({ db }: Context): ExperimentRecord[] => db.prepare(`${SELECT} ORDER BY created DESC, id DESC`).all<Cells>().map(toRecord);

export function experimentById({ db }: Context, id: number): ExperimentRecord | undefined {
  const cells = db.prepare(`${SELECT} WHERE id = ?`).get<Cells>(id);
  return cells && toRecord(cells);
}

export function experimentNamed({ db }: Context, name: string): ExperimentRecord | undefined {
  const cells = db.prepare(`${SELECT} WHERE name = ?`).get<Cells>(name);
  return cells && toRecord(cells);
}

export interface NewExperiment { name: string; created: number; tags?: Record<string, string>; location?: string | null }

/** Throws already_exists: also where the one of that name was thrown away. */
export function createExperiment(context: Context, { name, created, tags = {}, location = null }: NewExperiment): ExperimentRecord {
  return context.write(() => {
    if (experimentNamed(context, name)) throw new RunyardError('already_exists', `there is an experiment '${name}'`, 'take another name, or restore the one that was thrown away');
    context.db.prepare('INSERT INTO experiments (name, created, updated, tags, location) VALUES (?, ?, ?, ?, ?)').run(name, created, created, JSON.stringify(tags), location);
    return mirrored(context, experimentNamed(context, name));
  });
}

/** The experiment's row, made where it is new. Only inside write(). */
export function experimentRow(context: Context, name: string, created: number): number {
  const found = context.db.prepare('SELECT id FROM experiments WHERE name = ?').get<{ id: number }>(name);
  return found ? found.id : createExperiment(context, { name, created }).id;
}

/** Throws not_found, and already_exists for a name that another has. */
export function editExperiment(context: Context, id: number, change: ExperimentChange): ExperimentRecord {
  return context.write(() => {
    const before = experimentById(context, id);
    if (!before) throw new RunyardError('not_found', `there is no experiment ${id}`);
    const other = change.name === undefined ? undefined : experimentNamed(context, change.name);
    if (other && other.id !== id) throw new RunyardError('already_exists', `there is an experiment '${other.name}'`, 'take another name');
    const tags = { ...before.tags, ...change.setTags };
    for (const key of change.deleteTags ?? []) delete tags[key];
    const now = context.clock();
    const trashed = change.trashed === undefined ? before.trashed : change.trashed ? now : null;
    context.db.prepare('UPDATE experiments SET name = ?, tags = ?, trashed = ?, updated = ? WHERE id = ?').run(change.name ?? before.name, JSON.stringify(tags), trashed, now, id);
    return mirrored(context, experimentById(context, id));
  });
}

function mirrored(context: Context, made: ExperimentRecord | undefined): ExperimentRecord {
  if (!made) throw new RunyardError('internal', 'an experiment was not made');
  context.mirror.append({ kind: 'experiment', id: String(made.id), scope: '', sort: made.created, doc: made });
  return made;
}

const record = z.object({ id: z.number().int(), name: z.string(), created: z.number(), updated: z.number(), trashed: z.number().nullable(), tags: text, location: z.string().nullable() });

/** Takes an experiment in again with the number it had. Only inside write(), on a new database. */
export function restoreExperiment({ db }: Context, doc: unknown): void {
  const { id, name, created, updated, trashed, tags, location } = record.parse(doc);
  db.prepare('INSERT OR REPLACE INTO experiments (id, name, created, updated, trashed, tags, location) VALUES (?, ?, ?, ?, ?, ?, ?)').run(id, name, created, updated, trashed, JSON.stringify(tags), location);
}
