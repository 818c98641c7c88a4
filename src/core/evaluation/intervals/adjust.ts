/** p values of many tests at once. A null stays null and doesn't count. */

/** Holm's step-down adjustment (Holm 1979): the chance of any false alarm stays below the level, whatever the dependence. */
export const holm = (ps: readonly (number | null)[]): (number | null)[] => adjusted(ps, (sorted) => {
  let most = 0;
  return sorted.map((p, at) => (most = Math.max(most, Math.min(1, p * (sorted.length - at)))));
});

/** Benjamini and Hochberg's adjustment (1995): the share of false ones among those found stays below the level. */
export const benjaminiHochberg = (ps: readonly (number | null)[]): (number | null)[] => adjusted(ps, (sorted) => {
  let least = 1;
  // The quotient first: it is at least 1, so that no p falls by rounding.
  return sorted.map((p, at) => p * (sorted.length / (at + 1))).reverse().map((p) => (least = Math.min(least, p))).reverse();
});

function adjusted(ps: readonly (number | null)[], of: (sorted: number[]) => number[]): (number | null)[] {
  const known = ps.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((a, b) => a.p - b.p);
  const found: (number | null)[] = ps.map(() => null);
  of(known.map(({ p }) => p)).forEach((p, rank) => {
    const one = known[rank];
    if (one) found[one.at] = p;
  });
  return found;
}
