/** Signatures by the person's own SSH or GPG key, made and checked by git: a commit over the empty tree whose message is what was said. */
import { RunyardError } from '../../base/errors';
import { samePerson } from '../ledger/people';
import type { Person } from '../../../protocol/registry';
import { withGit, type GitSaid } from './git';
import { readCommit, statementText, type Statement } from './statement';

/** The signed commit's text. Throws refused where git can't sign, saying what it said. Nothing is written into the repository. */
export async function sign(workspace: string, statement: Statement): Promise<string> {
  return withGit(workspace, async (git) => {
    const { name, email } = statement.by;
    const who = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
    const tree = await git.run(['mktree']);
    if (tree.status !== 0) throw cannotSign(tree);
    const commit = await git.run(['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', '-S', tree.out.trim()], { input: statementText(statement), env: who, seconds: 120 });
    if (commit.status !== 0) throw cannotSign(commit);
    const text = await git.run(['cat-file', 'commit', commit.out.trim()]);
    if (text.status !== 0 || !/^gpgsig/m.test(text.out)) throw cannotSign({ ...text, err: text.err || 'git made a commit without a signature' });
    return text.out;
  });
}

const cannotSign = ({ err }: GitSaid): RunyardError => new RunyardError('refused', `git can't sign: ${lastLines(err) || 'it says nothing more'}`, '`git commit -S` has to work here (user.signingkey, gpg.format); or approve without signing');

const lastLines = (text: string): string => text.trim().split('\n').slice(-2).map((line) => line.trim()).join(' ').slice(0, 400);

/** `by`: whom the key belongs to, as git says. `reason` says why it doesn't hold, '' where it does. */
export interface Verified { holds: boolean; by: string; reason: string }

/** Whether a kept commit is a good signature, of that very statement, by that very person. Asks git, which needs to know whose keys it may trust. */
export async function verify(workspace: string, commit: string, statement: Statement): Promise<Verified> {
  const no = (reason: string): Verified => ({ holds: false, by: '', reason });
  const read = readCommit(commit);
  if (!read) return no('what is kept is no commit');
  if (read.message !== statementText(statement)) return no('it was signed for something else');
  if (!samePerson(read.author, statement.by)) return no(`it names ${shown(read.author)}, not ${shown(statement.by)}`);
  return withGit(workspace, async (git) => {
    const made = await git.run(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: commit });
    if (made.status !== 0) return no(`git can't read it: ${lastLines(made.err)}`);
    const found = await git.run(['verify-commit', '--raw', made.out.trim()]);
    const said = `${found.out}\n${found.err}`;
    if (found.status !== 0) return no(whyNot(said));
    const by = signerOf(said);
    if (!belongs(by, statement.by)) return no(`the key is ${by || 'of nobody that git knows'}, not of ${shown(statement.by)}`);
    return { holds: true, by, reason: '' };
  });
}

const shown = ({ name, email }: Person): string => (email === '' ? name : `${name} <${email}>`);

function whyNot(said: string): string {
  if (/allowedSignersFile needs to be configured/.test(said)) return 'git knows nobody\'s SSH keys here: name a file of them with `git config gpg.ssh.allowedSignersFile FILE`';
  if (/No principal matched/i.test(said)) return 'the key is of nobody in gpg.ssh.allowedSignersFile';
  if (/NO_PUBKEY|ERRSIG/.test(said)) return 'the public key isn\'t in this machine\'s keyring: gpg --import brings it';
  if (/EXPKEYSIG|EXPSIG/.test(said)) return 'the key or the signature has expired';
  if (/REVKEYSIG/.test(said)) return 'the key was revoked';
  return `it isn't good: ${lastLines(said) || 'git says nothing more'}`;
}

/** The principal of an SSH key, or the name and address of a GPG key's owner. */
const signerOf = (said: string): string => /^Good "git" signature for (.+) with \S+ key /m.exec(said)?.[1] ?? /^\[GNUPG:\] GOODSIG \S+ (.+)$/m.exec(said)?.[1] ?? '';

function belongs(signer: string, { name, email }: Person): boolean {
  const own = (/<([^<>]+)>\s*$/.exec(signer)?.[1] ?? signer).trim().toLowerCase();
  return own !== '' && own === (email.trim() === '' ? name : email).trim().toLowerCase();
}
