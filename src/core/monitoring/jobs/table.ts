/** The evaluator's jobs that are monitoring's. */
import type { MonitoringJob } from '../../evaluation/process/table';
import type { JobTable } from '../../evaluation/process/jobs';
import { backtest } from './backtest';
import { drift } from './drift-psi';
import { driftColumn } from './drift-column';
import { driftExamples } from './drift-examples';
import { driftReport } from './drift-report';
import { driftWindow } from './drift-window';
import { importLabels } from './import-labels';
import { logFacts } from './log-facts';
import { feedbackFacts, logRow } from './log-row';
import { performance } from './performance';
import { reviewExport } from './review-export';
import { reviewQueue } from './review-queue';
import { servingLogs } from './serving-logs';
import { retrainingRows } from './retraining-rows';

export const monitoringJobs: Pick<JobTable, MonitoringJob> = {
  drift, driftReport,
  driftWindow, driftColumn, driftExamples,
  logFacts, servingLogs,
  performance,
  importLabels, logRow, feedbackFacts, reviewQueue, reviewExport,
  retrainingRows, backtest,
};
