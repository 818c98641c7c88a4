/** The engine's methods that ask for a judgement: the gates', and people's. */
import { RunyardError } from '../../base/errors';
import { personKey, samePerson } from '../ledger/people';
import { checkEnvironment } from '../gates/edge';
import type { RegistryHandlers } from '../service/handlers';
import type { Gates, Ledger, RegistryContext, Versions, Watching } from '../types';
import type { Person } from '../../../protocol/registry';
import { authorsOf } from './authors';
import { verifyWord } from './approvals';
import { sign } from './signature';
import { approvalOf, lastWords, type ApprovalFacts } from './standing';

export interface ApprovingParts { ledger: Ledger; versions: Versions; /** who works here, as git knows them */ identity(): Promise<Person> }

/** 'registry.approve': a person's word, kept in the ledger. The author's own is refused. */
export function approving(context: RegistryContext, { ledger, versions, identity }: ApprovingParts): Pick<RegistryHandlers, 'registry.approve'> {
  const { workspace } = context;
  return {
    async 'registry.approve'({ model, version: ref, to, judgement, comment: said, sign: signing, by: given }) {
      checkEnvironment(context.loaded().config.registry, to);
      const version = versions.resolve(model, ref);
      const facts = await versions.facts(model, version);
      const by = given ?? await identity();
      // Two names without an address could be one person, and one name two.
      if (by.email.trim() === '') throw new RunyardError('bad_input', `git has no address of ${by.name}, and people are told apart by it`, 'git config --global user.email ADDRESS, and user.name');
      const comment = said.trim();
      if (comment === '') throw new RunyardError('bad_input', 'a judgement needs a comment', 'say in a few words what you looked at: --comment TEXT');
      const authors = await authorsOf(workspace, facts);
      if (authors.some((author) => samePerson(author, by))) {
        throw new RunyardError('refused', `${by.name} made version ${version} of ${model}: an author's own word counts nothing`, 'ask somebody else to look at it');
      }
      const statement = { model, version, digest: facts.digest, environment: to, judgement, comment, by };
      const signature = signing ? { kind: 'git' as const, commit: await sign(workspace, statement) } : null;
      const words: ApprovalFacts = { comment, signature, digest: facts.digest };
      const entry = ledger.append({ by, kind: judgement, model, version, environment: to, facts: words });
      context.changed([model]);
      const word = lastWords(ledger.entries(), { model, version, environment: to, digest: facts.digest }).find((one) => personKey(one.entry.by) === personKey(by)) ?? { entry, judgement, facts: words, environment: to };
      const verified = await verifyWord(workspace, word, facts.digest);
      return approvalOf(word, { authors, signed: verified && verified.holds });
    },
  };
}

/** Runs long work under its caller's name; the engine's job table. */
export interface Jobs { run<T>(job: string, asker: { onGone(heard: () => void): void } | undefined, work: (watching: Watching) => Promise<T>): Promise<T> }
export interface GatingParts extends ApprovingParts { gates: Gates; jobs: Jobs }

/** 'registry.gate'. */
export function gating(_: RegistryContext, { gates, versions, jobs, identity }: GatingParts): Pick<RegistryHandlers, 'registry.gate'> {
  return {
    'registry.gate': ({ model, version: ref, to, job, fresh, python, by }, asker) => jobs.run(job, asker, async (watching) =>
      gates.report({ model, version: versions.resolve(model, ref), to, fresh, python, by: by ?? await identity() }, watching)),
  };
}
