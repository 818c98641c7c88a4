/** Real commands from launch to the end, and what the store then knows of them. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until';
import { openLab, type Lab } from './support';

const labs: Lab[] = [];
const lab = async (): Promise<Lab> => { const made = await openLab(); labs.push(made); return made; };
afterEach(() => { for (const one of labs.splice(0)) one.dispose(); });

describe('a run', () => {
  it('that says nothing of itself is known by its output, params, resources, code and environment', async () => {
    const l = await lab();
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-C', l.workspace, ...args], { encoding: 'utf8' });
    l.write('train.py', 'import time\nfor i in range(3):\n    print(f"epoch {i} loss={1/(i+1):.2f} acc: 0.{i}")\n    time.sleep(0.2)\n');
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', 'https://me:secret@example.org/x.git');
    git('add', 'train.py');
    git('commit', '-qm', 'x');
    l.write('train.py', readFileSync(join(l.workspace, 'train.py'), 'utf8') + '# changed\n');
    l.write('new.py', 'x = 1');
    const run = l.launch({ argv: ['python3', 'train.py', '--lr', '0.1'], tags: { a: 'b' }, params: { seed: '3' } });
    expect(await l.over(run)).toBe('finished');
    const facts = l.store.getRun(run);
    expect(facts).toMatchObject({
      experiment: 'train', script: 'train.py', exitCode: 0, reason: '', cwd: '.', params: { lr: '0.1', seed: '3' }, tags: { a: 'b' }, branch: 'main', dirty: true,
      remote: 'https://example.org/x.git', patch: 'code.patch', commit: git('rev-parse', 'HEAD').trim(),
    });
    expect(facts.argv.slice(1)).toEqual(['train.py', '--lr', '0.1', '--seed', '3']);
    expect(facts.environment.python).toMatch(/^3\./);
    expect(facts.metrics['loss']).toMatchObject({ value: 0.33, step: 2, count: 3 });
    expect(facts.metrics['acc']).toMatchObject({ value: 0.2, step: 2, count: 3 });
    expect(l.store.resources(run, 100).length).toBeGreaterThan(0);
    expect(facts.started).toBeGreaterThan(0);
    // The patch alone brings the code back.
    git('stash', '-q', '-u');
    git('apply', join(l.folder(run), 'artifacts/code.patch'));
    expect(readFileSync(join(l.workspace, 'new.py'), 'utf8')).toBe('x = 1');
    expect(readFileSync(join(l.workspace, 'train.py'), 'utf8')).toContain('# changed');
  });

  it('that logs for itself has its own points only, its artifacts by their digest, once', async () => {
    const l = await lab();
    l.write('train.py', [
      'import runyard, os', 'open("m.bin", "wb").write(b"x" * 1000)', 'for i in range(5):', '    print(f"loss={i}")', '    runyard.log({"loss": i / 10, "odd": float("nan")}, step=i)',
      'runyard.log_artifact("m.bin")', 'runyard.log_artifact("m.bin", "again/m.bin")', 'runyard.log_params({"depth": 3})', 'runyard.summary({"best": 0.9})', 'runyard.set_tags({"k": "v"})',
      'open(os.path.join(os.environ["RUNYARD_RUN_DIR"], "events.x.jsonl"), "w").write(\'{"e":"artifact","t":1,"path":"../../../x"}\\n{"e":"artifact","t":1,"path":"not-there"}\\n\')',
    ].join('\n'));
    const run = l.launch({ script: 'train.py' });
    expect(await l.over(run)).toBe('finished');
    const facts = l.store.getRun(run);
    expect(facts.metrics['loss']).toMatchObject({ count: 5, value: 0.4, step: 4 });
    expect(facts.metrics['odd']).toMatchObject({ value: 'NaN' });
    expect(facts).toMatchObject({ params: { depth: '3' }, tags: { k: 'v' } });
    expect(facts.metrics['best']).toMatchObject({ value: 0.9 });
    const digests = facts.artifacts.filter((artifact) => artifact.path.endsWith('m.bin')).map((artifact) => [artifact.digest.length, artifact.size]);
    expect(digests).toEqual([[64, 1000], [64, 1000]]);
    const [first] = facts.artifacts.filter((artifact) => artifact.path === 'm.bin');
    const object = join(l.workspace, '.runyard/objects', first?.digest.slice(0, 2) ?? '', first?.digest ?? '');
    expect([object, join(l.folder(run), 'artifacts/m.bin'), join(l.folder(run), 'artifacts/again/m.bin')].map((file) => statSync(file).ino)).toEqual(Array(3).fill(statSync(object).ino));
    const problems = facts.problems.map((problem) => problem.text).join('\n');
    expect(problems).toContain("leaves the run's artifacts");
    expect(problems).toContain('not-there is not in the run');
  });

  it.each([
    [['python3', '-c', 'raise SystemExit(3)'], { state: 'failed', exitCode: 3, reason: 'exit code 3' }],
    [['python3', '-c', 'import os; os.kill(os.getpid(), 9)'], { state: 'killed', signal: 'SIGKILL', reason: 'ended by SIGKILL' }],
    [['no-such-program-at-all'], { state: 'failed', exitCode: null, reason: expect.stringContaining("'no-such-program-at-all' was not found; PATH is ") }],
    [['./data.txt'], { state: 'failed', reason: expect.stringContaining('chmod +x') }],
  ])('%j ends as what it is', async (argv, expected) => {
    const l = await lab();
    l.write('data.txt', 'not a program');
    const run = l.launch({ argv });
    await l.over(run);
    expect(l.store.getRun(run)).toMatchObject(expected);
  });

  it('through a shell only where that is asked for', async () => {
    const l = await lab();
    const plain = l.launch({ argv: ['echo', 'a; echo b'] });
    const shell = l.launch({ argv: ['echo a; echo b'], shell: true });
    await l.over(plain);
    await l.over(shell);
    expect([l.stdout(plain), l.stdout(shell)]).toEqual(['a; echo b\n', 'a\nb\n']);
  });

  it('that was stopped is stopped: asked first, and made to if it does not listen, with all its children', async () => {
    const l = await lab();
    l.write('runyard.yaml', 'stop: { intSeconds: 0.4, termSeconds: 0.4 }\n');
    l.write('deaf.py', 'import signal, subprocess, sys, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\np = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])\nprint(p.pid, flush=True)\ntime.sleep(60)\n');
    const run = l.launch({ script: 'deaf.py' });
    const child = await until('the child', () => existsSync(join(l.folder(run), 'stdout.log')) && Number(l.stdout(run).trim()));
    await l.tracker.stop(run);
    expect(await l.over(run, 8000)).toBe('stopped');
    expect(l.store.getRun(run)).toMatchObject({ reason: 'stopped by the user', signal: 'SIGKILL' });
    await until('the child to be gone', () => !existsSync(`/proc/${child}`) || readFileSync(`/proc/${child}/stat`, 'latin1').includes(') Z '));
    expect(await l.tracker.stop(run)).toBe('stopped');
  });

  it('that listens may still end in order', async () => {
    const l = await lab();
    l.write('kind.py', 'import time, runyard\nruns = True\ntry:\n    runyard.log({"a": 1})\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    runyard.log({"a": 2})\n    print("bye")\n');
    const run = l.launch({ script: 'kind.py' });
    await until('its first point', () => l.store.getRun(run).metrics['a']);
    await l.tracker.stop(run);
    expect(await l.over(run)).toBe('stopped');
    expect(l.stdout(run)).toBe('bye\n');
    expect(l.store.getRun(run).metrics['a']).toMatchObject({ count: 2 });
  });

  it('leaves no background processes behind, and says so', async () => {
    const l = await lab();
    const run = l.launch({ argv: ['sleep 60 & echo $!'], shell: true });
    expect(await l.over(run)).toBe('finished');
    const pid = Number(l.stdout(run).trim());
    expect(existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')).toBe(false);
    expect(readFileSync(join(l.folder(run), 'events.supervisor.jsonl'), 'utf8')).toContain('outlived it');
  });
});

describe('the queue', () => {
  const sleeper = { argv: ['sleep', '60'] };
  it('starts one at a time, in order, and a queued run is stopped at once', async () => {
    const l = await lab();
    const [a, b, c] = [l.launch(sleeper), l.launch(sleeper), l.launch({ argv: ['true'] })];
    await l.running(a);
    expect([l.state(b), l.state(c), l.tracker.live(), l.tracker.queued()]).toEqual(['queued', 'queued', 3, 2]);
    expect(await l.tracker.stop(b)).toBe('stopped');
    expect(l.store.getRun(b).reason).toBe('stopped before it started');
    expect(existsSync(join(l.folder(b), 'stdout.log'))).toBe(false);
    await l.tracker.stop(a);
    expect([await l.over(a), await l.over(c)]).toEqual(['stopped', 'finished']);
    expect(l.tracker.live()).toBe(0);
  });

  it('survives the engine, and runs go on meanwhile', async () => {
    const l = await lab();
    const a = l.launch({ argv: ['python3', '-c', 'import runyard, time\nfor i in range(20): runyard.log({"x": i}); time.sleep(0.1)'] });
    const b = l.launch({ argv: ['true'] });
    await l.running(a);
    await l.restart();
    expect([l.state(a), l.state(b), l.tracker.queued()]).toEqual(['running', 'queued', 1]);
    expect([await l.over(a), await l.over(b)]).toEqual(['finished', 'finished']);
    expect(l.store.getRun(a).metrics['x']).toMatchObject({ count: 20 });
  });

  it('runs as many at once as the setting says; seeds differ in their seed only', async () => {
    const l = await lab();
    l.write('runyard.yaml', 'queue: { concurrency: 3 }\nexperiments:\n  e:\n    command: [sh, -c, "sleep 1; echo $0 $@"]\n    params: { lr: 1 }\n    seeds: { param: random_state, count: 3 }\n');
    const runs = l.tracker.launch({ configured: 'e' });
    await until('all three to run', () => runs.every((run) => l.state(run) === 'running'));
    for (const run of runs) await l.over(run);
    expect(runs.map((run) => l.stdout(run).trim())).toEqual([0, 1, 2].map((seed) => `--lr 1 --random_state ${seed}`));
    expect(new Set(runs.map((run) => l.store.getRun(run).group)).size).toBeLessThanOrEqual(3);
  });
});

describe('a run that is there', () => {
  it('can be changed, and the folder knows it too: a new store says the same', async () => {
    const l = await lab();
    const run = l.launch({ argv: ['echo', 'hi'], experiment: 'one', name: 'first' });
    await l.over(run);
    await l.tracker.edit(run, { name: 'second', notes: 'good', pinned: true, experiment: 'two', setTags: { a: '1', b: '2' } });
    await l.tracker.edit(run, { deleteTags: ['b'] });
    const wanted = { name: 'second', notes: 'good', pinned: true, experiment: 'two', tags: { a: '1' }, state: 'finished' };
    expect(l.store.getRun(run)).toMatchObject(wanted);
    l.store.dispose();
    writeFileSync(join(l.workspace, '.runyard/runyard.db'), 'no database');
    await l.restart();
    expect(l.store.getRun(run)).toMatchObject(wanted);
  });

  it('can be run again with other params', async () => {
    const l = await lab();
    l.write('t.py', 'import sys, runyard\nprint(sys.argv[1:], runyard.params())\n');
    const run = l.launch({ argv: ['python3', 't.py', '--lr', '0.1', '--fast'] });
    await l.over(run);
    const [again] = l.tracker.rerun(run, { lr: '0.2' }, 'test');
    await l.over(again ?? '');
    expect(l.stdout(again ?? '')).toBe("['--lr', '0.2', '--fast'] {'lr': '0.2', 'fast': 'true'}\n");
    expect(l.store.getRun(again ?? '')).toMatchObject({ params: { lr: '0.2', fast: 'true' }, source: 'test', experiment: 't', tags: { 'runyard.rerun_of': run } });
  });

  it('works on in a workspace that was moved, its own interpreter too', async () => {
    const l = await lab();
    mkdirSync(join(l.workspace, 'old/.venv/bin'), { recursive: true });
    execFileSync('sh', ['-c', `printf '#!/bin/sh\\nexec python3 "$@"\\n' > old/.venv/bin/python; chmod +x old/.venv/bin/python; echo 'print(1)' > old/t.py`], { cwd: l.workspace });
    const before = await openLab({ workspace: join(l.workspace, 'old') });
    const run = before.launch({ script: join(before.workspace, 't.py') });
    expect(await before.over(run)).toBe('finished');
    expect(before.store.getRun(run)).toMatchObject({ argv: ['.venv/bin/python', 't.py'], interpreter: '.venv/bin/python' });
    before.tracker.dispose();
    before.store.dispose();
    execFileSync('mv', ['old', 'new'], { cwd: l.workspace });
    const after = await openLab({ workspace: join(l.workspace, 'new') });
    expect(after.state(run)).toBe('finished');
    const [again] = after.tracker.rerun(run, {}, 'test');
    expect(await after.over(again ?? '')).toBe('finished');
    after.tracker.dispose();
    after.store.dispose();
  });
});
