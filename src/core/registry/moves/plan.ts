/** What a promotion or a roll back would change, for a person to read before they say yes. Nothing is computed for it. */
import { RunyardError } from '../../base/errors';
import type { MethodArgs } from '../../../protocol/engine';
import type { Plan } from '../../../protocol/registry';
import { checkFolderName } from '../live/pointer';
import { edgeTaken } from '../gates/edge';
import { changesBetween } from './changes';
import { hookName } from './hooks';
import { environmentNamed, folderOf, hooksOf, isDisputed, registryOf, type Moving, type Place } from './parts';
import { backTarget, pastOf } from './past';

type Args = MethodArgs<'registry.plan'>;

/** Throws not_found for a version that isn't there, refused where there is nothing to go back to. */
export async function plan(moving: Moving, args: Args): Promise<Plan> {
  const { context, parts: { ledger, versions, evaluating } } = moving;
  const { model, to: environment } = args;
  checkFolderName('a model', model);
  ledger.refresh();
  const entries = ledger.entries();
  const past = pastOf(entries, { model, environment });
  if (!args.rollback || past.last === null) environmentNamed(registryOf(context), environment);
  const { onPromote, onRollback } = hooksOf(context, environment);
  const wanted = args.version === undefined ? undefined : versions.resolve(model, args.version);
  if (wanted === undefined && !args.rollback) throw new RunyardError('bad_input', 'no version was named', 'say which is to be promoted');
  const version = args.rollback ? backTarget(past, { model, environment }, wanted) : wanted ?? 0;
  const facts = await versions.facts(model, version);
  const from = past.live === null ? null : { version: past.live, facts: await versions.facts(model, past.live) };
  const changes = await changesBetween(evaluating, entries, { model, from, to: { version, facts } });
  return {
    ...changes, model, environment, from: past.live, to: version, since: past.last?.version == null ? null : past.last.t, files: facts.files, folder: folderOf(context, { model, environment }),
    hooks: (args.rollback ? onRollback : onPromote).map(hookName), refusal: await refusalOf(moving, { model, environment, version }, args),
  };
}

/** Whatever the gates say. Bytes are looked at when it is done. */
async function refusalOf({ context, parts: { ledger, versions }, locks }: Moving, { model, environment, version }: Place & { version: number }, { rollback }: Args): Promise<string | null> {
  const holder = locks.holder(model);
  if (holder) return `${holder.by.name} ${holder.what} right now`;
  const config = registryOf(context);
  if (!rollback && pastOf(ledger.entries(), { model, environment }).live === version && !isDisputed(ledger, { model, environment })) return `version ${version} is live in ${environment} already`;
  // They are fetched from the folder for weights when it is done; where there is none, nobody can.
  if (config.weights === undefined && !versions.here(await versions.facts(model, version))) return `the files of version ${version} are not on this machine`;
  if (rollback) return null;
  try {
    edgeTaken(config, ledger.entries(), { model, version, to: environment });
    return null;
  } catch (error) {
    if (error instanceof RunyardError) return error.message;
    throw error;
  }
}
