/** The way back: digest, loading and golden predictions are checked, then the pointer moves. */
import { describeError, RunyardError } from '../../base/errors';
import type { MethodArgs } from '../../../protocol/engine';
import type { Person, Rollback, SliceChange, VersionFacts } from '../../../protocol/registry';
import { checkFolderName } from '../live/pointer';
import type { Watching } from '../types';
import { changesBetween } from './changes';
import { flip } from './flip';
import { replayGolden, type MoveCheck } from './golden';
import { runHooks } from './hooks';
import { AUTOMATIC, cancelled, checkReason, environmentNamed, folderOf, hooksOf, registryOf, type Moving, type Place } from './parts';
import { backTarget, checkExpected, pastOf, type Past } from './past';
import { intact } from './promote';

type Args = Omit<MethodArgs<'registry.rollback'>, 'job'>;
/** Who or what wants it. */
export type Cause = 'person' | 'health' | 'alert';
interface Wanted extends Place { version: number; by: Person; cause: Cause; args: Args }

export async function rollback(moving: Moving, args: Args, { watching, cause = 'person' }: { watching: Watching; cause?: Cause }): Promise<Rollback> {
  const { context, parts: { identity, versions, ledger }, locks } = moving;
  const started = performance.now();
  const { model, environment, force, reason } = args;
  checkFolderName('a model', model);
  if (pastOf(ledger.entries(), { model, environment }).last === null) environmentNamed(registryOf(context), environment);
  checkReason(force, reason);
  const by = cause === 'person' ? await identity(args.by) : AUTOMATIC;
  const place = { model, environment };
  const named = args.to === undefined ? undefined : versions.resolve(model, args.to);
  return await locks.hold(model, { by, what: `rolls ${model} back in ${environment}` }, async () => {
    ledger.refresh();
    const past = pastOf(ledger.entries(), place);
    checkExpected(past, place, args.expect);
    const version = backTarget(past, place, named);
    return { ...await goBack(moving, { ...place, version, by, cause, args }, { past, watching }), duration: (performance.now() - started) / 1000 };
  });
}

async function goBack(moving: Moving, wanted: Wanted, { past, watching }: { past: Past; watching: Watching }): Promise<Omit<Rollback, 'duration'>> {
  const { context, parts: { ledger, step } } = moving;
  const { model, environment, version, by, cause, args } = wanted;
  const entries = ledger.entries();
  watching.progress('checking', 0, 0);
  const { facts, folder } = await intact(moving, wanted);
  step?.('checked');
  const digest: MoveCheck = { name: 'digest', outcome: 'pass', text: `${facts.files.length === 1 ? 'its file is' : `its ${facts.files.length} files are`} as registered (${facts.digest.slice(0, 12)})` };
  const checks = [digest, ...await replayGolden(moving, { model, version, facts, folder, python: args.python }, entries, watching)];
  step?.('golden');
  const failed = checks.filter(({ outcome }) => outcome === 'fail');
  if (failed.length > 0 && !args.force) throw new RunyardError('refused', `version ${version} of ${model}: ${failed.map(({ text }) => text).join('; ')}`, 'look at why; force it with a reason where it has to be');
  const changes = await changesOf(moving, past, { model, version, facts });
  if (watching.signal.aborted) throw cancelled();
  watching.progress('moving', 0, 0);
  const forced = failed.length > 0;
  const entry = await flip(moving, {
    model, environment, version, from: past.live, by, reason: args.reason, kind: 'rolledBack', files: facts.files, folder,
    facts: { digest: facts.digest, checks, automatic: cause !== 'person', cause, ...(forced && { forced, blocked: failed.map(({ name }) => name) }) },
  });
  if (forced || cause !== 'person') tell(moving, wanted, forced);
  const { results } = await runHooks(moving, hooksOf(context, environment).onRollback, { model, environment, version, from: past.live, by, entry, mayGoBack: false });
  return { from: past.live, to: version, entry: entry.hash, forced, checks, changes, hooks: results, folder: folderOf(context, wanted) };
}

/** Good to know, and no reason to stay where one is. */
async function changesOf({ context, parts: { evaluating, ledger, versions } }: Moving, { live }: Past, { model, version, facts }: { model: string; version: number; facts: VersionFacts }): Promise<SliceChange[]> {
  try {
    const from = live === null ? null : { version: live, facts: await versions.facts(model, live) };
    return (await changesBetween(evaluating, ledger.entries(), { model, from, to: { version, facts } })).changes;
  } catch (error) {
    context.log.warn(`how the slices of ${model} change could not be told: ${describeError(error)}`);
    return [];
  }
}

function tell({ context }: Moving, { model, environment, version, by, args }: Wanted, forced: boolean): void {
  const text = forced ? `${by.name} forced ${model} in ${environment} back to version ${version}: ${args.reason.trim()}` : `${model} in ${environment} went back to version ${version} by itself: ${args.reason}`;
  context.attention({ kind: forced ? 'forced' : 'rolledBack', model, version, environment, text });
}
