/** What a run folder may look like when things went wrong, and what the store then says. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { localRunner } from '../../../src/core/runners/local';
import { bootId, isAlive, sendSignal, startTimeOf } from '../../../src/core/tracking/process';
import { readSupervisor } from '../../../src/core/tracking/run-folder';
import { runSpec, type SupervisorRecord } from '../../../src/protocol/spool';
import { until } from '../../support/until';
import { openLab, PYTHON_PATH, supervisorPath, type Lab } from './support';

const labs: Lab[] = [];
const lab = async (options: Parameters<typeof openLab>[0] = {}): Promise<Lab> => { const made = await openLab(options); labs.push(made); return made; };
afterEach(() => { for (const one of labs.splice(0)) one.dispose(); });

const ID = 'a'.repeat(32);
const metric = (step: number, value: number, t = 1000 + step): string => `${JSON.stringify({ e: 'm', t, s: step, m: { x: value } })}\n`;

/** A folder as another machine left it. Files are written beside and moved in whole. */
function copyIn(l: Lab, files: Record<string, string>, id = ID): string {
  const beside = join(l.workspace, `copy-${id}`);
  mkdirSync(beside);
  writeFileSync(join(beside, 'spec.json'), JSON.stringify(runSpec.parse({ format: 1, runId: id, experiment: 'copied', name: 'from-afar', created: 1000, argv: ['train'] })));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(beside, name), text);
  renameSync(beside, l.folder(id));
  return id;
}
const exit = (state: string): string => JSON.stringify({ t: 2000, state, code: 0 });

describe('spools', () => {
  it('half a line waits until it is whole', async () => {
    const l = await lab();
    const run = l.launch({ argv: ['sleep', '60'] });
    await l.running(run);
    const file = join(l.folder(run), 'events.x.jsonl');
    const line = metric(0, 1.5);
    writeFileSync(file, line.slice(0, 20));
    await l.tracker.ingestNow(run);
    expect(l.store.getRun(run)).toMatchObject({ metrics: {}, problems: [] });
    appendFileSync(file, line.slice(20) + metric(1, 2.5).slice(0, 9));
    await until('the point', () => l.store.getRun(run).metrics['x']?.count === 1);
    await l.tracker.stop(run);
    await l.over(run);
    expect(l.store.getRun(run).metrics['x']).toMatchObject({ count: 1, value: 1.5 });
    expect(l.store.getRun(run).problems).toEqual([{ file: 'events.x.jsonl', line: 2, text: expect.stringContaining('cut short') }]);
  });

  it('a line that is no event is a problem with its place, and the rest goes on', async () => {
    const l = await lab();
    const run = copyIn(l, { 'events.x.jsonl': `${metric(0, 1)}nonsense\n\n{"e":"m","t":1,"m":{"x":"many"}}\n{"e":"dance","t":1}\n${metric(1, 2)}`, 'exit.json': exit('finished') });
    await until('the run', () => l.store.hasRun(run) && l.state(run) === 'finished');
    const facts = l.store.getRun(run);
    expect(facts.metrics['x']).toMatchObject({ count: 2, value: 2 });
    expect(facts.problems.map((problem) => [problem.line, problem.text.split(':')[0]])).toEqual([[2, 'not JSON'], [4, 'not an event'], [5, 'not an event']]);
  });

  it('a clock that goes backwards harms neither order nor state', async () => {
    let t = 1_000_000;
    const l = await lab({ clock: () => (t -= 10) });
    l.write('t.py', 'import time, runyard\nreal = time.time\nimport runyard as r\nclock = [5000.0]\ndef back():\n    clock[0] -= 100\n    return clock[0]\nr.time = back\nfor i in range(10): r.log({"x": i}, step=i)\n');
    const runs = [l.launch({ script: 't.py' }), l.launch({ script: 't.py' })];
    for (const run of runs) {
      expect(await l.over(run)).toBe('finished');
      expect(l.store.getRun(run).metrics['x']).toMatchObject({ count: 10, value: 9, step: 9, min: 0, max: 9 });
    }
  });

  it('a hundred thousand points come in while the loop goes on', async () => {
    const l = await lab();
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => { longest = Math.max(longest, performance.now() - last); last = performance.now(); }, 5);
    const run = copyIn(l, { 'events.x.jsonl': Array.from({ length: 100_000 }, (_, i) => metric(i, i)).join(''), 'exit.json': exit('finished') });
    await until('the run', () => l.store.hasRun(run) && l.state(run) === 'finished', 30_000);
    clearInterval(timer);
    expect(l.store.getRun(run).metrics['x']).toMatchObject({ count: 100_000 });
    expect(longest).toBeLessThan(1000);
  });
});

