import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../../../../src/core/queries/gc';
import { diffRuns } from '../../../../src/core/queries/run-diff';
import { readRunLog, wholeCharacters } from '../../../../src/core/queries/run-log';
import { id, say, spec } from '../store/support';
import { workspace } from './support';

const folder = (context: ReturnType<typeof workspace>, n: number): string => {
  const place = path.join(context.workspace, '.runyard', 'runs', id(n));
  mkdirSync(path.join(place, 'artifacts'), { recursive: true });
  return place;
};

describe('a piece of the output', () => {
  const read = (context: ReturnType<typeof workspace>, from = 0, limit = 1000) => readRunLog(context, { run: id(1), from, limit });

  test('is empty where there is none yet, and goes on where it left off', () => {
    const context = workspace();
    context.store.createRun(spec(1), 'running');
    expect(read(context)).toEqual({ text: '', next: 0, size: 0, ended: false });
    writeFileSync(path.join(folder(context, 1), 'stdout.log'), 'first\nsecond\n');
    expect(read(context, 0, 6)).toEqual({ text: 'first\n', next: 6, size: 13, ended: false });
    expect(read(context, 6)).toEqual({ text: 'second\n', next: 13, size: 13, ended: false });
    expect(read(context, 99)).toMatchObject({ text: '', next: 13 });
    context.store.setState(id(1), { state: 'finished', t: 2000 });
    expect(read(context, 13)).toEqual({ text: '', next: 13, size: 13, ended: true });
  });

  test('ends at a whole character while more may come, and at the end takes what is there', () => {
    const context = workspace();
    context.store.createRun(spec(1), 'running');
    writeFileSync(path.join(folder(context, 1), 'stdout.log'), Buffer.from([0x61, 0xf0, 0x9f, 0x98]));
    expect(read(context)).toMatchObject({ text: 'a', next: 1 });
    context.store.setState(id(1), { state: 'finished', t: 2000 });
    expect(read(context, 1)).toMatchObject({ text: '\ufffd', next: 4, ended: true });
  });

  test.each([['ascii', 5, 5], ['\u00e9', 2, 2], ['\u00e9', 1, 0], ['a\u20ac', 3, 1], ['a\u20ac', 4, 4], ['\u{1f600}', 3, 0], ['', 0, 0]])('of %j the first %d bytes hold %d in whole characters', (text, bytes, whole) => {
    expect(wholeCharacters(Buffer.from(text).subarray(0, bytes))).toBe(whole);
  });

  test('of bytes that are no text is not held back for ever', () => {
    expect(wholeCharacters(Uint8Array.from([0x80, 0x80, 0x80, 0x80]))).toBe(4);
  });
});

describe('gc', () => {
  test('tells first, then frees trashed runs and objects nobody needs, and leaves pinned and live ones', async () => {
    const context = workspace();
    const object = (digest: string): string => {
      const file = path.join(context.workspace, '.runyard', 'objects', digest.slice(0, 2), digest);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, digest);
      return file;
    };
    const digests = { shared: 'a'.repeat(64), dropped: 'b'.repeat(64) };
    const files = { shared: object(digests.shared), dropped: object(digests.dropped) };
    for (const n of [1, 2, 3]) {
      context.store.createRun(spec(n), 'queued');
      context.store.setState(id(n), { state: 'finished', t: 2000 });
      writeFileSync(path.join(folder(context, n), 'stdout.log'), 'ten bytes\n');
    }
    const keep = (n: number, name: keyof typeof digests): void => {
      say(context.store, n, { e: 'artifact', t: 2000, path: `${name}.bin`, kind: 'file' });
      context.store.setArtifact(id(n), `${name}.bin`, { digest: digests[name], size: 64 });
      linkSync(files[name], path.join(folder(context, n), 'artifacts', `${name}.bin`));
    };
    keep(1, 'shared');
    keep(2, 'shared');
    keep(2, 'dropped');
    say(context.store, 2, { e: 'edit', t: 2001, trashed: true });
    say(context.store, 3, { e: 'edit', t: 2001, trashed: true, pinned: true });
    const told = await collectGarbage(context, true);
    expect(told).toEqual({ dryRun: true, runs: [{ id: id(2), name: 'run-2', bytes: 10 }], objects: 1, bytes: 74, kept: ['run-3'] });
    expect(existsSync(files.dropped)).toBe(true);
    expect(await collectGarbage(context, false)).toEqual({ ...told, dryRun: false });
    expect([existsSync(files.dropped), existsSync(files.shared), context.store.hasRun(id(2)), context.store.hasRun(id(3))]).toEqual([false, true, false, true]);
    expect(existsSync(path.join(context.workspace, '.runyard', 'runs', id(2)))).toBe(false);
    expect(await collectGarbage(context, false)).toEqual({ dryRun: false, runs: [], objects: 0, bytes: 0, kept: ['run-3'] });
  });
});

