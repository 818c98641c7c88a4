/** Values at places; NaN where there is none. */
export function gather(values: Float64Array | Uint8Array, places: Int32Array | Uint32Array): Float64Array {
  const found = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) found[at] = values[places[at] ?? 0] ?? NaN;
  return found;
}

/** Places of rows that something holds for, ascending. */
export function placesWhere(rows: number, holds: (row: number) => boolean): Int32Array {
  const found = new Int32Array(rows);
  let n = 0;
  for (let row = 0; row < rows; row++) if (holds(row)) found[n++] = row;
  return found.slice(0, n);
}
