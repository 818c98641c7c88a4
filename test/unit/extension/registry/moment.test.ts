import { expect, test } from 'vitest';
import { readMoment } from '../../../../src/extension/registry/moment';

test('a moment with a zone is that moment, one without is local', () => {
  expect(readMoment('2026-05-03T14:00Z')).toBe(Date.UTC(2026, 4, 3, 14));
  expect(readMoment('2026-05-03 14:00:30+02:00')).toBe(Date.UTC(2026, 4, 3, 12, 0, 30));
  expect(readMoment('2026-05-03 14:00 +0200')).toBe(Date.UTC(2026, 4, 3, 12));
  expect(readMoment(' 2026-05-03 14:00 ')).toBe(new Date(2026, 4, 3, 14).getTime());
  expect(readMoment('2026-05-03')).toBe(new Date(2026, 4, 3).getTime());
});

test.each(['', 'yesterday', '2026-13-01', '2026-06-31', '2026-05-03 25:00', '03.05.2026'])('%j is none', (typed) => {
  expect(readMoment(typed)).toBeUndefined();
});
