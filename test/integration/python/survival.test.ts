import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ofKind, python, readSpool, runFolder, startPython } from './support';

let run: ReturnType<typeof runFolder>;
beforeEach(() => { run = runFolder(); });
afterEach(() => run.dispose());

describe('kill -9', () => {
  it('loses no point that log returned from, at 20 random moments', async () => {
    for (let round = 0; round < 20; round++) {
      const folder = runFolder();
      // The count goes down a pipe after each call returned, so that what was read here was returned there.
      const child = startPython('import os, runyard\ni = 0\nwhile True:\n    runyard.log({"loss": i}, step=i); os.write(1, b"%d\\n" % i); i += 1', folder.dir);
      let heard = '';
      const wanted = 1 + Math.floor(Math.random() * 3000);
      child.stdout?.on('data', (data: Buffer) => {
        heard += data.toString();
        if (heard.split('\n').length > wanted) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const lines = heard.split('\n');
      const returned = Number(lines[lines.length - 2]);
      const steps = ofKind(readSpool(folder.dir), 'm').map((event) => event.s);
      expect(steps).toEqual(Array.from(steps, (_, i) => i));
      expect(steps.length, `round ${round}`).toBeGreaterThan(returned);
      folder.dispose();
    }
  });
});

describe('processes and threads', () => {
  it('threads write whole lines, each point once', () => {
    const said = python(`
import threading, runyard
def work(k):
    for i in range(2000): runyard.log({"t%d" % k: i}, step=i)
    for i in range(200): runyard.log({"shared": k})
threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]`, run.dir);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const events = ofKind(readSpool(run.dir), 'm');
    for (let k = 0; k < 8; k++) {
      expect(events.filter((event) => `t${k}` in event.m).map((event) => event.s)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    }
    const shared = events.filter((event) => 'shared' in event.m).map((event) => event.s ?? -1).sort((a, b) => a - b);
    expect(shared).toEqual(Array.from({ length: 1600 }, (_, i) => i));
  });

  it('a forked child writes a file of its own, even when it was forked while threads log, and through multiprocessing', () => {
    const said = python(`
import multiprocessing, os, threading, runyard
runyard.log({"parent": 0})
stop = threading.Event()
def noise():
    while not stop.is_set(): runyard.log({"noise": 1})
threading.Thread(target=noise, daemon=True).start()
for k in range(10):
    pid = os.fork()
    if pid == 0:
        for i in range(50): runyard.log({"child": k * 100 + i})
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
def work(k):
    runyard.log({"worker": k})
processes = [multiprocessing.get_context("fork").Process(target=work, args=(k,)) for k in range(4)]
[p.start() for p in processes]; [p.join() for p in processes]
stop.set()
runyard.log({"parent": 1})`, run.dir);
    expect(said.code, said.stderr).toBe(0);
    const spool = readSpool(run.dir);
    expect(spool.files).toHaveLength(15);
    expect(spool.half).toEqual([]);
    const events = ofKind(spool, 'm');
    expect(events.filter((event) => 'child' in event.m)).toHaveLength(500);
    expect(events.filter((event) => 'worker' in event.m).map((event) => event.m['worker']).sort()).toEqual([0, 1, 2, 3]);
    expect(events.filter((event) => 'parent' in event.m).map((event) => event.s)).toEqual([0, 1]);
  });

  it('a signal handler that logs in the middle of a log does not hang, and no line is torn', () => {
    const said = python(`
import signal, threading, runyard
main, stop, handled = threading.get_ident(), threading.Event(), threading.Event()
def handler(*_): runyard.log({"signal": 1}); handled.set()
signal.signal(signal.SIGUSR1, handler)
def poke():
    # One at a time: signals that pile up nest their handlers until Python's own recursion limit, whoever they call.
    while not stop.is_set():
        handled.clear(); signal.pthread_kill(main, signal.SIGUSR1); handled.wait(1)
t = threading.Thread(target=poke); t.start()
for i in range(20000): runyard.log({"loss": i}, step=i)
stop.set(); t.join()`, run.dir);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const spool = readSpool(run.dir);
    expect(ofKind(spool, 'm').filter((event) => 'loss' in event.m)).toHaveLength(20000);
    expect(ofKind(spool, 'm').length).toBeGreaterThan(20000);
  });

  it('a script that closes every descriptor goes on in a new file', () => {
    const said = python('import os, runyard\nrunyard.log({"a": 0})\nos.closerange(3, 100)\nrunyard.log({"a": 1})', run.dir);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const spool = readSpool(run.dir);
    expect(spool.files).toHaveLength(2);
    expect(ofKind(spool, 'm').map((event) => event.s).sort()).toEqual([0, 1]);
  });
});

describe('a disk that takes nothing', () => {
  it('a file-size limit: raises nothing, says so once, finishes the torn line and loses no line once there is room', () => {
    const said = python(`
import resource, runyard
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
for i in range(100): runyard.log({"loss": i}, step=i)
for room in range(1100, 60000, 777):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard)); runyard.log({"room": room}, step=room)
for i in range(100, 3000): runyard.log({"loss": i}, step=i)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
for i in range(3000, 3010): runyard.log({"loss": i}, step=i)`, run.dir);
    expect(said.code).toBe(0);
    expect(said.stderr.trim().split('\n')).toEqual([expect.stringContaining('cannot write what is logged')]);
    const spool = readSpool(run.dir);
    expect(spool.half).toEqual([]);
    const losses = ofKind(spool, 'm').filter((event) => 'loss' in event.m);
    expect(losses.map((event) => event.s)).toEqual(Array.from({ length: 3010 }, (_, i) => i));
    expect(ofKind(spool, 'm')).toHaveLength(3010 + 76);
  });

  it('a limit that stays: ends well, says what is lost, keeps what was written whole', () => {
    const said = python(`
import resource, runyard
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for i in range(100): runyard.log({"loss": i}, step=i)
runyard.log_table("t", [["x" * 5000]])`, run.dir);
    expect(said.code).toBe(0);
    const kept = ofKind(readSpool(run.dir), 'm').map((event) => event.s);
    expect(kept).toEqual(Array.from(kept, (_, i) => i));
    expect(said.stderr).toContain(`${100 - kept.length} lines could not be written`);
    expect(said.stderr).toContain('log_table');
    expect(readSpool(run.dir).events.some((event) => event.e === 'artifact')).toBe(false);
  });

  it('a full file system: goes on where it stopped as soon as there is room', (context) => {
    const disk = mkdtempSync(join(tmpdir(), 'runyard-full-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      rmSync(disk, { recursive: true });
      return context.skip('only a user that may mount can fill a disk; the file-size limits above cover the same code');
    }
    try {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(40_000));
      const said = python(`
import os, runyard
for i in range(900): runyard.log({"loss": i}, step=i)
os.unlink(${JSON.stringify(join(disk, 'ballast'))})
runyard.log({"loss": 900}, step=900)`, disk);
      expect(said.code).toBe(0);
      expect(said.stderr.trim().split('\n')).toEqual([expect.stringContaining('No space left')]);
      expect(ofKind(readSpool(disk), 'm').map((event) => event.s)).toEqual(Array.from({ length: 901 }, (_, i) => i));
    } finally {
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true });
    }
  });

  it('a run folder that is not there: raises nothing, says so once, and writes what waited when it is', () => {
    const folder = join(run.dir, 'later');
    const said = python(`
import os, runyard
for i in range(10): runyard.log({"a": i})
os.mkdir(${JSON.stringify(folder)})`, folder);
    expect(said.code).toBe(0);
    expect(said.stderr.trim().split('\n')).toHaveLength(1);
    expect(ofKind(readSpool(folder), 'm')).toHaveLength(10);
  });

  it('a file where the folder should be, and standard error closed: no call raises', () => {
    const file = join(run.dir, 'file');
    writeFileSync(file, '');
    const said = python(`
import sys, runyard
sys.stderr = None
runyard.log({"a": 1}); runyard.log_params({"a": 1}); runyard.summary({"a": 1}); runyard.log_table("t", [[1]]); runyard.log_image("i", object())
runyard.log_dataset("d", "nowhere.csv"); runyard.log_artifact("nowhere"); runyard.log_params(3); runyard.set_tags(3); runyard.summary(3)
print("ok")`, file);
    expect(said).toMatchObject({ code: 0, stdout: 'ok\n' });
  });
});
