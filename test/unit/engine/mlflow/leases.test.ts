import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { ProcessId } from '../../../../src/core/tracking/process';
import { createLeases, type Leases } from '../../../../src/engine/mlflow/leases';

const RUN = 'a'.repeat(32);
interface Connection { name: string }
const connection = (name: string): Connection => ({ name });
const python: ProcessId = { pid: 10, startTime: '100' };
const other: ProcessId = { pid: 11, startTime: '200' };

let now = 0;
let dead: Set<number>;
let leases: Leases<Connection>;
beforeEach(() => {
  now = 1000;
  dead = new Set();
  leases = createLeases({ now: () => now, alive: ({ pid }) => !dead.has(pid), lease: 900, grace: 5 });
});
const due = (): ReturnType<typeof leases.due> => leases.due([RUN]);
/** Looks every second for so long, and gives what was given up on the way. */
const wait = (seconds: number): ReturnType<typeof leases.due> => {
  for (const end = now + seconds; now < end;) {
    now++;
    const given = due();
    if (given.length > 0) return given;
  }
  return [];
};

test('a run lives as long as a connection that spoke of it is open', () => {
  leases.spoke(RUN, connection('a'));
  expect(wait(5000)).toEqual([]);
});

test('who is behind a connection is asked for once', () => {
  const one = connection('a');
  expect([leases.spoke(RUN, one), leases.spoke(RUN, one), leases.spoke('b'.repeat(32), one)]).toEqual([true, false, false]);
});

test('a process that lives keeps its run, however silent, with no connection', () => {
  const one = connection('a');
  leases.spoke(RUN, one);
  leases.known(one, python);
  leases.closed(one);
  expect(wait(10_000)).toEqual([]);
});

test('a process that is killed loses its run after the grace, not before', () => {
  const one = connection('a');
  leases.spoke(RUN, one);
  leases.known(one, python);
  dead.add(10);
  leases.closed(one);
  expect(wait(5)).toEqual([]);
  expect(wait(2)).toEqual([{ run: RUN, why: 'ended', pids: [10] }]);
});

test('a client that comes again within the grace keeps its run', () => {
  const one = connection('a');
  leases.spoke(RUN, one);
  leases.known(one, python);
  dead.add(10);
  leases.closed(one);
  wait(4);
  leases.spoke(RUN, connection('b'));
  expect(wait(100)).toEqual([]);
});

test('of several processes any that lives counts', () => {
  for (const [name, id] of [['a', python], ['b', other]] as const) {
    const one = connection(name);
    leases.spoke(RUN, one);
    leases.known(one, id);
    leases.closed(one);
  }
  dead.add(10);
  expect(wait(3000)).toEqual([]);
  dead.add(11);
  expect(wait(10)).toEqual([{ run: RUN, why: 'ended', pids: [10, 11] }]);
});

test('a client of whom nothing can be told has a lease from its last word', () => {
  const one = connection('a');
  leases.spoke(RUN, one);
  leases.known(one, null);
  now += 500;
  leases.spoke(RUN, one);
  leases.closed(one);
  expect(wait(899)).toEqual([]);
  expect(wait(2)).toEqual([{ run: RUN, why: 'silent', pids: [] }]);
});

test('a connection that closed before its process was found is not given up meanwhile', () => {
  const one = connection('a');
  leases.spoke(RUN, one);
  leases.closed(one);
  expect(wait(50)).toEqual([]);
  leases.known(one, null);
  expect(wait(800)).toEqual([]);
  expect(wait(100)).toHaveLength(1);
});

test('words over connections too short to be looked at are those of the known process, as long as it lives', () => {
  const first = connection('a');
  leases.spoke(RUN, first);
  expect(leases.anonymous(RUN)).toBe(true);
  leases.known(first, python);
  leases.closed(first);
  expect(leases.anonymous(RUN)).toBe(false);
  wait(100);
  const brief = connection('b');
  leases.spoke(RUN, brief);
  leases.closed(brief);
  leases.known(brief, null);
  dead.add(10);
  expect(wait(10)).toEqual([{ run: RUN, why: 'ended', pids: [10] }]);
});

test('a word of somebody unknown after the known process ended has its lease', () => {
  const first = connection('a');
  leases.spoke(RUN, first);
  leases.known(first, python);
  dead.add(10);
  leases.closed(first);
  const brief = connection('b');
  leases.spoke(RUN, brief);
  leases.closed(brief);
  leases.known(brief, null);
  expect(wait(890)).toEqual([]);
  expect(wait(20)).toHaveLength(1);
});

