/** Whatever ends the engine, what serving processes read is a whole version, and after a start it is the ledger's last word. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '../../../../src/core/registry/live/pointer';
import { STEPS } from '../../../../src/core/registry/moves/parts';
import { bundle } from '../../../support/bundle';
import { until } from '../../../support/until';
import { hooked, MODEL, OPEN, openLab, type Lab } from './moves-support';

let folder = '';
beforeEach(() => { folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-kill-'))); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Half a megabyte each, of one letter: a mixture would show. */
const bytes = (version: number): Buffer => Buffer.alloc(500_000, 96 + version);
async function prepared(live: number | null): Promise<void> {
  const lab = openLab(path.join(folder, 'w'));
  for (const version of [1, 2, 3]) await lab.register(bytes(version));
  if (live !== null) await lab.promote(live);
  lab.dispose();
}

/** As a serving process does: the folder once, then its files. Null: nothing is there. */
function served(): Manifest | null {
  const link = path.join(folder, 'w', '.runyard', 'models', MODEL, 'production');
  if (!existsSync(link)) return null;
  const at = realpathSync(link);
  const manifest = JSON.parse(readFileSync(path.join(at, 'manifest.json'), 'utf8')) as Manifest;
  const file = readFileSync(path.join(at, 'model.bin'));
  expect(file.equals(bytes(manifest.version))).toBe(true);
  expect(manifest.files['model.bin']).toEqual({ digest: createHash('sha256').update(file).digest('hex'), size: 500_000 });
  expect(readdirSync(at).sort()).toEqual(['manifest.json', 'model.bin']);
  return manifest;
}

/** The engine again: what is read is the ledger's last word. */
async function startedAgain(check: (lab: Lab) => unknown = () => undefined, yaml = OPEN): Promise<number | null> {
  const lab = openLab(path.join(folder, 'w'), { yaml });
  try {
    await lab.moves.reconcile();
    const last = lab.ledger.entries().findLast(({ kind }) => kind === 'promoted' || kind === 'rolledBack');
    expect(served()?.entry).toBe(last?.hash);
    expect(served()?.version ?? null).toBe(lab.live());
    expect(lab.ledger.verify()).toMatchObject({ ok: true, faults: [] });
    expect(readdirSync(path.join(folder, 'w', '.runyard', 'weights')).filter((name) => name.startsWith('.'))).toEqual([]);
    const states = path.join(folder, 'w', '.runyard', 'models', MODEL, '.states');
    expect(existsSync(states) ? readdirSync(states) : []).toHaveLength(last?.version == null ? 0 : 1);
    await check(lab);
    return lab.live();
  } finally {
    lab.dispose();
  }
}

/** What hooks wrote. */
const told = (): string[] => (existsSync(path.join(folder, 'w', 'hooks.txt')) ? readFileSync(path.join(folder, 'w', 'hooks.txt'), 'utf8').trim().split(' ') : []);
const ended = (lab: Lab, hooks: number): Promise<unknown> => until('the hooks', () => lab.ledger.entries().filter(({ kind }) => kind === 'hook').length === hooks && !lab.moves.busy(), 20_000, 5);

describe('ended at a step, a promotion', () => {
  const script = bundle('test/integration/core/registry/kill-child.ts');
  const before = STEPS.slice(0, STEPS.indexOf('committed'));

  test.each(STEPS)('%s leaves the old state or the new one, whole', async (step) => {
    await prepared(1);
    const child = spawnSync(process.execPath, [script, path.join(folder, 'w'), 'hooks', step], { encoding: 'utf8' });
    expect(child.signal, child.stdout + child.stderr).toBe('SIGKILL');
    // Before anybody starts again: whole, if only the old one.
    expect(served()?.version).toBe(before.includes(step) || step === 'committed' ? 1 : 2);
    const done = before.includes(step) ? [] : step === 'hooked' ? ['one', 'two1'] : ['one1', 'two1'];
    expect(await startedAgain((lab) => ended(lab, done.length), hooked())).toBe(before.includes(step) ? 1 : 2);
    // What was not run is run, once, and knows that it comes late.
    expect(told()).toEqual(done);
    expect(await startedAgain((lab) => ended(lab, done.length), hooked())).toBe(before.includes(step) ? 1 : 2);
    expect(told()).toEqual(done);
  }, 20_000);

  test.each(['committed', 'hooked:2'])('%s whose hook wants the way back goes back after the start', async (step) => {
    await prepared(1);
    const child = spawnSync(process.execPath, [script, path.join(folder, 'w'), 'failing', step], { encoding: 'utf8' });
    expect(child.signal, child.stdout + child.stderr).toBe('SIGKILL');
    await startedAgain((lab) => until('the way back', () => lab.live() === 1 && !lab.moves.busy(), 20_000, 5), hooked(true));
    expect(told()).toEqual(step === 'committed' ? ['one1', 'two1'] : ['one', 'two']);
    expect(await startedAgain()).toBe(1);
  }, 20_000);

  test('hooks that runyard.yaml has no longer are said to be not run', async () => {
    await prepared(1);
    const rows = (lab: Lab): unknown => lab.ledger.entries().filter(({ kind }) => kind === 'hook').map(({ version, facts }) => [version, facts['name'], facts['outcome'], facts['output']]);
    spawnSync(process.execPath, [script, path.join(folder, 'w'), 'hooks', 'committed']);
    await startedAgain(async (lab) => {
      await ended(lab, 2);
      expect(rows(lab)).toEqual(['one', 'two'].map((name) => [2, name, 'not run', 'the engine ended before it, and runyard.yaml has it no longer']));
    });
    expect(told()).toEqual([]);
  }, 20_000);

  test('leaves nothing live where nothing was, when it didn\'t get so far', async () => {
    await prepared(null);
    const child = spawnSync(process.execPath, [script, path.join(folder, 'w'), 'once', 'sealed'], { encoding: 'utf8' });
    expect(child.signal).toBe('SIGKILL');
    expect(served()).toBeNull();
    expect(await startedAgain()).toBeNull();
  }, 20_000);
});

