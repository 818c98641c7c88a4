import { normalQuantile } from '../../../../../src/core/evaluation/intervals/normal';
import { unit, type Random } from '../../../../../src/core/evaluation/intervals/random';

/** A draw from the standard normal distribution. */
export const gaussian = (next: Random): number => normalQuantile(unit(next));
