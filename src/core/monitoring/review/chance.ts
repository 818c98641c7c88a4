/** Rows in an order by chance that nobody can choose, and that stays the same. Pure. */

/**
 * A number in [0, 1) that a row always gets with a seed: cyrb53's mixing of its key (two 32-bit multiply-and-xor lanes with Murmur3's finaliser).
 * Rows whose number is below any limit are a random sample of all rows.
 */
export function chanceOf(key: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ Math.imul(seed, 0x9e3779b1);
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)) / 9_007_199_254_740_992;
}
