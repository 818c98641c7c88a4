/** The move itself: files are laid out, the ledger says it, the pointer follows. Whoever dies in between leaves the old state or the new one. */
import path from 'node:path';
import { describeError, RunyardError } from '../../base/errors';
import type { FileFacts, Person } from '../../../protocol/registry';
import { clearPointer, discard, preparePointer, refuseFolder, restate, swapPointer, sweepStates, type Manifest, type Pointer, type Prepared } from '../live/pointer';
import type { LedgerEntry } from '../ledger/entry';
import { hookName } from './hooks';
import { graceMs, hooksOf, pointerOf, type Moving, type Place } from './parts';

export interface Move extends Place {
  kind: 'promoted' | 'forced' | 'rolledBack';
  /** null: nothing is to be live */
  version: number | null;
  /** live until now */
  from: number | null;
  by: Person; reason: string;
  facts: Record<string, unknown>;
  /** where the version's files lie; none for none */
  files: readonly FileFacts[]; folder: string;
}

/**
 * Files are copied and on the disk before the ledger hears of them; the ledger's entry is what makes the version live; then one rename. Throws disk_full or whatever stopped it
 * before that entry: nothing has changed then. Where only the rename fails the ledger says that it went back.
 */
export async function flip(moving: Moving, move: Move): Promise<LedgerEntry> {
  const { context, parts: { ledger, step } } = moving;
  const { kind, model, version, environment, by, reason } = move;
  const pointer = pointerOf(context, move);
  await refuseFolder(pointer);
  // What is to be run after it, so that an engine that ends before it has is known by that.
  const hooks = hooksOf(context, environment)[kind === 'rolledBack' ? 'onRollback' : 'onPromote'].map(hookName);
  const said = { by, kind, model, version, environment, facts: { from: move.from, reason, ...move.facts, ...(hooks.length > 0 && { hooks }) } };
  const draft = ledger.next(said);
  let prepared = version === null ? null : await preparePointer(pointer, manifestOf(move, draft), sourcesOf(move));
  step?.('prepared');
  let entry: LedgerEntry;
  try {
    // From here to the commit nothing else runs in this process: nobody's entry comes between.
    entry = ledger.next({ ...said, t: draft.t });
    if (prepared && entry.hash !== draft.hash) prepared = restate(prepared, manifestOf(move, entry));
    step?.('sealed');
    ledger.commit(entry);
  } catch (error) {
    if (prepared) await discard(prepared);
    throw error;
  }
  step?.('committed');
  try {
    await pointAt(pointer, prepared);
  } catch (error) {
    goBack(moving, move, error);
  }
  step?.('swapped');
  await tidy(moving, move);
  step?.('swept');
  context.changed([model]);
  return entry;
}

/** It is done: what goes wrong now is told, and undoes nothing. */
async function tidy(moving: Moving, { model, version, environment }: Move): Promise<void> {
  const { context, parts: { followMove } } = moving;
  try {
    if (version !== null) followMove({ model, version, environment });
    await sweep(moving, model);
  } catch (error) {
    context.log.error(`${model} is in ${environment}, and not all that follows was done`, error);
  }
}

/** Now, and once more when what was live until now is read by nobody any more. */
export async function sweep(moving: Moving, model: string): Promise<void> {
  const { context, locks, stop } = moving;
  const { root } = pointerOf(context, { model, environment: '' });
  const grace = graceMs(moving);
  await sweepStates(root, model, grace);
  if (grace === 0) return;
  setTimeout(() => {
    if (stop.aborted || locks.holder(model)) return;
    sweepStates(root, model, grace).catch((error: unknown) => context.log.warn(`old states of ${model} could not be taken away: ${describeError(error)}`));
  }, grace + 100).unref();
}

export async function pointAt(pointer: Pointer, prepared: Prepared | null): Promise<void> {
  if (prepared) await swapPointer(prepared);
  else await clearPointer(pointer);
}

/** The ledger is ahead of a pointer that can't be moved: it says so, and the old version is the live one. */
function goBack({ context, parts: { ledger } }: Moving, { model, version, environment, from, by }: Move, error: unknown): never {
  const reason = `the pointer could not be moved: ${describeError(error)}`;
  ledger.append({ by, kind: 'rolledBack', model, version: from, environment, facts: { from: version, reason, digest: null, checks: [], automatic: true, cause: 'pointer' } });
  context.changed([model]);
  context.attention({ kind: 'rolledBack', model, version: from, environment, text: `${model} in ${environment} stays at ${from === null ? 'nothing' : `version ${from}`}: ${reason}` });
  throw new RunyardError('internal', `${model} version ${version ?? ''} could not be put into ${environment}: ${describeError(error)}`, `what was live is live still; see what is wrong with .runyard/models/${model}/${environment} and try again`, { cause: error });
}

export const sourcesOf = ({ files, folder }: Pick<Move, 'files' | 'folder'>): { path: string; from: string }[] => files.map((file) => ({ path: file.path, from: path.join(folder, ...file.path.split('/')) }));

const manifestOf = ({ files, reason }: Move, entry: LedgerEntry): Manifest => manifestFor(entry, files, reason);

/** What the pointer's folder says of itself: the entry that put it there. */
export function manifestFor({ model, environment, version, t, by, hash }: LedgerEntry, files: readonly FileFacts[], reason: string): Manifest {
  return {
    format: 1, model, environment: environment ?? '', version: version ?? 0, at: t, by, reason, entry: hash,
    files: Object.fromEntries(files.map(({ path: name, digest, size }) => [name, { digest, size }])),
  };
}