describe('a folder that comes from elsewhere', () => {
  it('is taken in as any other, and once', async () => {
    const l = await lab();
    const run = copyIn(l, { 'events.py.a.1.jsonl': metric(0, 1), 'events.py.b.2.jsonl': metric(1, 2) + '{"e":"p","t":1,"p":{"lr":"1"}}\n', 'exit.json': exit('failed') });
    await until('the run', () => l.store.hasRun(run) && l.state(run) === 'failed');
    expect(l.store.getRun(run)).toMatchObject({ experiment: 'copied', name: 'from-afar', params: { lr: '1' }, metrics: { x: { count: 2 } } });
    await l.restart();
    expect(l.store.getRun(run).metrics['x']).toMatchObject({ count: 2 });
  });

  it('is not started here, and its end may come later', async () => {
    const l = await lab();
    const run = copyIn(l, { 'events.py.a.1.jsonl': metric(0, 1) });
    await until('the run', () => l.store.hasRun(run) && l.state(run) === 'lost');
    expect(existsSync(join(l.folder(run), 'supervisor.json'))).toBe(false);
    appendFileSync(join(l.folder(run), 'events.py.a.1.jsonl'), metric(1, 2));
    writeFileSync(join(l.folder(run), 'exit.json'), exit('finished'));
    await until('its end', () => l.state(run) === 'finished');
    expect(l.store.getRun(run).metrics['x']).toMatchObject({ count: 2 });
  });

  it('waits until it is whole, and a spec that is none is left alone', async () => {
    const l = await lab();
    mkdirSync(l.folder(ID));
    writeFileSync(join(l.folder(ID), 'exit.json'), exit('finished'));
    mkdirSync(l.folder('b'.repeat(32)));
    writeFileSync(join(l.folder('b'.repeat(32)), 'spec.json'), '{"format": 9}');
    await until('the warning', () => l.warnings.some((text) => text.includes('spec.json')));
    writeFileSync(join(l.folder(ID), 'spec.json'), JSON.stringify(runSpec.parse({ format: 1, runId: ID, experiment: 'e', name: 'n', created: 1, argv: ['x'] })));
    await until('the run', () => l.store.hasRun(ID) && l.state(ID) === 'finished');
    expect(l.store.hasRun('b'.repeat(32))).toBe(false);
  });
});