describe('the difference of two runs', () => {
  const git = (context: ReturnType<typeof workspace>, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: context.workspace, encoding: 'utf8' }).trim();

  function repository(): { context: ReturnType<typeof workspace>; commits: string[] } {
    const context = workspace();
    git(context, 'init', '-q');
    writeFileSync(path.join(context.workspace, '.gitignore'), '.runyard\n');
    const commits = ['lr = 0.1\n', 'lr = 0.2\n'].map((text) => {
      writeFileSync(path.join(context.workspace, 'train.py'), text);
      git(context, 'add', '-A');
      git(context, 'commit', '-q', '-m', text);
      return git(context, 'rev-parse', 'HEAD');
    });
    return { context, commits };
  }

  test('in params, environment and data is lines that are sorted', async () => {
    const context = workspace();
    for (const n of [1, 2]) context.store.createRun(spec(n, { params: { lr: `0.${n}`, depth: '3' }, datasets: [{ name: 'd', role: 'train', digest: `sha256:${n}`, rows: 5 }] }), 'running');
    say(context.store, 1, { e: 'env', t: 1, env: { python: '3.11', packages: { numpy: '2.0', absl: '1' } } });
    const { params, environment, datasets, command, code } = await diffRuns(context, { left: id(1), right: id(2) });
    expect(params).toEqual({ title: 'Params: run-1 and run-2', leftName: 'run-1', rightName: 'run-2', left: 'depth: 3\nlr: 0.1\n', right: 'depth: 3\nlr: 0.2\n' });
    expect(environment).toMatchObject({ left: 'python: 3.11\n\nabsl==1\nnumpy==2.0\n', right: '' });
    expect(datasets.left).toBe('train d\n  digest: sha256:1\n  rows: 5\n');
    expect(command.left).toBe(command.right);
    expect(code.left).toBe('(no commit is known of this run)\n');
  });

  test('in code is the files that differ between the commits, as they were', async () => {
    const { context, commits } = repository();
    for (const [n, commit] of commits.entries()) {
      context.store.createRun(spec(n), 'running');
      say(context.store, n, { e: 'code', t: 1, code: { commit } });
    }
    const { code } = await diffRuns(context, { left: id(0), right: id(1) });
    expect([code.left, code.right]).toEqual(['=== train.py ===\nlr = 0.1\n\n', '=== train.py ===\nlr = 0.2\n\n']);
  });

  test('counts the uncommitted change of each run, and writes nothing to the repository', async () => {
    const { context, commits: [, commit = ''] } = repository();
    writeFileSync(path.join(context.workspace, 'train.py'), 'lr = 0.7\n');
    const patch = execFileSync('git', ['diff'], { cwd: context.workspace });
    for (const n of [1, 2]) context.store.createRun(spec(n), 'running');
    writeFileSync(path.join(folder(context, 2), 'artifacts', 'code.patch'), patch);
    say(context.store, 1, { e: 'code', t: 1, code: { commit } });
    say(context.store, 2, { e: 'code', t: 1, code: { commit, dirty: true, patch: 'code.patch' } });
    const before = [git(context, 'count-objects', '-v'), readFileSync(path.join(context.workspace, '.git', 'index'))];
    const { code } = await diffRuns(context, { left: id(1), right: id(2) });
    expect([code.left, code.right]).toEqual(['=== train.py ===\nlr = 0.2\n\n', '=== train.py ===\nlr = 0.7\n\n']);
    expect([git(context, 'count-objects', '-v'), readFileSync(path.join(context.workspace, '.git', 'index'))]).toEqual(before);
  });

  test('says so where a commit is not in this clone, or is no commit', async () => {
    const { context, commits: [commit = ''] } = repository();
    for (const [n, at] of [[1, 'f'.repeat(40)], [2, commit], [3, '--output=x']] as const) {
      context.store.createRun(spec(n), 'running');
      say(context.store, n, { e: 'code', t: 1, code: { commit: at } });
    }
    expect((await diffRuns(context, { left: id(1), right: id(2) })).code.left).toBe(`(commit ${'f'.repeat(40)} isn't in this repository)\n`);
    expect((await diffRuns(context, { left: id(3), right: id(2) })).code.left).toBe('(not a commit: --output=x)\n');
    expect(existsSync(path.join(context.workspace, 'x'))).toBe(false);
  });
});
