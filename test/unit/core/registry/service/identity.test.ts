import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { gitIdentity } from '../../../../../src/core/registry/service/identity';
import { tempFolder } from '../ledger/support';

let workspace = '';
const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: workspace });
beforeEach(() => {
  workspace = tempFolder();
  const home = path.join(workspace, 'home');
  mkdirSync(home);
  // Nobody's own settings of git.
  for (const [name, value] of Object.entries({ HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_GLOBAL: path.join(home, 'none'), GIT_CONFIG_NOSYSTEM: '1' })) vi.stubEnv(name, value);
  for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'EMAIL']) vi.stubEnv(name, undefined);
  git('init', '-q');
  return () => vi.unstubAllEnvs();
});

test('the author that git would write is who works here', async () => {
  git('config', 'user.name', 'Ana Ångström');
  git('config', 'user.email', 'ana@example.org');
  expect(await gitIdentity(workspace)).toEqual({ name: 'Ana Ångström', email: 'ana@example.org' });
  vi.stubEnv('GIT_AUTHOR_NAME', 'Ben');
  vi.stubEnv('GIT_AUTHOR_EMAIL', 'ben@example.org');
  expect(await gitIdentity(workspace)).toEqual({ name: 'Ben', email: 'ben@example.org' });
});

test('a name without an address is a name, an address is never made up', async () => {
  git('config', 'user.name', 'Ana');
  expect(await gitIdentity(workspace)).toEqual({ name: 'Ana', email: '' });
});

test('without anything said, without a repository or a folder, it is the machine\'s user', async () => {
  const user = { name: os.userInfo().username, email: '' };
  expect(await gitIdentity(workspace)).toEqual(user);
  expect(await gitIdentity(tempFolder())).toEqual(user);
  expect(await gitIdentity(path.join(workspace, 'not there'))).toEqual(user);
  vi.stubEnv('PATH', path.join(workspace, 'home'));
  expect(await gitIdentity(workspace)).toEqual(user);
});
