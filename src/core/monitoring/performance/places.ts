/** Places of rows that something holds for, ascending. */
export function placesWhere(rows: number, holds: (row: number) => boolean): Int32Array {
  const found = new Int32Array(rows);
  let n = 0;
  for (let row = 0; row < rows; row++) if (holds(row)) found[n++] = row;
  return found.slice(0, n);
}
