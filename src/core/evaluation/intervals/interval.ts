/** A lower and an upper limit, as a pair, as reference files have them. */
export type Bounds = [low: number, high: number];

/** Two-sided, unless told otherwise. */
export const usualConfidence = 0.95;

/** A difference with its interval and two-sided p; null where it can't be said. */
export interface Difference { difference: number; interval: Bounds | null; p: number | null }
