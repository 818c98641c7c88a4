/** People's words with real git and real keys: who may say yes, and whose signature holds. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import { parseConfig } from '../../../../src/core/config/load';
import { approvalsOf } from '../../../../src/core/registry/approvals/approvals';
import { authorsOf } from '../../../../src/core/registry/approvals/authors';
import { approving } from '../../../../src/core/registry/approvals/handlers';
import { sign, verify } from '../../../../src/core/registry/approvals/signature';
import type { Statement } from '../../../../src/core/registry/approvals/statement';
import { approvalGate } from '../../../../src/core/registry/gates/approval';
import { gateConfig, type GateOf } from '../../../../src/core/config/registry';
import { gitIdentity } from '../../../../src/core/registry/service/identity';
import { openLedger } from '../../../../src/core/registry/ledger/log';
import { createVersions, type VersionsService } from '../../../../src/core/registry/versions/versions';
import type { Ledger, RegistryContext } from '../../../../src/core/registry/types';
import { openStore } from '../../../../src/core/store/open';
import { registerParams, type Approval } from '../../../../src/protocol/registry';

const ana = { name: 'Ana', email: 'ana@example.org' };
const ben = { name: 'Ben', email: 'ben@example.org' };
const eva = { name: 'Eva', email: 'eva@example.org' };
const had = { ...process.env };
let home = '';

beforeAll(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-keys-')));
  // Nobody's own settings, whoever runs the tests.
  Object.assign(process.env, { HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: path.join(home, 'gitconfig'), SSH_AUTH_SOCK: '' });
  for (const name of ['ben', 'eva']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path.join(home, name)]);
  const key = (name: string): string => readFileSync(path.join(home, `${name}.pub`), 'utf8').trim();
  writeFileSync(path.join(home, 'allowed'), `ben@example.org ${key('ben')}\neva@example.org ${key('eva')}\n`);
});
afterAll(() => {
  process.env = had;
  rmSync(home, { recursive: true, force: true });
});

/** Git's settings of whoever works here. */
function settings(key: 'ben' | 'eva' | null, more = ''): void {
  const signing = key === null ? '' : `[user]\n  signingkey = ${path.join(home, key)}.pub\n[gpg]\n  format = ssh\n[gpg "ssh"]\n  allowedSignersFile = ${path.join(home, 'allowed')}\n`;
  writeFileSync(path.join(home, 'gitconfig'), `[user]\n  name = Ben\n  email = ben@example.org\n${signing}${more}`);
}

interface Place { workspace: string; context: RegistryContext; ledger: Ledger; versions: VersionsService; changed: string[][]; approve(more: Record<string, unknown>): Promise<Approval>; git(...args: string[]): string }

/** A workspace with version 1 of 'loan', registered by Ana. */
async function place({ repository = true }: { repository?: boolean } = {}): Promise<Place> {
  settings('ben');
  const workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-approvals-')));
  onTestFinished(() => rmSync(workspace, { recursive: true, force: true }));
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: workspace, encoding: 'utf8', stdio: 'pipe' });
  writeFileSync(path.join(workspace, 'model.bin'), 'weights');
  if (repository) {
    git('init', '-q');
    git('-c', 'user.name=Carl', '-c', 'user.email=carl@example.org', 'commit', '-q', '--allow-empty', '-m', 'start');
  }
  let now = 1_700_000_000;
  const clock = (): number => (now += 1);
  const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock });
  const changed: string[][] = [];
  const loaded = { file: 'runyard.yaml', ...parseConfig('registry:\n  environments: [staging, production]\n', 'runyard.yaml') };
  const context: RegistryContext = { workspace, store, clock, log: silentLog, loaded: () => loaded, changed: (models) => { changed.push(models); }, attention: () => undefined };
  const ledger = openLedger(context);
  onTestFinished(() => { ledger.dispose(); store.dispose(); });
  const versions = createVersions(context, ledger, { signature: () => Promise.resolve(null), get: () => Promise.reject(new Error('none')) }, () => Promise.resolve(ana));
  await versions.register(registerParams.parse({ model: 'loan', file: 'model.bin' }), ana, { signal: new AbortController().signal, progress: () => undefined });
  const handlers = approving(context, { ledger, versions, identity: () => gitIdentity(workspace) });
  return { workspace, context, ledger, versions, changed, git, approve: (more) => handlers['registry.approve']({ model: 'loan', version: 1, to: 'production', judgement: 'approved', comment: 'looked at the slices', sign: false, ...more }) };
}

