import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moveCell } from '../../../../webview/shared/grid-keys';

const size = { rows: 100, columns: 8, page: 20 };

it.each([
  ['ArrowUp', { row: 0, column: 3 }, { row: -1, column: 3 }], ['ArrowUp', { row: -1, column: 3 }, { row: -1, column: 3 }],
  ['PageDown', { row: 90, column: 0 }, { row: 99, column: 0 }], ['PageUp', { row: 5, column: 0 }, { row: 0, column: 0 }],
  ['Home', { row: 4, column: 5 }, { row: 4, column: 0 }], ['End', { row: 4, column: 5 }, { row: 4, column: 7 }],
])('%s from %o goes to %o', (key, from, to) => expect(moveCell(from, key, size)).toEqual(to));
it('goes to the corners with ctrl', () => expect([moveCell({ row: 5, column: 5 }, 'Home', size, true), moveCell({ row: 5, column: 5 }, 'End', size, true)]).toEqual([{ row: 0, column: 0 }, { row: 99, column: 7 }]));
it('leaves other keys alone', () => expect(moveCell({ row: 0, column: 0 }, 'x', size)).toBeNull());
it('never leaves the grid', () => {
  const key = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown');
  fc.assert(fc.property(fc.array(fc.tuple(key, fc.boolean())), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 }), (keys, rows, columns) => {
    let cell = { row: -1, column: 0 };
    for (const [name, all] of keys) cell = moveCell(cell, name, { rows, columns, page: 3 }, all) ?? cell;
    expect(cell.row >= -1 && cell.row < Math.max(rows, 1) && cell.column >= 0 && cell.column < columns).toBe(true);
  }));
});
