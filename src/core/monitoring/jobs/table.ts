/** The evaluator's jobs that are monitoring's. */
import type { MonitoringJob } from '../../evaluation/process/table';
import type { JobTable } from '../../evaluation/process/jobs';
import { RunyardError } from '../../base/errors';
import { drift } from './drift-psi';
import { driftReport } from './drift-report';
import { logFacts } from './log-facts';

const missing = (): Promise<never> => Promise.reject(new RunyardError('unsupported', 'this is not there yet', ''));
export const monitoringJobs: Pick<JobTable, MonitoringJob> = {
  drift, driftReport,
  driftWindow: missing, driftColumn: missing, driftExamples: missing,
  logFacts,
  performance: missing,
  importLabels: missing, reviewQueue: missing, reviewExport: missing,
  labelledRows: missing,
};
