/** Runs as they begin, move and change state. */
import { isLive, type RunState } from '../../protocol/model';
import type { RunSpec } from '../../protocol/spool';
import { isFinal, mayBecome } from '../domain/state';
import type { Context } from './context';
import { experimentRow } from './experiments';
import { setDataset } from './facts';
import { groupKey, refreshGroup } from './groupkey';
import type { RunFacts, StateChange } from './store';

const INSERT = `INSERT OR IGNORE INTO runs (uid, experiment, name, state, created, source, script, parent, argv, cwd, interpreter, runner, group_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Takes in a run's spec. A run that is known already is left as it is. */
export function createRun(context: Context, spec: RunSpec, state: RunState): void {
  const { db } = context;
  context.write(() => {
    const made = db.prepare(INSERT).run(
      spec.runId, experimentRow(context, spec.experiment, spec.created), spec.name, state, spec.created, spec.source, spec.script ?? null, spec.parent ?? null,
      JSON.stringify(spec.argv), spec.cwd, spec.interpreter ?? null, spec.runner, groupKey(spec.experiment, spec.script ?? null, Object.entries(spec.params)),
    );
    if (made === 0) return;
    const row = context.runRow(spec.runId);
    for (const [name, value] of Object.entries(spec.params)) setParam(context, row, name, value);
    for (const [name, value] of Object.entries(spec.tags)) setTag(context, row, name, value);
    for (const dataset of spec.datasets) setDataset(context, row, dataset);
  });
}

export function setParam(context: Context, row: number, name: string, value: string): void {
  context.db.prepare('INSERT INTO params (run, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(row, context.keyId('param', name), value);
}

export function setTag(context: Context, row: number, name: string, value: string): void {
  context.db.prepare('INSERT INTO tags (run, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(row, context.keyId('tag', name), value);
}

/** Only where the run has that tag. */
export function changeTag(context: Context, row: number, name: string, value: string): void {
  context.db.prepare('UPDATE tags SET value = ? WHERE run = ? AND key = ?').run(value, row, context.findKey('tag', name));
}

export function deleteTag(context: Context, row: number, name: string): void {
  context.db.prepare('DELETE FROM tags WHERE run = ? AND key = ?').run(row, context.findKey('tag', name));
}

interface StateRow { state: RunState; started: number | null }

/**
 * Moves a run to another state where domain/state allows it; returns whether it did. `started` is set by the first running state, `ended`,
 * exit code and signal by a final one; a lost run that turns out to run has none of them again.
 */
export function changeState(context: Context, row: number, change: StateChange): boolean {
  const { db } = context;
  const now = db.prepare('SELECT state, started FROM runs WHERE id = ?').get<StateRow>(row);
  if (!now || !mayBecome(now.state, change.state)) return false;
  const final = isFinal(change.state);
  db.prepare('UPDATE runs SET state = ?, reason = ?, started = ?, ended = ?, exit_code = ?, signal = ? WHERE id = ?').run(
    change.state, change.reason ?? '', now.started ?? (change.state === 'running' ? change.t : null), final ? change.t : null,
    final ? change.code ?? null : null, final ? change.signal ?? null : null, row,
  );
  return true;
}

export const setState = (context: Context, run: string, change: StateChange): boolean => context.write(() => changeState(context, context.runRow(run), change));

/** The command was started at t: that is the truth of `started`, whatever state the run has by now. */
export function markStarted(context: Context, row: number, t: number): void {
  const state = context.db.prepare('SELECT state FROM runs WHERE id = ?').get<StateRow>(row)?.state;
  if (state === 'queued') changeState(context, row, { state: 'running', t });
  context.db.prepare('UPDATE runs SET started = ? WHERE id = ?').run(t, row);
}

/** Only inside write(). */
export function moveRun(context: Context, row: number, experiment: string): void {
  context.db.prepare('UPDATE runs SET experiment = ? WHERE id = ?').run(experimentRow(context, experiment, context.clock()), row);
  refreshGroup(context, row);
}

/** The runner of runs that a client outside speaks for. */
export const CLIENT_RUNNER = 'mlflow';

/**
 * What a client says of its run's state. Its own run is in that state, whatever it was in before; of a run whose process is watched the
 * word is kept beside the state.
 */
export function clientState(context: Context, row: number, change: StateChange): void {
  const { db } = context;
  const now = db.prepare('SELECT state, started, runner FROM runs WHERE id = ?').get<StateRow & { runner: string }>(row);
  if (!now) return;
  const final = isFinal(change.state);
  if (now.runner !== CLIENT_RUNNER) db.prepare('UPDATE runs SET said = ?, said_at = ? WHERE id = ?').run(change.state, final ? change.t : null, row);
  else {
    db.prepare('UPDATE runs SET state = ?, reason = ?, started = ?, ended = ? WHERE id = ?')
      .run(change.state, change.reason ?? '', now.started ?? (change.state === 'running' ? change.t : null), final ? change.t : null, row);
  }
}

export interface LiveRun { id: string; state: RunState; runner: string; /** who made it: editor, cli, mlflow, import ... */ source: string }

export function liveRuns({ db }: Context): LiveRun[] {
  return db.prepare("SELECT uid AS id, state, runner, source FROM runs WHERE state IN ('queued','running') ORDER BY created, uid").all<LiveRun>().filter((run) => isLive(run.state));
}

export const hasRun = ({ db }: Context, run: string): boolean => db.prepare('SELECT 1 AS one FROM runs WHERE uid = ?').get<{ one: number }>(run) !== undefined;

export const runIds = ({ db }: Context): string[] => db.prepare('SELECT uid FROM runs ORDER BY created, uid').all<{ uid: string }>().map((row) => row.uid);

interface SaidRow { said: RunState | null; said_at: number | null }
export function saidOf(context: Context, run: string): { state: RunState; ended: number | null } | null {
  const row = context.db.prepare('SELECT said, said_at FROM runs WHERE id = ?').get<SaidRow>(context.runRow(run));
  return row?.said ? { state: row.said, ended: row.said_at } : null;
}

interface FactCells extends Omit<RunFacts, 'trashed'> { trashed: number | null }
const FACTS = 'SELECT r.state AS state, r.runner AS runner, r.trashed AS trashed, e.name AS experiment FROM runs r JOIN experiments e ON e.id = r.experiment WHERE r.uid = ?';

/** Asked at every call of a client: an answer is kept until the next write. */
export function createFacts(context: Context): (run: string) => RunFacts | undefined {
  const kept = new Map<string, RunFacts | undefined>();
  let version = -1;
  return (run) => {
    if (version !== context.version()) kept.clear();
    version = context.version();
    if (kept.has(run)) return kept.get(run);
    const cells = context.db.prepare(FACTS).get<FactCells>(run);
    const facts = cells && { ...cells, trashed: cells.trashed !== null };
    kept.set(run, facts);
    return facts;
  };
}
