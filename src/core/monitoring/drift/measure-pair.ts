/** A numeric column of both sides, for a worker thread. */
import { sampleIn } from '../measures/sample';
import { numericFigures, type Measured } from './figures';

export interface Pair { before: Float64Array; after: Float64Array }

/** The values (NaN where there is none) are sorted where they lie. */
export const measurePair = ({ before, after }: Pair): Measured => numericFigures(sampleIn(before), sampleIn(after));
