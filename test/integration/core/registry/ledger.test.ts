/** The ledger when its writer is ended, when the disk is full, and when git merges it. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ana, ben, move, place, tempFolder, type Place } from '../../../unit/core/registry/ledger/support';
import { bundle } from '../../../support/bundle';
import { until } from '../../../support/until';

const CHILD = 'test/integration/core/registry/ledger-child.ts';
const SHARED = 'registry: {share: team}';

test('a writer that is killed at any moment loses no acknowledged entry and leaves a chain that verifies', async () => {
  const workspace = tempFolder();
  const script = bundle(CHILD);
  const acknowledged: string[] = [];
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, [script, 'append', workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part) => { text += String(part); });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Anywhere: in the first write of all, between two, in the midst of one.
    await until('entries', () => text.length >= round * 65, 20_000, 1);
    child.kill('SIGKILL');
    await ended;
    acknowledged.push(...text.split('\n').filter((hash) => hash.length === 64));
    if (round % 4 === 3) for (const name of readdirSync(path.join(workspace, '.runyard'))) if (name.startsWith('runyard.db')) rmSync(path.join(workspace, '.runyard', name));
    const at = place(workspace, SHARED);
    const hashes = new Set(at.ledger.entries().map(({ hash }) => hash));
    expect(acknowledged.filter((hash) => !hashes.has(hash))).toEqual([]);
    expect(at.ledger.verify()).toMatchObject({ ok: true, faults: [], entries: hashes.size });
    at.close();
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(45);
});

const NAMESPACE = [['-m'], ['-rm']].find((how) => spawnSync('unshare', [...how, 'true']).status === 0);

test.skipIf(!NAMESPACE)('a full disk is said, and leaves what was there, whole, wherever in the write it was full', () => {
  const workspace = tempFolder();
  const inside = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"';
  const said = execFileSync('unshare', [...NAMESPACE ?? [], 'sh', '-c', inside, workspace, process.execPath, bundle(CHILD), 'full', workspace], { encoding: 'utf8' });
  const { rounds } = JSON.parse(said) as { rounds: { left: number; code: string; acknowledged: boolean; whole: boolean }[] };
  expect(rounds).toEqual(rounds.map(({ left }) => ({ left, code: 'disk_full', acknowledged: true, whole: true })));
  expect(rounds).toHaveLength(13);
});

test.skipIf(process.platform === 'win32')('a limit on a file\'s size cuts no entry in half', () => {
  const at = place();
  at.ledger.append(move(1));
  at.close();
  // An empty line says nothing; the file is nearly as large as any may be.
  writeFileSync(at.file, `${' '.repeat(8_000_000 - 30_000)}\n${readFileSync(at.file, 'utf8')}`);
  const run = spawnSync('bash', ['-c', `ulimit -f ${Math.floor(8_000_000 / 1024)}; exec "$0" "$@"`, process.execPath, bundle(CHILD), 'append', at.workspace], { encoding: 'utf8', timeout: 30_000 });
  expect(run.stderr).toContain('no space to write to the ledger');
  const next = place(at.workspace);
  const hashes = next.ledger.entries().map(({ hash }) => hash);
  expect(hashes.slice(1)).toEqual(run.stdout.trim().split('\n'));
  expect(next.ledger.verify()).toMatchObject({ ok: true, entries: hashes.length });
});

describe('two clones of one repository', () => {
  const git = (cwd: string, ...args: string[]): string => execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', '-c', 'commit.gpgsign=false', ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const commit = (at: Place, folder: string): void => { git(at.workspace, 'add', folder); git(at.workspace, 'commit', '-qm', 'ledger'); };
  const lines = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.jsonl')).flatMap((name) => readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n'));

  /** Two clones of a bare repository, each with its workspace open. */
  function clones(config: string): [Place, Place] {
    const root = tempFolder();
    git(root, 'init', '-q', '--bare', '-b', 'main', 'origin.git');
    git(root, 'clone', '-q', 'origin.git', 'a');
    writeFileSync(path.join(root, 'a', 'README.md'), 'x\n');
    const first = place(path.join(root, 'a'), config);
    git(first.workspace, 'checkout', '-q', '-b', 'main');
    git(first.workspace, 'add', 'README.md');
    git(first.workspace, 'commit', '-qm', 'first');
    git(first.workspace, 'push', '-q', 'origin', 'main');
    git(root, 'clone', '-q', 'origin.git', 'b');
    return [first, place(path.join(root, 'b'), config)];
  }

  test.each([['the folder that runyard.yaml names', SHARED, 'team'], ['the ledger\'s own folder', '', '.runyard/ledger']])('append, commit and merge %s without a conflict, and lose no line', (_, config, folder) => {
    const [a, b] = clones(config);
    a.ledger.append(move(1));
    b.ledger.append(move(2, { by: ben }));
    a.ledger.append(move(3, { kind: 'approved', by: ana, facts: { comment: 'a', signature: null } }));
    commit(a, folder);
    git(a.workspace, 'push', '-q', 'origin', 'main');
    commit(b, folder);
    git(b.workspace, 'pull', '-q', '--no-rebase', '--no-edit', 'origin', 'main');
    git(b.workspace, 'push', '-q', 'origin', 'main');
    git(a.workspace, 'pull', '-q', '--no-rebase', '--no-edit', 'origin', 'main');
    expect([a.ledger.refresh(), b.ledger.refresh()]).toEqual([true, true]);
    for (const at of [a, b]) {
      expect(git(at.workspace, 'status', '--porcelain', '-uno')).toBe('');
      const kept = lines(path.join(at.workspace, ...folder.split('/'), ...(config === '' ? [] : ['ledger'])));
      expect(kept).toHaveLength(3);
      expect(kept.join('\n')).not.toMatch(/^(<<<<<<<|=======|>>>>>>>)/m);
      expect(at.ledger.verify()).toMatchObject({ ok: true, entries: 3, conflicts: [{ model: 'loan', environment: 'production' }] });
    }
    expect(a.ledger.entries().map(({ hash }) => hash)).toEqual(b.ledger.entries().map(({ hash }) => hash));
    const [named] = a.ledger.conflicts();
    expect(named?.text).toMatch(/Ana moved it to version 1 .*Ben moved it to version 2|Ben moved it to version 2 .*Ana moved it to version 1/);
    b.ledger.append(move(1, { by: ben }));
    expect(b.ledger.conflicts()).toEqual([]);
  });

  test('branches of one clone that both have its chain merge to a chain with every line once', () => {
    const [a] = clones(SHARED);
    a.ledger.append(move(1));
    commit(a, 'team');
    git(a.workspace, 'checkout', '-q', '-b', 'side');
    a.ledger.append(move(2));
    commit(a, 'team');
    git(a.workspace, 'checkout', '-q', 'main');
    a.ledger.append(move(3));
    commit(a, 'team');
    git(a.workspace, 'merge', '-q', '--no-edit', 'side');
    expect(a.ledger.verify()).toMatchObject({ ok: true, entries: 3, faults: [] });
    expect(lines(path.join(a.workspace, 'team', 'ledger'))).toHaveLength(3);
  });

  test('have each other\'s history in a new clone, with nothing but git', () => {
    const [a] = clones(SHARED);
    a.ledger.append(move(1));
    a.ledger.append(move(2));
    commit(a, 'team');
    git(a.workspace, 'push', '-q', 'origin', 'main');
    const root = tempFolder();
    git(root, 'clone', '-q', path.join(a.workspace, '..', 'origin.git'), 'c');
    mkdirSync(path.join(root, 'c', 'sub'));
    const c = place(path.join(root, 'c'), SHARED);
    expect(c.ledger.entries().map(({ version }) => version)).toEqual([1, 2]);
    c.ledger.append(move(3));
    expect(c.ledger.verify()).toMatchObject({ ok: true, entries: 3 });
    expect(git(c.workspace, 'status', '--porcelain').trim().split('\n').sort()).toEqual(['?? .runyard/', `?? team/ledger/${c.ledger.clone}.jsonl`]);
  });
});
