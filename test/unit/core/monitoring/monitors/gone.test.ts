import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../support/until';
import type { AlertRow } from '../../../../../src/protocol/monitoring';
import { ana, DAY, MONDAY, world, type World } from './support';

let here: World;
afterEach(() => here.end());
const a = 'a: { model: m@production, checks: [{ rows: 50 }], schedule: 1d, open: 2 }';
const b = 'b: { model: q@production, checks: [{ rows: 50 }] }';
const both = `monitors: { ${a}, ${b} }`;
const TICK = { every: 2, after: 0, settle: 0 };
let job = 0;
const run = (monitors: string[]): ReturnType<typeof here.ask<'monitors.run'>> => here.ask('monitors.run', { job: `j${job++}`, monitors });
const open = async (): Promise<string[]> => (await here.ask('alerts.list')).alerts.map(({ monitor }) => monitor).sort();
/** Two days of too few rows: an alert of each is open. */
async function failing(): Promise<AlertRow[]> {
  for (let day = 0; day < 2; day++) {
    here.rows.set(here.now - DAY, 5);
    await run(['a', 'b']);
    here.now += DAY;
  }
  expect(await open()).toEqual(['a', 'b']);
  return (await here.ask('alerts.list')).alerts;
}
/** As if the file had been saved, and time for what comes of it. */
async function save(text: string): Promise<void> {
  here.configure(text);
  here.watch.configChanged();
  await until('some ticks', (() => { let left = 10; return () => left-- <= 0; })(), 10_000, 3);
}

describe('a monitor that is taken out of runyard.yaml', () => {
  it('takes its alerts along: resolved with that reason, told of once; those of the others stay', async () => {
    here = world(both);
    const rows = await failing();
    const [mine] = rows.filter(({ monitor }) => monitor === 'a');
    await here.ask('alerts.act', { alert: mine?.id, action: 'snooze', until: here.now + DAY, reason: 'later', by: ana });
    here.alerts.length = here.changes.length = 0;
    here.configure(`monitors: { ${b} }`);
    here.restart();
    expect(await open()).toEqual(['b']);
    const { row, events, line } = await here.ask('alerts.get', { alert: mine?.id });
    expect(row).toMatchObject({ state: 'resolved', resolved: here.now, snoozedUntil: null, resolution: 'its monitor is no longer in runyard.yaml' });
    expect(events.at(-1)).toEqual({ t: here.now, what: 'resolved', by: null, text: 'its monitor is no longer in runyard.yaml' });
    expect([line, here.alerts.map(({ what, alert }) => [what, alert.monitor]), here.changes[0]]).toEqual([null, [['resolved', 'a']], { what: ['alerts'], monitors: ['a'] }]);
    here.restart();
    expect(here.alerts).toHaveLength(1);
    // What was found is still there to be looked at.
    expect((await here.ask('monitors.results', { monitor: 'a' })).results).toHaveLength(2);
    await expect(here.ask('alerts.act', { alert: mine?.id, action: 'reopen', by: ana })).rejects.toMatchObject({ code: 'conflict', hint: 'write a there again: it begins anew' });
  });

  it('is gone while the engine runs, too, once the file stands still', async () => {
    here = world(both.replace('schedule: 1d, ', ''), TICK);
    await failing();
    await save(`monitors: { ${a.replace('schedule: 1d, ', '')} }`);
    expect(await open()).toEqual(['a']);
    await save('');
    expect(await open()).toEqual([]);
  });

  it('begins anew when it comes back: no window from before counts, its schedule neither', async () => {
    here = world(both);
    await failing();
    here.configure(`monitors: { ${b} }`);
    here.restart();
    here.now += DAY;
    here.configure(both);
    here.restart();
    const row = async (): Promise<unknown> => (await here.ask('monitors.list')).monitors.map(({ name, last, next, open: alerts }) => [name, last?.window.from ?? null, next, alerts])[0];
    // Never run: due at once.
    expect(await row()).toEqual(['a', null, here.now, 0]);
    here.rows.set(here.now - DAY, 5);
    expect((await run(['a'])).opened).toEqual([]);
    expect(await row()).toEqual(['a', here.now - DAY, here.now + DAY, 0]);
    here.now += DAY;
    here.rows.set(here.now - DAY, 5);
    expect((await run(['a'])).opened).toMatchObject([{ monitor: 'a', windows: 2, opened: here.now }]);
    expect((await here.ask('alerts.list', { state: 'all', monitor: 'a' })).alerts.map(({ state }) => state)).toEqual(['open', 'resolved']);
  });

  it('while it runs keeps nothing of that run, and opens no alert', async () => {
    here = world(both.replace('schedule: 1d, open: 2', 'open: 1'), TICK);
    here.rows.set(MONDAY, 5);
    let go = (): void => undefined;
    here.job = () => new Promise<void>((resolve) => { go = resolve; });
    const going = run(['a']);
    await until('it to begin', () => here.asked.length > 0);
    await save(`monitors: { ${b} }`);
    go();
    expect(await going).toMatchObject({ results: [], opened: [], outcome: 'cannot tell', failed: [{ monitor: 'a', message: 'the monitor a was taken out of runyard.yaml while it ran' }] });
    expect([await open(), here.files('a')]).toEqual([[], ['none']]);
  });
});

describe('a monitor is not gone', () => {
  it.each([
    ['it can not be read', both.replace('rows: 50', 'rows: few')],
    ['YAML is wrong somewhere', `monitors: { ${b} }\nslices: [\n`],
    ['the section is no map', 'monitors: x\n'],
  ])('where %s: its alerts stay', async (_, text) => {
    here = world(both.replace('schedule: 1d, ', ''), TICK);
    await failing();
    await save(text);
    expect(await open()).toEqual(['a', 'b']);
    await save(both.replace('schedule: 1d, ', ''));
    expect([await open(), here.alerts.map(({ what }) => what)]).toEqual([['a', 'b'], ['opened', 'opened']]);
  });

  it('where the file lacks it for a moment only', async () => {
    here = world(both.replace('schedule: 1d, ', ''), { ...TICK, settle: 60_000 });
    await failing();
    await save('');
    expect(await open()).toEqual(['a', 'b']);
  });
});
