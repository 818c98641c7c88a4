/**
 * P(D >= gap / (n m)) over all orders of n and m values without ties: of the lattice paths from (0, 0) to (n, m), those that come to a point with
 * |x m - y n| >= gap. Walked with probabilities in place of counts: in each point the share of the paths into it that have been outside; adding those keeps small tails exact.
 * Only points within are walked, so it takes time in proportion to n m times the distance, and less for the small distances that leave room for doubt.
 * Source: Hodges (1958), The significance probability of the Smirnov two-sample test. Edge cases: no gap gives 1.
 */
export function exactTail(n: number, m: number, gap: number): number {
  if (gap === 0) return 1;
  const outside = new Float64Array(m + 1).fill(1);
  for (let x = 0; x <= n; x++) {
    const low = Math.max(0, Math.floor((x * m - gap) / n) + 1);
    const high = Math.min(m, Math.ceil((x * m + gap) / n) - 1);
    if (low > 0) outside[low - 1] = 1;
    for (let y = low; y <= high; y++) {
      const below = y > 0 ? (outside[y - 1] as number) : 0;
      outside[y] = x + y === 0 ? 0 : (x * (outside[y] as number) + y * below) / (x + y);
    }
  }
  return outside[m] ?? 1;
}