const judge = async ({ workspace, ledger, versions }: Place, config: Record<string, unknown> = {}): Promise<string> => {
  const facts = await versions.facts('loan', 1);
  const authors = await authorsOf(workspace, facts);
  const approvals = await approvalsOf(ledger.entries(), { model: 'loan', version: 1, environment: 'production', digest: facts.digest }, { workspace, authors });
  const { outcome, reason } = approvalGate(gateConfig.parse({ gate: 'approval', ...config }) as GateOf<'approval'>, { approvals, authors, model: 'loan', version: 1, environment: 'production' });
  return `${outcome}: ${reason}`;
};

test('the author is refused, under every name that the commit has for them; others are asked who they are by git', async () => {
  const here = await place();
  for (const by of [ana, { name: 'A.', email: 'ANA@example.org' }, { name: 'Carl', email: 'carl@example.org' }]) {
    await expect(here.approve({ by })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining("an author's own word counts nothing") as string });
  }
  writeFileSync(path.join(here.workspace, '.mailmap'), 'Ben <ben@example.org> <carl@example.org>\n');
  await expect(here.approve({})).rejects.toMatchObject({ code: 'refused' });
  rmSync(path.join(here.workspace, '.mailmap'));
  expect(await judge(here)).toBe('cannot tell: 0 of 1 approval');
  expect(await here.approve({})).toMatchObject({ judgement: 'approved', by: ben, comment: 'looked at the slices', signed: null, own: false, environment: 'production' });
  expect(here.changed.at(-1)).toEqual(['loan']);
  expect(await judge(here)).toBe('pass: approved by Ben');
  expect(here.ledger.verify()).toMatchObject({ ok: true, entries: 2 });
});

test('several people, a rejection, and whoever thinks again', async () => {
  const here = await place();
  await here.approve({ by: ben });
  expect(await judge(here, { people: 2 })).toBe('cannot tell: 1 of 2 approvals (Ben)');
  await here.approve({ by: eva, judgement: 'rejected', comment: 'worse in the south' });
  expect(await judge(here)).toBe('fail: rejected by Eva: worse in the south');
  await here.approve({ by: eva, comment: 'mended' });
  await here.approve({ by: ben, comment: 'still fine' });
  expect(await judge(here, { people: 2 })).toBe('pass: approved by Eva, Ben');
  expect(await judge(here, { people: 3 })).toMatch(/^cannot tell: 2 of 3/);
  await here.approve({ to: 'staging', by: { name: 'Zoe', email: 'zoe@example.org' } });
  expect(await judge(here, { people: 3 })).toMatch(/^cannot tell: 2 of 3/);
});

test('what makes no sense is refused, and nothing is written', async () => {
  const here = await place();
  const before = here.ledger.entries().length;
  await expect(here.approve({ comment: '  ' })).rejects.toMatchObject({ code: 'bad_input' });
  await expect(here.approve({ to: 'prod' })).rejects.toMatchObject({ code: 'bad_input', hint: "did you mean 'production'?" });
  await expect(here.approve({ version: 7 })).rejects.toMatchObject({ code: 'not_found' });
  writeFileSync(path.join(home, 'gitconfig'), '');
  await expect(here.approve({})).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('git has no address of') as string });
  expect(here.ledger.entries()).toHaveLength(before);
});

test('signed with an SSH key through git: it holds for that statement, that person and those bytes only', async () => {
  const here = await place();
  const objects = (): string[] => readdirSync(path.join(here.workspace, '.git/objects'), { recursive: true }).map(String).sort();
  const before = objects();
  expect(await here.approve({ sign: true })).toMatchObject({ signed: true, by: ben });
  // Nothing of it is in the repository.
  expect(objects()).toEqual(before);
  expect(await judge(here, { signed: true })).toBe('pass: approved by Ben');
  const entry = here.ledger.entries().at(-1);
  const facts = entry?.facts as { comment: string; digest: string; signature: { commit: string } };
  const { commit } = facts.signature;
  expect(commit).toMatch(/^gpgsig -----BEGIN SSH SIGNATURE-----$/m);
  const statement: Statement = { model: 'loan', version: 1, digest: facts.digest, environment: 'production', judgement: 'approved', comment: facts.comment, by: ben };
  const check = (more: Partial<Statement>, text = commit): ReturnType<typeof verify> => verify(here.workspace, text, { ...statement, ...more });
  expect(await check({})).toEqual({ holds: true, by: 'ben@example.org', reason: '' });
  const others: Partial<Statement>[] = [{ version: 2 }, { model: 'other' }, { digest: 'e'.repeat(64) }, { environment: 'staging' }, { judgement: 'rejected' }, { comment: 'something else' }];
  for (const more of others) expect(await check(more), JSON.stringify(more)).toMatchObject({ holds: false, reason: 'it was signed for something else' });
  expect(await check({ by: eva })).toMatchObject({ holds: false, reason: 'it names Ben <ben@example.org>, not Eva <eva@example.org>' });
  // Both the text and the statement changed, as somebody would who edits the ledger.
  const forged = commit.replace('looked at the slices', 'did not look at all').replace('version 1 for', 'version 1 for');
  expect(await check({ comment: 'did not look at all' }, forged)).toMatchObject({ holds: false, reason: expect.stringContaining("it isn't good") as string });
  const stolen = commit.replaceAll('Ben <ben@example.org>', 'Eva <eva@example.org>');
  expect(await check({ by: eva }, stolen)).toMatchObject({ holds: false });
  expect(await check({}, 'no commit at all')).toMatchObject({ holds: false, reason: 'what is kept is no commit' });
});

