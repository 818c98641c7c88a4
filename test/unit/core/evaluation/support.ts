import { expect } from 'vitest';

/** Equal to so many parts of the wanted value, or so much in all near 0; undefined figures are null on both sides. */
export function near(found: number | null | undefined, wanted: number | null | undefined, tolerance = 1e-10): void {
  if (found == null || wanted == null) {
    expect(found ?? null).toBe(wanted ?? null);
    return;
  }
  expect(Math.abs(found - wanted), `${found} for ${wanted}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
}

export function allNear(found: Iterable<number | null> | null | undefined, wanted: readonly (number | null)[], tolerance?: number): void {
  const list = [...(found ?? [])];
  expect(list).toHaveLength(wanted.length);
  list.forEach((value, at) => near(value, wanted[at], tolerance));
}

/** The same columns with the rows in another order. */
export const reordered = <T extends { map: unknown; length: number; [row: number]: number }>(values: T, order: readonly number[], make: (rows: ArrayLike<number>) => T): T => make(order.map((row) => values[row] ?? NaN));

export const ones = (rows: number): Float64Array => new Float64Array(rows).fill(1);

/** Refused with a `RunyardError` of code `bad_input` whose message says so much. */
export const refused = (what: () => unknown, message: RegExp): void => expect(what).toThrow(expect.objectContaining({ name: 'RunyardError', code: 'bad_input', message: expect.stringMatching(message) }));
