import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../support/until';
import { RunyardError } from '../../../../../src/core/base/errors';
import { MOST_RESULTS, resultId } from '../../../../../src/core/monitoring/monitors/keep';
import { DAY, MONDAY, world, type World } from './support';

let here: World;
afterEach(() => here.end());
const two = `monitors:
  a: { model: m@production, checks: [{ rows: 50 }], close: 1 }
  b: { log: { data: b.csv, time: t }, checks: [{ rows: 50 }] }
`;
let job = 0;
const run = (params: object = {}): ReturnType<typeof here.ask<'monitors.run'>> => here.ask('monitors.run', { job: `j${job++}`, ...params });
/** Looks at the day that is over, then a day later at the next, each with so many rows. */
async function days(monitor: string, rows: readonly number[]): Promise<void> {
  for (const count of rows) {
    here.rows.set(here.now - DAY, count);
    await run({ monitors: [monitor] });
    here.now += DAY;
  }
}

describe('a run', () => {
  it('looks at the newest whole window of each monitor, and is kept as a record and a file', async () => {
    here = world(two);
    here.now += 3_600_000;
    const { results, outcome, failed, opened } = await run();
    expect([outcome, failed, opened]).toEqual(['pass', [], []]);
    expect(results.map(({ monitor, window, versions }) => [monitor, window, versions])).toEqual([['a', { from: MONDAY, to: MONDAY + DAY, rows: 100 }, [3]], ['b', { from: MONDAY, to: MONDAY + DAY, rows: 100 }, [3]]]);
    const id = resultId('a', { from: MONDAY, to: MONDAY + DAY });
    expect(here.files('a')).toEqual([`${id}.json`]);
    const whole = await here.ask('monitors.result', { result: id });
    expect(whole).toMatchObject({ format: 1, id, model: 'm@production', outcome: 'pass', versions: [{ version: 3, role: 'live' }], reference: { text: 'the window before: 2026-11-15 to 2026-11-16' } });
    expect('asked' in whole).toBe(false);
    expect((await here.ask('monitors.results', { monitor: 'a' })).results).toEqual([results[0]]);
    expect((await here.ask('monitors.list')).monitors).toMatchObject([{ name: 'a', line: 2, checks: ['rows'], last: { id }, next: null, running: false, problem: null, open: 0 }, { name: 'b', model: null }]);
  });

  it('looks at the window that holds a moment; one that lies ahead is refused', async () => {
    here = world(two);
    const { results } = await run({ monitors: ['a'], at: MONDAY - 5 * DAY + 7 });
    expect(results[0]?.window.from).toBe(MONDAY - 5 * DAY);
    await expect(run({ at: here.now + 1 })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(run({ monitors: ['c'] })).rejects.toMatchObject({ code: 'not_found', hint: 'runyard.yaml has a, b' });
    here.configure('');
    await expect(run()).rejects.toMatchObject({ code: 'not_found', message: 'runyard.yaml has no monitor' });
  });

  it('of a window that was looked at already replaces what was found, and counts once', async () => {
    here = world(two);
    here.rows.set(MONDAY, 5);
    const first = await run({ monitors: ['a'] });
    expect([first.outcome, first.opened.map(({ text }) => text)]).toEqual(['fail', ['rows: 5 rows, fewer than 50']]);
    here.rows.set(MONDAY, 7);
    const again = await run({ monitors: ['a'] });
    expect([again.opened, here.alerts.length]).toEqual([[], 1]);
    expect((await here.ask('monitors.results', { monitor: 'a' })).results.map(({ window }) => window.rows)).toEqual([7]);
    expect((await here.ask('alerts.list')).alerts.map(({ windows }) => windows)).toEqual([1]);
    expect(again.results[0]?.alerts).toEqual([first.opened[0]?.id]);
  });

  it('of one monitor goes on once at a time', async () => {
    here = world(two);
    let go = (): void => undefined;
    here.job = () => new Promise<void>((resolve) => { go = resolve; });
    const first = run({ monitors: ['a'] });
    await until('it to begin', () => here.asked.length > 0);
    expect((await here.ask('monitors.list')).monitors.map(({ running }) => running)).toEqual([true, false]);
    await expect(run({ monitors: ['a'] })).rejects.toMatchObject({ code: 'conflict', message: 'the monitor a runs already' });
    go();
    expect((await first).results).toHaveLength(1);
  });

  it('that is stopped keeps nothing of the monitor that was under way, and what was done before', async () => {
    here = world(two);
    here.job = (_, { log }, signal) => (log.data ? new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); }) : undefined);
    const going = here.ask('monitors.run', { job: 'stopped' });
    await until('the second to begin', () => here.asked.length === 2);
    expect(await here.ask('monitors.cancel', { job: 'stopped' })).toEqual({ stopped: true });
    await expect(going).rejects.toMatchObject({ code: 'cancelled' });
    expect([here.files('a').length, here.files('b')]).toEqual([1, ['none']]);
    expect((await here.ask('monitors.list')).monitors.map(({ last, running }) => [last === null, running])).toEqual([[false, false], [true, false]]);
  });

  it('that fails stops no other, and is told until it works again', async () => {
    here = world(two.replace('a:', 'z: { model: q@production, checks: [rows] }\n  a:'));
    here.job = (_, { log }) => { if (log.data) throw new RunyardError('not_found', 'b.csv is not there', 'write it'); };
    const { results, failed, outcome } = await run();
    expect([results.map(({ monitor }) => monitor), failed, outcome]).toEqual([['z', 'a'], [{ monitor: 'b', message: 'b.csv is not there', hint: 'write it' }], 'cannot tell']);
    const problems = async (): Promise<unknown[]> => (await here.ask('monitors.list')).monitors.map(({ problem }) => problem);
    expect(await problems()).toEqual([null, null, 'b.csv is not there: write it']);
    here.job = () => undefined;
    await run();
    expect(await problems()).toEqual([null, null, null]);
  });

  it('of what can not be read is told of by name and line, whether it was asked for or all were', async () => {
    here = world(two.replace('b.csv, time: t }', 'b.csv }'));
    const found = await here.ask('monitors.list');
    expect([found.monitors.map(({ name }) => name), found.broken]).toEqual([['a'], [{ section: 'monitors', name: 'b', file: 'runyard.yaml', line: 3, column: 13, message: 'monitors.b.log.time: expected string, received undefined', more: 0 }]]);
    const failed = [{ monitor: 'b', message: "it can't be read: monitors.b.log.time: expected string, received undefined", hint: 'mend line 3 of runyard.yaml' }];
    expect(await run()).toMatchObject({ results: [{ monitor: 'a' }], failed, outcome: 'cannot tell' });
    expect(await run({ monitors: ['b'], due: true })).toMatchObject({ results: [], failed, outcome: 'cannot tell' });
    expect(await run({ monitors: ['a'] })).toMatchObject({ results: [{ monitor: 'a' }], failed: [], outcome: 'pass' });
    here.configure('monitors: [a]\n');
    expect(await run()).toMatchObject({ results: [], failed: [{ monitor: 'runyard.yaml', message: "it can't be read: expected names under monitors:" }], outcome: 'cannot tell' });
    await expect(run({ monitors: ['a'] })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('with a part that can not be had says so of its checks, and of the others what they found', async () => {
    here = world('monitors: { a: { model: m@production, checks: [drift, schema, { estimated: f1 }, { rows: 50 }] } }');
    const { results: [result], failed, outcome } = await run();
    expect(result?.checks.map(({ key, outcome: each, reason }) => [key, each, reason])).toEqual([
      ['drift', 'cannot tell', 'driftWindow: the reference is not there'], ['schema', 'cannot tell', 'driftWindow: the reference is not there'], ['estimated:f1', 'cannot tell', 'performance: the reference is not there'], ['rows', 'pass', ''],
    ]);
    expect([failed.map(({ message }) => message), outcome, here.asked]).toEqual([['driftWindow: the reference is not there'], 'cannot tell', ['logFacts', 'driftWindow', 'performance']]);
  });

  it('of a model whose answers nobody logs says so, beside its empty window', async () => {
    here = world('monitors: { a: { model: none@production, checks: [rows] } }');
    here.rows.set(MONDAY, 0);
    const { results: [result], failed } = await run();
    expect([result?.outcome, failed.map(({ message }) => message)]).toEqual(['fail', ['nothing has been logged for none@production so far']]);
  });

  it('of an empty window asks for nothing more, and can not tell what drifted', async () => {
    here = world('monitors: { a: { model: m@production, checks: [drift, predictions, { realised: f1 }, rows] } }');
    here.rows.set(MONDAY, 0);
    const { results: [result] } = await run();
    expect(result?.checks.map(({ outcome }) => outcome)).toEqual(['cannot tell', 'cannot tell', 'cannot tell', 'fail']);
    expect(here.asked).toEqual(['logFacts']);
  });

  it('says which files of the log could not be read, and how many rows claim to be of the future', async () => {
    here = world(two);
    here.facts = { future: 2, unreadable: [{ file: 'date=2026-11-16/half.parquet', why: 'no Parquet file' }] };
    const { results: [result], outcome } = await run({ monitors: ['a'] });
    expect([outcome, result?.reasons]).toEqual(['pass', ['date=2026-11-16/half.parquet could not be read and is left out: no Parquet file', '2 rows lie in the future and are in no window']]);
  });

  it('keeps the newest results only, and no file that nobody knows', async () => {
    here = world(two);
    await run({ monitors: ['a'] });
    const kept = here.context.store.records.get('monitorResult', resultId('a', { from: MONDAY, to: MONDAY + DAY }));
    for (let i = 1; i <= MOST_RESULTS; i++) here.context.store.records.put('monitorResult', { id: `old${i}`, scope: 'a', sort: MONDAY - i * DAY, doc: { ...(kept?.doc as object), id: `old${i}`, window: { from: MONDAY - i * DAY, to: 0, rows: 1 } } });
    writeFileSync(path.join(here.workspace, '.runyard', 'monitoring', 'a', 'x.json.part'), '{');
    here.now += DAY;
    await run({ monitors: ['a'] });
    expect(here.context.store.records.list('monitorResult', { scopes: ['a'] })).toHaveLength(MOST_RESULTS);
    expect(here.files('a')).toHaveLength(2);
  });

  it('whose file was spoilt or removed is told of, and looked at again by a new run', async () => {
    here = world(two);
    await run({ monitors: ['a'] });
    const id = resultId('a', { from: MONDAY, to: MONDAY + DAY });
    writeFileSync(path.join(here.workspace, '.runyard', 'monitoring', 'a', `${id}.json`), '{"format":1');
    await expect(here.ask('monitors.result', { result: id })).rejects.toMatchObject({ code: 'store_corrupt' });
    expect((await here.ask('monitors.history', { monitor: 'a' })).points).toMatchObject([{ result: id, drift: null, multivariate: [] }]);
    await run({ monitors: ['a'] });
    expect(await here.ask('monitors.result', { result: id })).toMatchObject({ id });
    await expect(here.ask('monitors.result', { result: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(here.ask('monitors.results', { monitor: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('runs the programs of its checks with the result so far in a file', async () => {
    const node = JSON.stringify([process.execPath, '-e', 'const r = JSON.parse(require("fs").readFileSync(process.env.RUNYARD_RESULT)); console.log(process.env.RUNYARD_MONITOR, process.env.RUNYARD_FROM, r.window.rows); process.exit(3)']);
    here = world(`monitors: { a: { model: m@production, checks: [rows, { command: ${node}, name: mine }] } }`);
    const { results: [result] } = await run();
    expect(result?.checks[1]).toMatchObject({ key: 'mine', outcome: 'cannot tell', value: 3, reason: 'a 2026-11-16T00:00:00.000Z 100' });
    expect(here.files('a')).toHaveLength(1);
  });
});

describe('alerts of runs', () => {
  it('open once, hold with hysteresis, and end by themselves', async () => {
    here = world(two.replace('close: 1', 'close: 2, open: 2'));
    await days('a', [5, 5, 5, 90, 5, 90, 90, 90]);
    expect(here.alerts.map(({ what }) => what)).toEqual(['opened', 'resolved']);
    const { alerts: [row] } = await here.ask('alerts.list', { state: 'all' });
    expect(row).toMatchObject({ state: 'resolved', windows: 4, key: 'rows', version: 3, model: 'm@production' });
    const { events, results, line } = await here.ask('alerts.get', { alert: row?.id });
    expect([events.map(({ what, text }) => `${what}: ${text}`), results.length, line]).toEqual([['opened: rows: 5 rows, fewer than 50', 'held: fails in 4 windows so far', 'resolved: it passed 2 windows in a row'], 8, 2]);
  });

  it('are not touched by a window of long ago', async () => {
    here = world(two);
    await days('a', [90]);
    here.rows.set(MONDAY - 5 * DAY, 3);
    // Also where the newest window knows nothing of the check.
    here.configure(two.replace('{ rows: 50 }', '{ rows: 50 }, { rows: 60, name: new }'));
    const { results: [old] } = await run({ monitors: ['a'], at: MONDAY - 5 * DAY });
    expect([old?.outcome, here.alerts]).toEqual(['fail', []]);
    expect((await here.ask('monitors.results', { monitor: 'a' })).results.map(({ window }) => window.rows)).toEqual([90, 3]);
  });

  it('end where runyard.yaml has their check no more', async () => {
    here = world(two);
    await days('a', [5]);
    here.configure(two.replace('{ rows: 50 }', '{ rows: 1, name: other }'));
    await days('a', [5]);
    expect((await here.ask('alerts.list', { state: 'all' })).alerts.map(({ state, text }) => [state, text])).toEqual([['resolved', 'rows: 5 rows, fewer than 50']]);
  });

  it('of severity critical ask the registry to go back, once for a model', async () => {
    here = world('monitors: { a: { model: m@production, severity: critical, checks: [{ rows: 50 }, { rows: 60, name: more }] } }');
    await days('a', [5]);
    expect(here.back).toEqual(['m@production: a: rows: 5 rows, fewer than 50']);
    const [first] = here.alerts;
    await until('what came of it to be noted', async () => (await here.ask('alerts.get', { alert: first?.alert.id })).events.some(({ what, text }) => what === 'rolledBack' && text === 'went back from version 3 to 2'));
    await days('a', [5]);
    expect(here.back).toHaveLength(1);
  });

  it('count towards the answer of a run for as long as nobody looks after them', async () => {
    here = world(two.replace('close: 1', 'close: 2'));
    await days('a', [5]);
    expect((await run({ monitors: ['a'] })).outcome).toBe('fail');
    const { alerts: [row] } = await here.ask('alerts.list');
    await here.ask('alerts.act', { alert: row?.id, action: 'acknowledge' });
    expect((await run({ monitors: ['a'] })).outcome).toBe('pass');
  });
});
