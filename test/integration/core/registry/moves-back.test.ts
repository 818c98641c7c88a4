import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goldenFile } from '../../../../src/core/registry/moves/golden-file';
import type { Golden } from '../../../../src/core/registry/types';
import { until } from '../../../support/until';
import { ben, MODEL, openLab, type Lab, type LabOptions } from './moves-support';

let folder = '';
let labs: Lab[] = [];
beforeEach(() => { folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-back-'))); });
afterEach(() => {
  for (const lab of labs) lab.dispose();
  labs = [];
  rmSync(folder, { recursive: true, force: true });
});
async function open(versions: readonly string[] = [], options: LabOptions = {}): Promise<Lab> {
  const lab = openLab(path.join(folder, 'w'), options);
  labs.push(lab);
  for (const text of versions) await lab.promote(await lab.register(text));
  return lab;
}
const file = async (lab: Lab, version: number): Promise<string> => path.join(lab.workspace, '.runyard', 'weights', (await lab.versions.facts(MODEL, version)).digest, 'model.bin');

describe('a roll back', () => {
  test('goes to the version that was live before, checked, in one step', async () => {
    const lab = await open(['one', 'two']);
    const done = await lab.rollback({ reason: 'two is slow', by: ben });
    expect(done).toMatchObject({ from: 2, to: 1, forced: false, hooks: [], checks: [{ name: 'digest', outcome: 'pass' }, { name: 'loads', outcome: 'pass' }, { name: 'golden', outcome: 'pass' }] });
    expect(done.duration).toBeGreaterThan(0);
    expect(lab.served()).toBe('one');
    expect(lab.ledger.entries().find(({ hash }) => hash === done.entry)).toMatchObject({ kind: 'rolledBack', version: 1, by: ben, facts: { from: 2, reason: 'two is slow', automatic: false, cause: 'person', checks: done.checks } });
    expect((await lab.pointer())?.entry).toBe(done.entry);
  });

  test('goes to any version that was live, and to no other', async () => {
    const lab = await open(['one', 'two', 'three']);
    await lab.register('four');
    expect(await lab.rollback({ to: 1 })).toMatchObject({ from: 3, to: 1 });
    await expect(lab.rollback({ to: 4 })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('never live') as string, hint: expect.stringContaining('2, 3') as string });
    await expect(lab.rollback({ to: 1 })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('already') as string });
    expect(await lab.rollback()).toMatchObject({ from: 1, to: 3 });
  });

  test('without anything to go back to is refused, and says so', async () => {
    const lab = await open();
    await lab.register('one');
    await expect(lab.rollback()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('nothing to go back to') as string });
    await lab.promote(1);
    await expect(lab.rollback()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('only one') as string });
    await expect(lab.rollback({ environment: 'prod' })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(lab.moves['registry.plan']({ model: MODEL, to: 'production', rollback: true })).rejects.toMatchObject({ code: 'refused' });
  });

  test('to altered files is refused even with force, and what is live stays', async () => {
    const lab = await open(['one', 'two']);
    const weights = await file(lab, 1);
    chmodSync(weights, 0o644);
    writeFileSync(weights, 'ONE');
    await expect(lab.rollback({ force: true, reason: 'whatever it takes now' })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('not what they were') as string });
    expect(lab.served()).toBe('two');
    expect(lab.live()).toBe(2);
  });

  test('to a version that says something else now is refused unless forced with a reason, which is loud', async () => {
    const lab = await open(['one', 'two']);
    writeFileSync(path.join(lab.workspace, 'other-machine'), '');
    await expect(lab.rollback()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('1 of 1 golden rows') as string });
    await expect(lab.rollback({ force: true })).rejects.toMatchObject({ code: 'bad_input' });
    expect(lab.served()).toBe('two');
    const done = await lab.rollback({ force: true, reason: 'rounding of the new processors' });
    expect(done).toMatchObject({ forced: true, checks: [{}, {}, { name: 'golden', outcome: 'fail' }] });
    expect(lab.served()).toBe('one');
    expect(lab.ledger.entries().at(-1)).toMatchObject({ kind: 'rolledBack', facts: { forced: true, blocked: ['golden'] } });
    expect(lab.attention.at(-1)).toMatchObject({ kind: 'forced', version: 1 });
  });

  test('sees golden predictions that were written anew by hand', async () => {
    const lab = await open(['one', 'two']);
    const kept = goldenFile(lab.context, (await lab.versions.facts(MODEL, 1)).digest);
    const golden = JSON.parse(readFileSync(kept, 'utf8')) as Golden;
    writeFileSync(kept, JSON.stringify({ ...golden, recorded: 2 }));
    await expect(lab.rollback()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('not those that were recorded') as string });
    rmSync(kept);
    expect(await lab.rollback()).toMatchObject({ to: 1, checks: [{}, { name: 'loads', outcome: 'pass' }, { name: 'golden', outcome: 'cannot tell' }] });
  });

  test('in another clone says who has the golden predictions, and holds a copy of them against what they recorded', async () => {
    const first = await open(['one', 'two']);
    const other = path.join(folder, 'other');
    for (const name of ['ledger', 'weights']) cpSync(path.join(first.workspace, '.runyard', name), path.join(other, '.runyard', name), { recursive: true });
    const clone = openLab(other);
    labs.push(clone);
    await clone.moves.reconcile();
    const { digest } = await first.versions.facts(MODEL, 1);
    const golden = async (to: number): Promise<unknown> => (await clone.rollback({ to })).checks.at(-1);
    expect(await golden(1)).toMatchObject({ name: 'golden', outcome: 'cannot tell', text: expect.stringMatching(new RegExp(`^no golden predictions here: Ana recorded them on another machine at .* copy \\.runyard/registry/golden/${digest}\\.json from there`)) as string });
    await golden(2);
    mkdirSync(path.dirname(goldenFile(clone.context, digest)), { recursive: true });
    copyFileSync(goldenFile(first.context, digest), goldenFile(clone.context, digest));
    expect(await golden(1)).toMatchObject({ outcome: 'pass' });
    await golden(2);
    writeFileSync(goldenFile(clone.context, digest), readFileSync(goldenFile(first.context, digest), 'utf8').replace('"recorded":1', '"recorded":2'));
    await expect(golden(1)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('not those that were recorded') as string });
  });

  test('with another version live than the person saw is a conflict', async () => {
    const lab = await open(['one', 'two']);
    await expect(lab.rollback({ expect: 1 })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('works where runyard.yaml names the environment no more, or is broken', async () => {
    const lab = await open(['one', 'two']);
    lab.config('registry:\n  environments: [qa]\n  edges: 7\n');
    await expect(lab.promote(1, { to: 'qa' })).rejects.toMatchObject({ code: 'bad_input' });
    expect(await lab.rollback()).toMatchObject({ to: 1 });
  });

  test('runs its hooks, and one that fails changes nothing', async () => {
    const lab = await open(['one', 'two']);
    lab.config(`registry: {environments: {production: {onRollback: [{command: [${JSON.stringify(process.execPath)}, -e, 'process.exit(2)'], onFailure: rollback}]}}}\n`);
    expect(await lab.rollback()).toMatchObject({ to: 1, hooks: [{ outcome: 'failed', status: 2, rolledBack: false }] });
    expect(lab.served()).toBe('one');
  });
});

describe('a roll back by itself', () => {
  const watched = (lab: Lab, more: string): void => lab.config(`registry: {environments: {production: {autoRollback: ${more}}}, edges: [{to: production, gates: []}]}\n`);
  const health = (lab: Lab): string => {
    const check = path.join(lab.workspace, 'health.mjs');
    // Version 1 is well, all others are not.
    writeFileSync(check, "import { appendFileSync } from 'node:fs';\nappendFileSync('checks.txt', process.env.RUNYARD_VERSION + '\\n');\nprocess.exit(process.env.RUNYARD_VERSION === '1' ? 0 : 1);\n");
    return `{health: {command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(check)}], every: 1, failures: 2}}`;
  };

  test('comes after a health check failed as often as it says, once, and is told', async () => {
    let hours = 0;
    const lab = await open(['one', 'two'], { clock: () => Date.now() / 1000 + hours * 3600 });
    expect(lab.moves.busy()).toBe(false);
    watched(lab, health(lab));
    const watching = lab.moves.watchHealth();
    // Each look finds another hour gone.
    const stop = setInterval(() => { hours++; }, 50);
    await until('version 1 to be live', () => lab.live() === 1, 15_000);
    expect(lab.moves.busy()).toBe(true);
    const checks = (): string[] => readFileSync(path.join(lab.workspace, 'checks.txt'), 'utf8').trim().split('\n');
    await until('version 1 to be checked', () => checks().includes('1'), 15_000);
    clearInterval(stop);
    watching.dispose();
    expect(checks().filter((one) => one === '2')).toHaveLength(2);
    expect(lab.ledger.entries().findLast(({ kind }) => kind === 'rolledBack')).toMatchObject({ version: 1, by: { name: 'Runyard' }, facts: { automatic: true, cause: 'health', from: 2, reason: expect.stringContaining('2 times in a row') as string } });
    expect(lab.attention.at(-1)).toMatchObject({ kind: 'rolledBack', version: 1 });
  });

  test('comes on an alert where that is switched on, never twice from bad to bad, and is off unless said', async () => {
    const lab = await open(['one', 'two', 'three']);
    await lab.moves.onAlert(MODEL, 'production', 'drift of income');
    expect(lab.live()).toBe(3);
    watched(lab, '{onAlert: true}');
    await lab.moves.onAlert(MODEL, 'production', 'drift of income');
    expect(lab.live()).toBe(2);
    expect(lab.ledger.entries().findLast(({ kind }) => kind === 'rolledBack')).toMatchObject({ facts: { automatic: true, cause: 'alert', reason: 'drift of income' } });
    await lab.moves.onAlert(MODEL, 'production', 'drift of income');
    expect(lab.live()).toBe(2);
    expect(lab.attention.at(-1)?.text).toContain('a person has to say');
  });

  test('that can\'t be made is told, and what is live stays', async () => {
    const lab = await open(['one']);
    watched(lab, '{onAlert: true}');
    await lab.moves.onAlert(MODEL, 'production', 'drift of income');
    expect(lab.live()).toBe(1);
    expect(lab.attention.at(-1)?.text).toContain('could not go back by itself: there is nothing to go back to');
    expect(existsSync(path.join(lab.workspace, '.runyard', 'models', MODEL, 'production'))).toBe(true);
  });
});