describe('who watches a run', () => {
  const record = (change: Partial<SupervisorRecord>): string => JSON.stringify({ pid: process.pid, startTime: '1', bootId: bootId(), child: null, ...change });

  it('a pid that is by now another process is not taken for the run', async () => {
    const l = await lab();
    const run = copyIn(l, { 'supervisor.json': record({ child: { pid: process.pid, startTime: '2' } }) });
    await until('the truth', () => l.store.hasRun(run) && l.state(run) === 'lost', 5000);
    expect(l.store.getRun(run).reason).toContain('vanished');
    expect(JSON.parse(readFileSync(join(l.folder(run), 'exit.json'), 'utf8'))).toMatchObject({ state: 'lost' });
  });

  it.skipIf(process.platform !== 'linux')('a machine that restarted is said', async () => {
    const l = await lab();
    const run = copyIn(l, { 'supervisor.json': record({ startTime: startTimeOf(process.pid), bootId: 'another' }) });
    await until('the truth', () => l.store.hasRun(run) && l.state(run) === 'lost', 5000);
    expect(l.store.getRun(run).reason).toContain('the machine restarted');
  });

  it('a command whose supervisor died gets another, which samples, reads its output on, and obeys', async () => {
    const l = await lab();
    l.write('runyard.yaml', 'stop: { intSeconds: 0.3, termSeconds: 0.3 }\nresources: { seconds: 0.3 }\n');
    l.write('t.py', 'import time\nfor i in range(1000):\n    print(f"loss={i}")\n    time.sleep(0.05)\n');
    const run = l.launch({ script: 't.py' });
    await until('its first metrics', () => (l.store.getRun(run).metrics['loss']?.count ?? 0) > 5);
    const first = l.pids(run);
    sendSignal(first.supervisor, 'SIGKILL');
    await until('another supervisor', () => l.pids(run).supervisor !== first.supervisor, 5000);
    expect(l.pids(run).child).toBe(first.child);
    expect(l.state(run)).toBe('running');
    const before = l.store.getRun(run).metrics['loss']?.count ?? 0;
    const samples = l.store.resources(run, 1000).length;
    await until('more metrics and samples', () => (l.store.getRun(run).metrics['loss']?.count ?? 0) > before + 10 && l.store.resources(run, 1000).length > samples + 1);
    await l.tracker.stop(run);
    expect(await l.over(run)).toBe('stopped');
    // Every line counted once, in order, over both supervisors.
    const { points } = l.store.points(run, 'loss', { limit: 100_000, offset: 0 });
    expect(points.map((point) => point.value)).toEqual(points.map((_, i) => i));
    expect(points.map((point) => point.step)).toEqual(points.map((_, i) => i));
  });

  it('a command that ends under such a supervisor is lost: nobody can know how', async () => {
    const l = await lab();
    const run = l.launch({ argv: ['sleep', '3'] });
    await l.running(run);
    sendSignal(l.pids(run).supervisor, 'SIGKILL');
    expect(await l.over(run)).toBe('lost');
    expect(l.store.getRun(run).reason).toBe('ended while its supervisor was gone: exit status unknown');
  });

  it('two supervisors never start the same command', async () => {
    const l = await lab();
    const run = l.launch({ argv: ['sh', '-c', 'echo once; sleep 1'] });
    const again = localRunner({ supervisorPath: supervisorPath(), pythonPath: PYTHON_PATH });
    await Promise.all([again.start(l.folder(run)).gone, again.start(l.folder(run)).gone]);
    expect(await l.over(run)).toBe('finished');
    await again.start(l.folder(run)).gone;
    expect(l.stdout(run)).toBe('once\n');
  });

  it('a run that was cancelled before it began never begins', async () => {
    const l = await lab();
    const id = 'c'.repeat(32);
    mkdirSync(l.folder(id));
    writeFileSync(join(l.folder(id), 'cancel'), '{}');
    writeFileSync(join(l.folder(id), 'spec.json'), JSON.stringify(runSpec.parse({ format: 1, runId: id, experiment: 'e', name: 'n', created: 1, argv: ['touch', 'begun'] })));
    await localRunner({ supervisorPath: supervisorPath(), pythonPath: PYTHON_PATH }).start(l.folder(id)).gone;
    await until('its end', () => l.store.hasRun(id) && l.state(id) === 'stopped');
    expect(existsSync(join(l.workspace, 'begun'))).toBe(false);
  });

  it('SIGTERM to a supervisor ends its command and says who did', async () => {
    const l = await lab();
    const run = l.launch({ argv: ['sleep', '60'] });
    await l.running(run);
    const { supervisor, child } = l.pids(run);
    const id = { pid: child, startTime: startTimeOf(child) };
    sendSignal(supervisor, 'SIGTERM');
    expect(await l.over(run)).toBe('killed');
    expect(l.store.getRun(run).reason).toContain('ended its supervisor');
    expect(isAlive(id)).toBe(false);
  });

  it('a folder that was deleted under a run does not stop the others', async () => {
    const l = await lab();
    l.write('runyard.yaml', 'queue: { concurrency: 2 }\n');
    const [a, b] = [l.launch({ argv: ['sleep', '60'] }), l.launch({ argv: ['sleep', '1'] })];
    await l.running(a);
    const child = readSupervisor(l.folder(a))?.child;
    const { supervisor } = l.pids(a);
    rmSync(l.folder(a), { recursive: true, force: true });
    expect(await l.over(b)).toBe('finished');
    sendSignal(supervisor, 'SIGKILL');
    if (child) sendSignal(child.pid, 'SIGKILL');
    await l.restart();
    expect(l.state(a)).toBe('lost');
  });
});