test('killed at any moment of many moves, what is read is whole each time and the ledger\'s last word after a start', async () => {
  const script = bundle('test/integration/core/registry/kill-child.ts');
  await prepared(1);
  let state = 7;
  /** Milliseconds of one round of three moves, over and over. */
  const moment = (): number => (state = (state * 16_807) % 2_147_483_647) % 90;
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, [script, path.join(folder, 'w')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let lines: string[] = [];
    child.stdout.on('data', (text) => { lines = [...lines, ...String(text).split('\n').filter(Boolean)]; });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const wanted = 2 + (round % 3);
    await until('some moves', () => lines.length >= wanted || lines.some((line) => line.startsWith('failed')), 20_000, 2);
    const end = performance.now() + moment();
    // While it goes on.
    while (performance.now() < end) {
      served();
      await new Promise(setImmediate);
    }
    child.kill('SIGKILL');
    await ended;
    expect(lines.filter((line) => line.startsWith('failed'))).toEqual([]);
    expect(served()).not.toBeNull();
    const told = lines.at(-1)?.split(' ')[1];
    await startedAgain((lab) => {
      // What it said is done stays done.
      if (told) expect(lab.ledger.entries().some(({ hash }) => hash === told)).toBe(true);
    });
  }
}, 60_000);

describe('a full disk', () => {
  const script = bundle('test/integration/core/registry/kill-child.ts');
  const limited = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

  test.runIf(limited)('during the copy is told, and the old state stays', async () => {
    await prepared(1);
    // The largest file that the process may write is smaller than the model; the system's signal for it is ignored, as Node's own runtime has it.
    const child = spawnSync('prlimit', ['--fsize=400000', process.execPath, script, path.join(folder, 'w'), 'once'], { encoding: 'utf8' });
    expect(child.stdout).toContain('failed disk_full');
    expect(served()?.version).toBe(1);
    expect(await startedAgain()).toBe(1);
  }, 20_000);

  test('of a small disk is told at each place, and what was live is live', async ({ skip }) => {
    const small = path.join(tmpdir(), `runyard-small-${process.pid}`);
    if (process.platform !== 'linux' || process.getuid?.() !== 0 || !mount(small)) return skip();
    const own = folder;
    try {
      folder = small;
      await prepared(1);
      const filler = path.join(small, 'filler');
      // Less and less is left, until even a line of the ledger has no room.
      for (const left of [900, 400, 64, 8, 0]) {
        const free = Number(spawnSync('df', ['--output=avail', '-k', small], { encoding: 'utf8' }).stdout.split('\n')[1]);
        if (free > left) spawnSync('sh', ['-c', `head -c ${(free - left) * 1024} /dev/zero >> ${filler}`]);
        const child = spawnSync(process.execPath, [script, path.join(folder, 'w'), 'once'], { encoding: 'utf8' });
        const version = served()?.version;
        if (child.stdout.includes('failed')) expect(child.stdout).toMatch(/failed (disk_full|internal|store)/);
        expect([1, 2, 3]).toContain(version);
      }
      rmSync(filler);
      await startedAgain();
    } finally {
      folder = own;
      spawnSync('umount', [small]);
      rmSync(small, { recursive: true, force: true });
    }
  }, 40_000);
});

function mount(at: string): boolean {
  mkdirSync(at, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', at]).status === 0;
  if (!mounted) rmSync(at, { recursive: true, force: true });
  return mounted;
}