test('what an earlier engine knew decides after a restart', () => {
  leases.restore(RUN, [python]);
  expect(wait(2000)).toEqual([]);
  expect(leases.processes(RUN)).toEqual([python]);
  dead.add(10);
  expect(wait(10)).toEqual([{ run: RUN, why: 'ended', pids: [10] }]);
});

test('after a restart a run whose client is not known has a lease from then', () => {
  leases.restore(RUN, []);
  expect(wait(899)).toEqual([]);
  expect(wait(2)).toHaveLength(1);
});

test('a run whose client has just spoken gains nothing by a folder that tells of none', () => {
  const one = connection('a');
  leases.spoke(RUN, one);
  leases.restore(RUN, []);
  leases.known(one, python);
  leases.restore(RUN, []);
  dead.add(10);
  leases.closed(one);
  expect(wait(10)).toEqual([{ run: RUN, why: 'ended', pids: [10] }]);
});

test('a word heard otherwise prolongs the lease', () => {
  leases.restore(RUN, []);
  wait(800);
  leases.heard(RUN, 10);
  expect(wait(889)).toEqual([]);
  expect(wait(2)).toHaveLength(1);
});

test('a parent and its child are judged each for itself', () => {
  const child = 'b'.repeat(32);
  const [a, b] = [connection('a'), connection('b')];
  leases.spoke(RUN, a);
  leases.known(a, python);
  leases.spoke(child, b);
  leases.known(b, other);
  leases.closed(b);
  dead.add(11);
  const given: string[] = [];
  for (let i = 0; i < 10; i++) {
    now++;
    given.push(...leases.due([RUN, child]).map(({ run }) => run));
  }
  expect(new Set(given)).toEqual(new Set([child]));
});

test('a run that is over is forgotten', () => {
  leases.spoke(RUN, connection('a'));
  leases.due([]);
  expect(leases.has(RUN)).toBe(false);
});

test('whatever happens in whatever order, a run with an open connection or a living process is never given up', () => {
  const step = fc.oneof(
    fc.record({ is: fc.constant('spoke' as const), who: fc.nat(3) }), fc.record({ is: fc.constant('closed' as const), who: fc.nat(3) }),
    fc.record({ is: fc.constant('known' as const), who: fc.nat(3) }), fc.record({ is: fc.constant('dies' as const), who: fc.nat(3) }),
    fc.record({ is: fc.constant('waits' as const), who: fc.nat(1200) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    now = 0;
    dead = new Set();
    leases = createLeases({ now: () => now, alive: ({ pid }) => !dead.has(pid), lease: 900, grace: 5 });
    let connections = [0, 1, 2, 3].map((n) => connection(String(n)));
    const open = new Set<number>();
    const named = new Set<number>();
    for (const { is, who } of steps) {
      if (is === 'spoke' && !dead.has(who)) {
        if (!open.has(who)) connections = connections.map((one, n) => (n === who ? connection(String(n)) : one));
        open.add(who);
        leases.spoke(RUN, connections[who] ?? connection(''));
      } else if (is === 'closed' && open.delete(who)) leases.closed(connections[who] ?? connection(''));
      else if (is === 'known' && open.has(who)) {
        named.add(who);
        leases.known(connections[who] ?? connection(''), { pid: who, startTime: '1' });
      } else if (is === 'dies') {
        dead.add(who);
        if (open.delete(who)) leases.closed(connections[who] ?? connection(''));
      } else if (is === 'waits') now += who;
      if (!leases.has(RUN)) continue;
      const given = due();
      const lives = open.size > 0 || [...named].some((one) => !dead.has(one));
      if (lives) expect(given).toEqual([]);
    }
  }), { numRuns: 300 });
});

test('a run whose known process is gone has nobody who speaks for it, so who speaks next is looked at before the answer', () => {
  const first = connection('a');
  leases.spoke(RUN, first);
  leases.known(first, python);
  leases.closed(first);
  dead.add(10);
  const second = connection('b');
  leases.spoke(RUN, second);
  expect(leases.anonymous(RUN)).toBe(true);
  leases.known(second, other);
  expect(leases.anonymous(RUN)).toBe(false);
});
