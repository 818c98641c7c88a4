import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onCallAt, weeksFrom } from '../../../../../src/core/monitoring/alerts/on-call';

const rota = { start: '2026-11-16', people: ['Ana', 'Bo', 'Cy'], except: { '2026-11-30': 'Dee' } };
const at = (text: string): number => new Date(`${text}T12:00:00`).getTime();

describe('the rota', () => {
  it('goes round by weeks from its Monday on, with its exceptions', () => {
    expect(['2026-11-15', '2026-11-16', '2026-11-22', '2026-11-23', '2026-11-30', '2026-12-07'].map((date) => onCallAt(rota, at(date)))).toEqual([null, 'Ana', 'Ana', 'Bo', 'Dee', 'Ana']);
    expect(onCallAt(null, at('2026-11-16'))).toBeNull();
    expect(onCallAt(rota, new Date('2026-11-23T00:00:00').getTime())).toBe('Bo');
    expect(onCallAt(rota, new Date('2026-11-22T23:59:59').getTime())).toBe('Ana');
  });

  it('lists the weeks to come', () => {
    expect(weeksFrom(rota, at('2026-11-25'), 3)).toEqual([{ from: '2026-11-23', name: 'Bo' }, { from: '2026-11-30', name: 'Dee' }, { from: '2026-12-07', name: 'Ana' }]);
    expect(weeksFrom(rota, at('2026-01-01'), 1)).toEqual([{ from: '2026-11-16', name: 'Ana' }]);
    expect(weeksFrom(null, 0, 3)).toEqual([]);
  });

  it('is the same for every moment of a week, whatever the clocks do in it', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 23 }), (week, day, hour) => {
      const t = new Date(2026, 10, 16 + 7 * week + day, hour, 30).getTime();
      expect(onCallAt({ ...rota, except: {} }, t)).toBe(rota.people[week % 3]);
    }));
  });
});