test('a key of somebody else, an unknown one, and a clone where git knows no keys', async () => {
  const here = await place();
  settings('eva');
  expect(await here.approve({ sign: true })).toMatchObject({ by: ben, signed: false });
  expect(await judge(here, { signed: true })).toMatch(/^cannot tell: 0 of 1 approval; 1 other without a signature that holds$/);
  const statement: Statement = { model: 'loan', version: 1, digest: 'd', environment: 'production', judgement: 'approved', comment: 'x', by: ben };
  const evas = await sign(here.workspace, statement);
  expect(await verify(here.workspace, evas, statement)).toMatchObject({ holds: false, reason: 'the key is eva@example.org, not of Ben <ben@example.org>' });
  settings('ben');
  const bens = await sign(here.workspace, statement);
  writeFileSync(path.join(home, 'gitconfig'), '[gpg]\n  format = ssh\n');
  expect(await verify(here.workspace, bens, statement)).toMatchObject({ holds: false, reason: expect.stringContaining('gpg.ssh.allowedSignersFile') as string });
  mkdirSync(path.join(home, 'none'), { recursive: true });
  writeFileSync(path.join(home, 'none/allowed'), readFileSync(path.join(home, 'allowed'), 'utf8').split('\n').slice(1).join('\n'));
  writeFileSync(path.join(home, 'gitconfig'), `[gpg]\n  format = ssh\n[gpg "ssh"]\n  allowedSignersFile = ${path.join(home, 'none/allowed')}\n`);
  expect(await verify(here.workspace, bens, statement)).toMatchObject({ holds: false, reason: 'the key is of nobody in gpg.ssh.allowedSignersFile' });
});

/** Whether gpg is here; without it only SSH keys are tried. */
const hasGpg = (() => {
  try {
    execFileSync('gpg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(hasGpg)('signed with a GPG key: it is told whose it is, and a machine without the public key says so', async () => {
  const here = await place();
  const ring = mkdtempSync(path.join(home, 'g'));
  process.env['GNUPGHOME'] = ring;
  onTestFinished(() => {
    execFileSync('gpgconf', ['--homedir', ring, '--kill', 'all'], { stdio: 'ignore' });
    delete process.env['GNUPGHOME'];
  });
  execFileSync('gpg', ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', 'Ben <ben@example.org>', 'ed25519', 'sign', 'never'], { stdio: 'ignore' });
  writeFileSync(path.join(home, 'gitconfig'), '[user]\n  name = Ben\n  email = ben@example.org\n');
  expect(await here.approve({ sign: true })).toMatchObject({ by: ben, signed: true });
  const { signature: { commit }, digest } = here.ledger.entries().at(-1)?.facts as { signature: { commit: string }; digest: string };
  const statement: Statement = { model: 'loan', version: 1, digest, environment: 'production', judgement: 'approved', comment: 'looked at the slices', by: ben };
  expect(await verify(here.workspace, commit, statement)).toEqual({ holds: true, by: 'Ben <ben@example.org>', reason: '' });
  expect(await verify(here.workspace, commit.replace('looked at', 'looked not at'), { ...statement, comment: 'looked not at the slices' })).toMatchObject({ holds: false });
  process.env['GNUPGHOME'] = mkdtempSync(path.join(home, 'e'));
  expect(await verify(here.workspace, commit, statement)).toMatchObject({ holds: false, reason: expect.stringContaining("isn't in this machine's keyring") as string });
});

test('signing works without a repository, and says what git says where it has no key', async () => {
  const here = await place({ repository: false });
  expect(await here.approve({ sign: true })).toMatchObject({ signed: true });
  settings(null, '[gpg]\n  format = ssh\n[gpg "ssh"]\n  defaultKeyCommand = false\n');
  await expect(here.approve({ sign: true, by: eva })).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(/^git can't sign: /) as string });
  expect(readdirSync(here.workspace).sort()).toEqual(['.runyard', 'model.bin']);
});
