import { describe, expect, it } from 'vitest';
import { id, m, say, spec, store, tempDir } from './support';

describe('a run', () => {
  it('is known with all its spec says, and saying it twice changes nothing', () => {
    const at = store();
    at.createRun(spec(1, { params: { lr: '0.1' }, tags: { team: 'a' }, parent: id(9), datasets: [{ name: 'd', role: 'train', digest: 'x', rows: 3 }] }), 'queued');
    at.createRun(spec(1, { name: 'other' }), 'running');
    const run = at.getRun(id(1));
    expect(run).toMatchObject({ id: id(1), experiment: 'loan', name: 'run-1', state: 'queued', created: 1001, params: { lr: '0.1' }, tags: { team: 'a' }, parent: id(9), argv: ['python', 'train.py'], cwd: '.', script: 'train.py' });
    expect(run.datasets).toEqual([{ name: 'd', role: 'train', digest: 'x', path: null, rows: 3, schema: null, mlflow: null }]);
    expect(at.runIds()).toEqual([id(1)]);
    expect([at.hasRun(id(1)), at.hasRun(id(2))]).toEqual([true, false]);
  });

  it('that is not there is named in the error', () => {
    expect(() => store().getRun(id(7))).toThrowError(expect.objectContaining({ code: 'not_found', message: expect.stringContaining(id(7)) as string }) as Error);
  });

  it('goes from queued to running to its end, and an end is not left', () => {
    const at = store();
    at.createRun(spec(1), 'queued');
    expect(at.liveRuns()).toEqual([{ id: id(1), state: 'queued', runner: 'local', source: 'cli' }]);
    say(at, 1, { e: 'started', t: 1010, started: { pid: 5 } });
    expect(at.getRun(id(1))).toMatchObject({ state: 'running', started: 1010, ended: null });
    expect(at.setState(id(1), { state: 'failed', t: 1020, code: 3, reason: 'exit 3' })).toBe(true);
    expect(at.setState(id(1), { state: 'finished', t: 1030 })).toBe(false);
    expect(at.getRun(id(1))).toMatchObject({ state: 'failed', started: 1010, ended: 1020, exitCode: 3, reason: 'exit 3' });
    expect(at.liveRuns()).toEqual([]);
  });

  it('that was lost takes a later truth, even where the clock went backwards', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    at.setState(id(1), { state: 'lost', t: 5000 });
    expect(at.setState(id(1), { state: 'finished', t: 900, code: 0 })).toBe(true);
    expect(at.getRun(id(1))).toMatchObject({ state: 'finished', ended: 900, exitCode: 0 });
  });

  it('keeps every kind of event', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1,
      { e: 'p', t: 1, p: { depth: '3' } }, { e: 'tag', t: 1, set: { a: '1', b: '2' } }, { e: 'tag', t: 2, del: ['a'] },
      { e: 'env', t: 1, env: { python: '3.12', packages: { numpy: '2' } } }, { e: 'env', t: 2, env: { os: 'Linux' } },
      { e: 'code', t: 1, code: { commit: 'abc', dirty: true } }, { e: 'artifact', t: 1, path: 'm.onnx', kind: 'model' },
      { e: 'edit', t: 3, notes: 'good', pinned: true, name: 'best' }, { e: 'log', t: 4, level: 'error', text: 'oh' },
      { e: 'res', t: 10, res: { cpu: 50, rssMb: 100 } }, { e: 'res', t: 12, res: { cpu: 70, rssMb: 90, gpu: 3 } });
    at.setArtifact(id(1), 'm.onnx', { digest: 'd1', size: 9 });
    const run = at.getRun(id(1));
    expect(run).toMatchObject({ name: 'best', notes: 'good', pinned: true, commit: 'abc', dirty: true, params: { depth: '3' }, tags: { b: '2' }, environment: { python: '3.12', os: 'Linux', packages: { numpy: '2' } } });
    expect(run.artifacts).toEqual([{ path: 'm.onnx', kind: 'model', digest: 'd1', size: 9, t: 1 }]);
    expect(at.usedDigests()).toEqual(new Set(['d1']));
    expect(at.resources(id(1), 100)).toEqual([{ t: 10, cpu: 50, rssMb: 100, gpu: null, gpuMemMb: null }, { t: 12, cpu: 70, rssMb: 90, gpu: 3, gpuMemMb: null }]);
    expect(at.resources(id(1), 1)).toEqual([{ t: 12, cpu: 60, rssMb: 100, gpu: 3, gpuMemMb: null }]);
  });

  it('asks for the digest of an artifact again once it is said again', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1, { e: 'artifact', t: 1, path: 'a', kind: 'file' });
    at.setArtifact(id(1), 'a', { digest: 'd', size: 1 });
    say(at, 1, { e: 'artifact', t: 1, path: 'a', kind: 'file' });
    expect(at.artifacts(id(1))[0]?.digest).toBe('d');
    say(at, 1, { e: 'artifact', t: 2, path: 'a', kind: 'file' });
    expect(at.artifacts(id(1))[0]?.digest).toBe('');
  });

  it('shares its group with runs that differ in the seed only', () => {
    const at = store();
    at.createRun(spec(1, { params: { lr: '1', seed: '1' } }), 'running');
    at.createRun(spec(2, { params: { lr: '1', 'random-seed': '2' } }), 'running');
    at.createRun(spec(3, { params: { lr: '2' } }), 'running');
    const group = (n: number): string => at.getRun(id(n)).group;
    expect(group(1)).toBe(group(2));
    expect(group(1)).not.toBe(group(3));
    say(at, 3, { e: 'p', t: 1, p: { lr: '1', random_state: '7' } });
    expect(group(3)).toBe(group(1));
    say(at, 3, { e: 'edit', t: 2, experiment: 'elsewhere' });
    expect(at.getRun(id(3)).experiment).toBe('elsewhere');
    expect(group(3)).not.toBe(group(1));
  });

  it('is trashed, restored and purged with all that it had', () => {
    const at = store();
    for (const n of [1, 2, 3]) at.createRun(spec(n), 'finished');
    say(at, 1, m(0, { acc: 1 }), { e: 'edit', t: 50, trashed: true });
    say(at, 2, { e: 'edit', t: 40, trashed: true });
    say(at, 3, { e: 'edit', t: 30, trashed: true, pinned: true });
    expect(at.trash()).toEqual([{ id: id(2), name: 'run-2', trashed: 40 }, { id: id(1), name: 'run-1', trashed: 50 }]);
    say(at, 2, { e: 'edit', t: 60, trashed: false });
    expect(at.trash().map((run) => run.id)).toEqual([id(1)]);
    at.purgeRun(id(1));
    expect(at.hasRun(id(1))).toBe(false);
    expect(at.keys().metrics).toEqual([]);
    expect(at.experiments()).toEqual([{ name: 'loan', runs: 1, live: 0, lastActivity: 1002 }]);
  });

  it('is there again after the store was closed', () => {
    const dir = tempDir();
    const first = store(dir);
    expect(first.fresh).toBe(true);
    first.createRun(spec(1), 'running');
    say(first, 1, m(3, { acc: 0.5 }));
    first.dispose();
    const second = store(dir);
    expect(second.fresh).toBe(false);
    expect(second.getRun(id(1)).metrics).toEqual({ acc: { value: 0.5, step: 3, t: 2003, min: 0.5, max: 0.5, count: 1 } });
  });
});
