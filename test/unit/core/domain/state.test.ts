import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinal, mayBecome, statesOf, toMlflow } from '../../../../src/core/domain/state';
import { RUN_STATES } from '../../../../src/protocol/model';

const state = fc.constantFrom(...RUN_STATES);

describe('the states of a run', () => {
  it('leave an end never, lost always for a truth', () => {
    fc.assert(fc.property(state, state, (from, to) => {
      if (isFinal(from) && from !== 'lost') expect(mayBecome(from, to)).toBe(false);
      if (from === 'lost') expect(mayBecome(from, to)).toBe(to !== 'lost' && to !== 'queued');
      expect(mayBecome(from, from)).toBe(false);
      expect(mayBecome(from, 'queued')).toBe(false);
    }));
  });

  it('come to rest: no chain of changes goes on for ever', () => {
    fc.assert(fc.property(fc.array(state, { maxLength: 30 }), (wanted) => {
      let now: (typeof RUN_STATES)[number] = 'queued';
      let changes = 0;
      for (const to of wanted.filter((to) => to !== 'lost')) if (mayBecome(now, to)) { now = to; changes += 1; }
      expect(changes).toBeLessThanOrEqual(2);
    }));
  });

  it('are found by our words and by MLflow\'s', () => {
    expect(statesOf('stopped')).toEqual(['stopped']);
    expect(statesOf('KILLED')).toEqual(['killed', 'stopped']);
    expect(statesOf('Running')).toEqual(['running']);
    expect(statesOf('gone')).toEqual([]);
    for (const one of RUN_STATES) expect(statesOf(toMlflow(one))).toContain(one);
  });
});
