import { afterEach, expect, it } from 'vitest';
import { until } from '../../../../support/until';
import { DAY, MONDAY, world, type World } from '../monitors/support';

let here: World;
afterEach(() => here.end());
const HOUR = DAY / 24;
const TICK = { every: 2, after: 0 };
const hourly = 'monitors: { a: { model: m@production, window: 1h, schedule: 1h, checks: [{ rows: 50 }], close: 1 } }';
const results = async (): Promise<number> => (await here.ask('monitors.results', { monitor: 'a' })).results.length;
const done = (count: number): Promise<boolean> => until(`${count} results`, async () => here.asked.length >= count && (await here.ask('monitors.list')).monitors.every(({ running }) => !running));
/** Long enough for many ticks: a run that shouldn't be would have begun. */
const quiet = async (): Promise<number> => {
  const before = here.asked.length;
  await until('some ticks', (() => { let left = 20; return () => left-- <= 0; })(), 10_000, 2);
  return here.asked.length - before;
};

it('what is due runs by itself, once, and again when its time comes', async () => {
  here = world(hourly, TICK);
  await done(1);
  expect(await quiet()).toBe(0);
  expect((await here.ask('monitors.list')).monitors[0]).toMatchObject({ schedule: 'every 1 h', next: here.now + HOUR });
  here.now += HOUR;
  await done(2);
  expect([await quiet(), await results()]).toEqual([0, 2]);
});

it('what was missed while no engine ran is caught up once', async () => {
  here = world(hourly, TICK);
  await done(1);
  here.now += 30 * HOUR;
  here.restart();
  await done(2);
  expect([await quiet(), await results()]).toEqual([0, 2]);
  // The newest whole window is looked at, not those that were missed.
  expect((await here.ask('monitors.list')).monitors[0]?.last?.window).toMatchObject({ from: here.now - HOUR, to: here.now });
});

it('a run that its engine did not live to end is due again, and nothing half done is kept', async () => {
  here = world(hourly, TICK);
  here.job = (_, __, signal) => new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
  await until('it to begin', () => here.asked.length === 1);
  here.job = () => undefined;
  here.restart();
  await done(2);
  expect([await quiet(), await results(), here.files('a').length]).toEqual([0, 1, 1]);
  expect((await here.ask('monitors.list')).monitors[0]?.problem).toBeNull();
});

it('one that fails waits for its next time, too', async () => {
  here = world(hourly, TICK);
  here.job = () => { throw new Error('no disk'); };
  await done(1);
  expect([await quiet(), (await here.ask('monitors.list')).monitors[0]?.problem]).toEqual([0, 'no disk']);
});

it('`due` runs what the schedule says and nothing else', async () => {
  here = world('monitors: { a: { model: m@production, schedule: { cron: "0 6 * * *" }, checks: [rows] }, b: { model: m@production, schedule: 1d, checks: [rows] }, c: { model: m@production, checks: [rows] } }');
  const due = async (): Promise<string[]> => (await here.ask('monitors.run', { job: 'due', due: true })).results.map(({ monitor }) => monitor);
  expect(await due()).toEqual(['b']);
  expect(await here.ask('monitors.run', { job: 'due', due: true })).toMatchObject({ results: [], outcome: 'pass' });
  here.now += DAY;
  expect(await due()).toEqual(['a', 'b']);
  expect(here.watch.busy()).toBe(false);
  // An alert that nobody looks after counts, also while nothing is due.
  here.rows.set(here.now, 0);
  here.now += DAY;
  expect((await here.ask('monitors.run', { job: 'due', monitors: ['b'], due: true })).outcome).toBe('fail');
  expect(await here.ask('monitors.run', { job: 'due', monitors: ['b'], due: true })).toMatchObject({ results: [], outcome: 'fail' });
});

it('what is due soon is known beforehand', async () => {
  here = world('monitors: { a: { model: m@production, schedule: 1h, checks: [rows] }, b: { model: m@production, checks: [rows] } }');
  // Never run: due now.
  expect([here.watch.soon(0), here.watch.busy()]).toEqual([true, true]);
  await here.ask('monitors.run', { job: 'x' });
  expect([here.watch.busy(), here.watch.soon(3599), here.watch.soon(3600)]).toEqual([false, false, true]);
  here.now += HOUR - 5000;
  expect([here.watch.busy(), here.watch.soon(4), here.watch.soon(5)]).toEqual([false, false, true]);
  here.configure('');
  expect(here.watch.soon(1e9)).toBe(false);
});

it('`due` takes what a run that goes on comes to', async () => {
  here = world(hourly, TICK);
  let go = (): void => undefined;
  here.job = () => new Promise<void>((resolve) => { go = resolve; });
  await until('it to begin', () => here.asked.length === 1);
  expect(here.watch.busy()).toBe(true);
  const due = here.ask('monitors.run', { job: 'due', due: true });
  go();
  expect((await due).results).toHaveLength(1);
  expect(here.asked).toHaveLength(1);
});

it('a snoozed alert wakes by itself when its time is over and it still fails', async () => {
  here = world(hourly.replace('schedule: 1h, ', ''), TICK);
  here.rows.set(MONDAY + DAY - HOUR, 5);
  const { opened: [row] } = await here.ask('monitors.run', { job: 'x' });
  await here.ask('alerts.act', { alert: row?.id, action: 'snooze', until: here.now + HOUR, reason: 'later' });
  await quiet();
  expect(here.alerts.map(({ what }) => what)).toEqual(['opened']);
  here.now += HOUR;
  await until('it to wake', () => here.alerts.length === 2);
  await quiet();
  expect(here.alerts.map(({ what, alert }) => [what, alert.state])).toEqual([['opened', 'open'], ['woke', 'open']]);
  expect((await here.ask('alerts.get', { alert: row?.id })).events.map(({ what }) => what)).toEqual(['opened', 'snoozed', 'woke']);
});
