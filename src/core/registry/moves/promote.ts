/** Promotion: gates, golden predictions, the move, hooks. */
import { RunyardError } from '../../base/errors';
import type { MethodArgs } from '../../../protocol/engine';
import type { GateReport, HookResult, Person, Promotion, VersionFacts } from '../../../protocol/registry';
import { checkFolderName } from '../live/pointer';
import type { LedgerEntry } from '../ledger/entry';
import type { Watching } from '../types';
import { goBackAfterHook } from './back';
import { flip } from './flip';
import { recordGolden } from './golden';
import { runHooks } from './hooks';
import { cancelled, checkReason, environmentNamed, folderOf, hooksOf, isDisputed, registryOf, type Moving, type Place } from './parts';
import { checkExpected, pastOf, type Past } from './past';
import { isWhole } from './whole';

type Args = Omit<MethodArgs<'registry.promote'>, 'job'>;
interface Wanted extends Place { version: number; by: Person; args: Args }

/** Throws conflict where somebody else is at it or was, refused for what no force overrides; that gates block is an answer. */
export async function promote(moving: Moving, args: Args, watching: Watching): Promise<Promotion> {
  const { context, parts: { identity, versions, ledger }, locks } = moving;
  const { model, to: environment, force, reason } = args;
  checkFolderName('a model', model);
  environmentNamed(registryOf(context), environment);
  checkReason(force, reason);
  const by = await identity(args.by);
  const version = versions.resolve(model, args.version);
  return await locks.hold(model, { by, what: `promotes version ${version} of ${model} to ${environment}` }, async () => {
    ledger.refresh();
    const past = pastOf(ledger.entries(), { model, environment });
    checkExpected(past, { model, environment }, args.expect);
    await refuseSame(moving, past, { model, environment, version });
    return await gated(moving, { model, environment, version, by, args }, { past, watching });
  });
}

/** What is live already is written again only where its folder isn't what it was, or where two clones disagree on what is live: that settles it. */
async function refuseSame({ context, parts }: Moving, { live, last }: Past, { model, environment, version }: Place & { version: number }): Promise<void> {
  if (live !== version || !last || isDisputed(parts.ledger, { model, environment }) || !await isWhole(context, parts.ledger.entries(), { model, environment })) return;
  throw new RunyardError('already_exists', `version ${version} of ${model} is live in ${environment} already`, 'nothing has to be done');
}

async function gated(moving: Moving, wanted: Wanted, { past, watching }: { past: Past; watching: Watching }): Promise<Promotion> {
  const { parts: { gates } } = moving;
  const { model, environment: to, version, by, args } = wanted;
  const report = await gates.report({ model, version, to, by, ...(args.python !== undefined && { python: args.python }) }, watching);
  const blocked = report.gates.filter(({ blocks }) => blocks).map(({ name }) => name);
  if (blocked.length > 0 && !args.force) return { promoted: false, forced: false, from: past.live, report, hooks: [], rolledBack: false, entry: null, folder: null };
  const { facts, folder } = await intact(moving, wanted);
  moving.parts.step?.('checked');
  watching.progress('recording golden predictions', 0, 0);
  const recorded = await recordGolden(moving, { model, version, facts, folder, python: args.python }, evidenceOf(moving, wanted, report), watching);
  moving.parts.step?.('golden');
  if (watching.signal.aborted) throw cancelled();
  watching.progress('moving', 0, 0);
  const entry = await flip(moving, {
    model, environment: to, version, from: past.live, by, reason: args.reason, files: facts.files, folder,
    kind: blocked.length > 0 ? 'forced' : 'promoted',
    facts: {
      digest: facts.digest, gates: gatesEntry(moving, wanted), golden: recorded.digest, latency: recorded.latency, ...(recorded.why !== '' && { noGolden: recorded.why }), ...(blocked.length > 0 && { blocked }),
    },
  });
  if (blocked.length > 0) loud(moving, wanted, blocked);
  const after = await afterwards(moving, { ...wanted, from: past.live, entry });
  return { promoted: !after.rolledBack, forced: blocked.length > 0, from: past.live, report, ...after, entry: entry.hash, folder: folderOf(moving.context, wanted) };
}

/** The version's files, each as it was registered. Throws refused naming those that aren't; no force overrides it. */
export async function intact({ parts: { versions } }: Moving, { model, version }: { model: string; version: number }): Promise<{ facts: VersionFacts; folder: string }> {
  const facts = await versions.facts(model, version);
  const folder = await versions.folder(model, version);
  const altered = await versions.altered(model, version);
  if (altered.length > 0) throw new RunyardError('refused', `files of ${model} version ${version} are not what they were: ${altered.map(({ path }) => path).slice(0, 5).join(', ')}`, `bring them back: runyard models fetch ${model} ${version} --from FOLDER`);
  return { facts, folder };
}

/** Evaluations whose data golden rows may come from, the best first. */
function evidenceOf({ parts: { ledger } }: Moving, { model, version }: Wanted, { evaluations }: GateReport): string[] {
  const noted = ledger.entries().flatMap((entry) => (entry.kind === 'evaluated' && entry.model === model && entry.version === version && typeof entry.facts['evaluation'] === 'string' ? [entry.facts['evaluation']] : []));
  return [...new Set([...evaluations, ...noted.reverse()])];
}

/** The hash of what the gates said of this very move. */
function gatesEntry({ parts: { ledger } }: Moving, { model, version, environment }: Wanted): string | null {
  return ledger.entries().findLast((entry) => entry.kind === 'gates' && entry.model === model && entry.version === version && (entry.environment ?? entry.facts['to']) === environment)?.hash ?? null;
}

function loud({ context }: Moving, { model, environment, version, by, args }: Wanted, blocked: readonly string[]): void {
  context.attention({ kind: 'forced', model, version, environment, text: `${by.name} forced ${model} version ${version} into ${environment} against ${blocked.join(', ')}: ${args.reason.trim()}` });
}

async function afterwards(moving: Moving, done: Wanted & { from: number | null; entry: LedgerEntry }): Promise<{ hooks: HookResult[]; rolledBack: boolean }> {
  const { onPromote } = hooksOf(moving.context, done.environment);
  const { results, failed } = await runHooks(moving, onPromote, { ...done, mayGoBack: true });
  if (!failed) return { hooks: results, rolledBack: false };
  const { hooks, rolledBack } = await goBackAfterHook(moving, done, failed);
  return { hooks: [...results.map((one) => ({ ...one, rolledBack: one.rolledBack && rolledBack })), ...hooks], rolledBack };
}
