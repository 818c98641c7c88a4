/** The evaluator's jobs by name. */
import { discover } from '../questions/discover';
import { details } from '../questions/details';
import { explain } from '../questions/explain';
import { importance } from '../questions/importance';
import { inspect } from '../questions/inspect';
import { rows } from '../questions/rows';
import { evaluate } from '../run/evaluate';
import { identify } from '../run/identify';
import { checkSlices } from '../questions/check-slices';
import type { JobTable } from './jobs';

export const jobs: JobTable = { identify, inspect, evaluate, discover, details, rows, importance, explain, checkSlices };
