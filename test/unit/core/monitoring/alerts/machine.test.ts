import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../../src/protocol/evaluation/result';
import { act, goOn, mayOpen, wake, type Move, type Settled, type Standing } from '../../../../../src/core/monitoring/alerts/machine';
import { streak, trailsOf, type Step } from '../../../../../src/core/monitoring/alerts/trail';

/** What a monitor does with one check: windows are looked at in any order of reruns of the newest, and a person acts. */
type Event = { look: 'next' | 'again'; outcome: Outcome } | { person: 'acknowledge' | 'snooze' | 'resolve' | 'reopen' } | { wait: number };
interface World { now: number; steps: Map<number, Outcome>; newest: number; standing: Standing | null; settled: Settled | null; told: { what: string; at: number; window: number }[] }

const HOUR = 1;
const trailOf = ({ steps }: World): Step[] => [...steps].filter(([, outcome]) => outcome !== 'cannot tell').map(([from, outcome]) => ({ from, outcome }));

function follow(world: World, event: Event, { open, close }: { open: number; close: number }): void {
  const { standing } = world;
  const take = (move: Move): void => {
    if (move.what === 'nothing') return;
    world.told.push({ what: move.what, at: world.now, window: world.newest });
    world.standing = move.standing;
    if (move.what === 'resolve') world.settled = null;
  };
  if ('wait' in event) {
    world.now += event.wait;
    const awake = standing && wake(standing, trailOf(world), world.now);
    if (awake) take({ what: 'wake', standing: awake });
  } else if ('look' in event) {
    if (event.look === 'next' || world.newest < 0) world.newest += 10;
    world.steps.set(world.newest, event.outcome);
    if (event.outcome === 'cannot tell') return;
    const trail = trailOf(world);
    take(standing && standing.state !== 'resolved' ? goOn(standing, trail, { close, now: world.now }) : mayOpen(trail, { open }, world.settled));
  } else if (standing) {
    const after = act(standing, event.person === 'snooze' ? { action: 'snooze', until: world.now + 3 * HOUR } : event.person === 'reopen' ? { action: 'reopen', seen: world.newest } : { action: event.person });
    if (after === null || after === 'refused') return;
    world.standing = after;
    world.settled = event.person === 'resolve' ? { through: world.newest } : world.settled;
    world.told.push({ what: event.person, at: world.now, window: world.newest });
  }
}

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ look: fc.constantFrom('next' as const, 'next' as const, 'again' as const), outcome: fc.constantFrom<Outcome>('fail', 'pass', 'cannot tell') }) },
  { weight: 2, arbitrary: fc.record({ person: fc.constantFrom('acknowledge' as const, 'snooze' as const, 'resolve' as const, 'reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 5 }) }) },
);
const story = fc.array(event, { maxLength: 40 });
const limits = fc.record({ open: fc.integer({ min: 1, max: 3 }), close: fc.integer({ min: 1, max: 3 }) });
const empty = (): World => ({ now: 0, steps: new Map(), newest: -10, standing: null, settled: null, told: [] });
function play(events: readonly Event[], how: { open: number; close: number }, each?: (before: World, after: World, event: Event) => void): World {
  const world = empty();
  for (const one of events) {
    const before = { ...world, steps: new Map(world.steps), told: [...world.told] };
    follow(world, one, how);
    each?.(before, world, one);
  }
  return world;
}
const looks = (text: string): Event[] => [...text].map((c) => ({ look: c === c.toUpperCase() ? 'next' as const : 'again' as const, outcome: { f: 'fail' as const, p: 'pass' as const, x: 'cannot tell' as const }[c.toLowerCase()] ?? 'pass' }));
const toldBy = (events: readonly Event[], how = { open: 1, close: 2 }): string[] => play(events, how).told.map(({ what }) => what);

describe('an alert', () => {
  it('opens at the first failing window, or after so many in a row', () => {
    expect(toldBy(looks('PPF'))).toEqual(['open']);
    expect(toldBy(looks('FFPFF'), { open: 3, close: 1 })).toEqual([]);
    expect(toldBy(looks('FFF'), { open: 3, close: 1 })).toEqual(['open']);
    // What can't be told breaks no row and makes none.
    expect(toldBy(looks('FXF'), { open: 2, close: 1 })).toEqual(['open']);
    expect(toldBy(looks('XX'))).toEqual([]);
  });

  it('holds while it fails, and ends after so many passing windows in a row', () => {
    expect(toldBy(looks('FFFPFPXP'))).toEqual(['open', 'hold', 'hold', 'hold', 'resolve']);
    expect(play(looks('FFFPF'), { open: 1, close: 2 }).standing).toMatchObject({ windows: 4, first: 0, counted: 40 });
    expect(play(looks('FF'), { open: 2, close: 2 }).standing).toMatchObject({ windows: 2, first: 0 });
  });

  it('passing windows from before it opened do not end it', () => {
    // The window that opened it is looked at again and passes: one passing window, not four.
    expect(toldBy(looks('PPPFp'))).toEqual(['open']);
    expect(toldBy(looks('PPPFpP'))).toEqual(['open', 'resolve']);
  });

  it('is quiet while it is snoozed, and wakes only where it still fails', () => {
    const snoozed: Event[] = [...looks('F'), { person: 'snooze' }];
    expect(toldBy([...snoozed, ...looks('F'), { wait: 2 }])).toEqual(['open', 'snooze', 'hold']);
    expect(toldBy([...snoozed, { wait: 3 }])).toEqual(['open', 'snooze', 'wake']);
    expect(toldBy([...snoozed, { wait: 3 }, { wait: 3 }])).toEqual(['open', 'snooze', 'wake']);
    expect(toldBy([...snoozed, ...looks('P'), { wait: 9 }])).toEqual(['open', 'snooze']);
    expect(toldBy([...snoozed, ...looks('P'), { wait: 9 }, ...looks('F')])).toEqual(['open', 'snooze', 'wake']);
    expect(toldBy([...snoozed, ...looks('PP'), { wait: 9 }])).toEqual(['open', 'snooze', 'resolve']);
  });

  it('that a person resolved opens again for a later window only', () => {
    const resolved: Event[] = [...looks('FF'), { person: 'resolve' }];
    expect(toldBy([...resolved, ...looks('fff')])).toEqual(['open', 'hold', 'resolve']);
    expect(toldBy([...resolved, ...looks('F')])).toEqual(['open', 'hold', 'resolve', 'open']);
    expect(toldBy([...resolved, ...looks('FF')], { open: 2, close: 1 })).toEqual(['open', 'resolve', 'open']);
    expect(toldBy([...resolved, ...looks('PF')])).toEqual(['open', 'hold', 'resolve', 'open']);
  });

  it('that a person opens again ends by windows that come then', () => {
    expect(toldBy([...looks('FPP'), { person: 'reopen' }, ...looks('p')])).toEqual(['open', 'resolve', 'reopen']);
    expect(toldBy([...looks('FPP'), { person: 'reopen' }, ...looks('PP')])).toEqual(['open', 'resolve', 'reopen', 'resolve']);
  });

  it('can not be acknowledged or snoozed once it is resolved', () => {
    const { standing } = play([...looks('F'), { person: 'resolve' }], { open: 1, close: 1 });
    if (!standing) throw new Error('no alert');
    expect([act(standing, { action: 'acknowledge' }), act(standing, { action: 'snooze', until: 9 }), act(standing, { action: 'resolve' })]).toEqual(['refused', 'refused', null]);
  });
});

describe('whatever happens, an alert', () => {
  it('never opens while one is open, and never ends twice', () => {
    fc.assert(fc.property(story, limits, (events, how) => {
      let open = false;
      for (const { what } of play(events, how).told) {
        if (what === 'open') {
          expect(open).toBe(false);
          open = true;
        }
        if (what === 'resolve') {
          expect(open).toBe(true);
          open = false;
        }
        if (what === 'reopen') open = true;
      }
    }), { numRuns: 300 });
  });

  it('says the same thing once: a window that is looked at again with the same outcome changes nothing', () => {
    fc.assert(fc.property(story, limits, (events, how) => {
      const world = play(events, how);
      const outcome = world.steps.get(world.newest);
      if (outcome === undefined) return;
      follow(world, { look: 'again', outcome }, how);
      const before = [world.told.length, JSON.stringify(world.standing)];
      for (let i = 0; i < 3; i++) follow(world, { look: 'again', outcome }, how);
      expect([world.told.length, JSON.stringify(world.standing)]).toEqual(before);
    }), { numRuns: 300 });
  });

  it('opens only after `open` failing windows in a row, and resolves by itself only after `close` passing ones', () => {
    fc.assert(fc.property(story, limits, (events, how) => {
      play(events, how, (before, after, one) => {
        const more = after.told.slice(before.told.length).map(({ what }) => what);
        if (more.includes('open')) expect(streak(trailOf(after), 'fail', -Infinity)).toBeGreaterThanOrEqual(how.open);
        if (more.includes('resolve') && 'look' in one) expect(streak(trailOf(after), 'pass', -Infinity)).toBeGreaterThanOrEqual(how.close);
      });
    }), { numRuns: 300 });
  });

  it('counts each failing window once, and none twice', () => {
    fc.assert(fc.property(story, limits, (events, how) => {
      const { standing, steps } = play(events, how);
      if (standing) expect(standing.windows).toBeLessThanOrEqual(steps.size);
    }), { numRuns: 300 });
  });

  it('is not touched by what can not be told', () => {
    fc.assert(fc.property(story, limits, (events, how) => {
      const world = play(events, how);
      const before = JSON.stringify([world.standing, world.told]);
      follow(world, { look: 'next', outcome: 'cannot tell' }, how);
      expect(JSON.stringify([world.standing, world.told])).toBe(before);
    }), { numRuns: 200 });
  });
});

describe('trails', () => {
  it('have each window once, as it was looked at last, oldest first', () => {
    const result = (from: number, created: number, outcome: Outcome): Parameters<typeof trailsOf>[0][number] => ({ created, window: { from, to: from + 1, rows: 1 }, checks: [{ key: 'a', check: 'rows', subject: '', severity: 'info', outcome, value: 1, low: null, high: null, threshold: null, reason: '', at: 0 }] });
    const trails = trailsOf([result(2, 5, 'fail'), result(1, 1, 'fail'), result(1, 9, 'pass'), result(3, 1, 'cannot tell')]);
    expect(trails.get('a')).toEqual([{ from: 1, outcome: 'pass' }, { from: 2, outcome: 'fail' }]);
    expect(trails.get('b')).toBeUndefined();
  });
});
