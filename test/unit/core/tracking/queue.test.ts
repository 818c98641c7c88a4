import { describe, expect, it } from 'vitest';
import { createQueue } from '../../../../src/core/tracking/queue';
import { endingOf } from '../../../../src/core/tracking/supervisor/ending';
import { addition, withoutCredentials } from '../../../../src/core/tracking/supervisor/code';
import { members } from '../../../../src/core/tracking/supervisor/resources';

describe('the queue', () => {
  it('is in the order in which the runs were made, whenever they are added', () => {
    const queue = createQueue();
    for (const [run, created] of [['b', 2], ['c', 3], ['a', 1], ['b2', 2]] as const) queue.add(run, created);
    expect(queue.remove('c')).toBe(true);
    expect(queue.remove('c')).toBe(false);
    expect([queue.next(1, 1), queue.next(0, 1), queue.next(0, 1), queue.next(0, 1), queue.next(0, 1)]).toEqual([null, 'a', 'b', 'b2', null]);
  });
});

describe('how a run ended', () => {
  const facts = { code: 0, signal: null, t: 1, cancelled: false, outOfMemory: false, supervisorAsked: false };
  it.each([
    [{}, 'finished', ''],
    [{ code: 3 }, 'failed', 'exit code 3'],
    [{ code: null, signal: 'SIGSEGV' as const }, 'killed', 'ended by SIGSEGV'],
    [{ code: null, signal: 'SIGKILL' as const, outOfMemory: true }, 'killed', 'out of memory: the kernel ended it'],
    [{ code: 137, outOfMemory: true }, 'failed', 'exit code 137: the kernel ended a process of it, out of memory'],
    [{ cancelled: true }, 'stopped', 'stopped by the user'],
    [{ cancelled: true, code: null, signal: 'SIGKILL' as const, outOfMemory: true }, 'stopped', 'stopped by the user'],
  ])('%j is %s', (change, state, reason) => {
    expect(endingOf({ ...facts, ...change })).toMatchObject({ state, reason });
  });
});

describe('what is kept of the code', () => {
  it('no password of a remote', () => {
    expect(withoutCredentials('https://me:secret@host/x.git')).toBe('https://host/x.git');
    expect(withoutCredentials('https://token@host/x@y.git')).toBe('https://host/x@y.git');
    expect(withoutCredentials('git@host:x.git')).toBe('git@host:x.git');
  });
  it('a file without a last newline says so', () => {
    expect(addition('a', 'x\ny')).toContain('@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline');
    expect(addition('a', '')).not.toContain('@@');
  });
});

describe('the processes of a run', () => {
  it('are its group and all that descend from it, living ones only', () => {
    const stat = (pid: number, ppid: number, pgid: number, state = 'S') => ({ pid, ppid, pgid, state, cpuTicks: 0, startTime: '1' });
    const all = [stat(1, 0, 1), stat(10, 1, 10), stat(11, 10, 10), stat(12, 11, 12), stat(13, 12, 12, 'Z'), stat(14, 1, 10), stat(20, 1, 20)];
    expect(members(10, all).map((one) => one.pid).sort()).toEqual([10, 11, 12, 14]);
  });
});
