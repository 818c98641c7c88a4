/** What the evaluator's worker threads run: pure work, and little else, as each thread loads it anew. */
import { answerThreads } from '../core/evaluation/process/threads';
import { drawn } from '../core/evaluation/run/draws';
import { measurePair } from '../core/monitoring/drift/measure-pair';

answerThreads({ draws: drawn, driftNumbers: measurePair });
