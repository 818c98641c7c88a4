/** Fewer points of a line, the same picture. */

/**
 * Places of at most `most` points, ascending, ends among them: from the ends alone, the point that lies farthest from the line drawn so far is added until there are enough or none
 * is off it (Ramer 1972, Douglas & Peucker 1973, with a number of points in place of a tolerance). All places where there are no more than that.
 */
export function thinned(x: Float64Array, y: Float64Array, most = 500): Uint32Array {
  const n = x.length;
  if (n <= most) return Uint32Array.from({ length: n }, (_, at) => at);
  const places = [0, n - 1];
  const pieces = [farthest(x, y, [0, n - 1])];
  while (places.length < most) {
    let widest = 0;
    for (let i = 1; i < pieces.length; i++) if ((pieces[i]?.distance ?? 0) > (pieces[widest]?.distance ?? 0)) widest = i;
    const piece = pieces[widest];
    if (!piece || !(piece.distance > 0)) break;
    places.push(piece.at);
    pieces[widest] = farthest(x, y, [piece.from, piece.at]);
    pieces.push(farthest(x, y, [piece.at, piece.to]));
  }
  return Uint32Array.from(places).sort();
}

interface Piece { from: number; to: number; at: number; distance: number }

/** The point between the ends that is farthest from the straight line through them (from the one point, where both are the same). */
function farthest(x: Float64Array, y: Float64Array, [from, to]: readonly [number, number]): Piece {
  const [x0, y0] = [x[from] ?? 0, y[from] ?? 0];
  const [dx, dy] = [(x[to] ?? 0) - x0, (y[to] ?? 0) - y0];
  const length = Math.hypot(dx, dy);
  const piece: Piece = { from, to, at: from, distance: 0 };
  for (let at = from + 1; at < to; at++) {
    const [px, py] = [(x[at] ?? 0) - x0, (y[at] ?? 0) - y0];
    const distance = length > 0 ? Math.abs(px * dy - py * dx) / length : Math.max(Math.abs(px), Math.abs(py));
    if (distance > piece.distance) [piece.at, piece.distance] = [at, distance];
  }
  return piece;
}
