/** The evaluator's jobs by name, but for those of the parts above evaluation, which the evaluator's program adds. */
import { discover } from '../questions/discover';
import { details } from '../questions/details';
import { explain } from '../questions/explain';
import { importance } from '../questions/importance';
import { inspect } from '../questions/inspect';
import { probe } from '../questions/probe';
import { rows } from '../questions/rows';
import { signature } from '../questions/signature';
import { evaluate } from '../run/evaluate';
import { identify } from '../run/identify';
import { checkSlices } from '../questions/check-slices';
import type { JobTable } from './jobs';

export type MonitoringJob = 'drift' | 'driftReport' | 'logFacts' | 'servingLogs' | 'driftWindow' | 'driftColumn' | 'driftExamples' | 'performance' | 'importLabels' | 'logRow' | 'feedbackFacts' | 'reviewQueue' | 'reviewExport' | 'retrainingRows' | 'backtest';

export const evaluationJobs: Omit<JobTable, MonitoringJob> = { identify, inspect, evaluate, discover, details, rows, importance, explain, checkSlices, probe, signature };
