/** What only a process of its own can show: who acts, and a person at a terminal. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actor } from '../../../src/cli/registry/who';

describe('who acts', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-who-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  /** Nothing of this machine's own settings. */
  const alone = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' });

  test('the environment goes before what git is configured with', async () => {
    writeFileSync(path.join(folder, '.gitconfig'), '[user]\n\tname = Ana Gil\n\temail = ana@example.org\n');
    expect(await actor({ cwd: folder, env: alone() })).toEqual({ by: { name: 'Ana Gil', email: 'ana@example.org' } });
    expect(await actor({ cwd: folder, env: { ...alone(), GIT_AUTHOR_NAME: 'Bo Li', GIT_AUTHOR_EMAIL: 'bo@example.org' } })).toEqual({ by: { name: 'Bo Li', email: 'bo@example.org' } });
  });

  test("the repository's own settings count where the command runs", async () => {
    execFileSync('git', ['init', '-q', folder], { env: alone() });
    writeFileSync(path.join(folder, '.git', 'config'), '[user]\n\tname = Łucja Nowak\n\temail = l@example.org\n');
    expect(await actor({ cwd: folder, env: alone() })).toEqual({ by: { name: 'Łucja Nowak', email: 'l@example.org' } });
  });

  test('where git knows nobody, or is not there, nobody is named', async () => {
    expect(await actor({ cwd: folder, env: alone() })).toEqual({});
    expect(await actor({ cwd: folder, env: { ...alone(), PATH: folder } })).toEqual({});
  });
});
