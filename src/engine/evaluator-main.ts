/** The evaluator's program: evaluation's jobs, and those of the parts above it. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../core/evaluation/process/serve';
import { evaluationJobs } from '../core/evaluation/process/table';
import { setThreadScript } from '../core/evaluation/process/thread-script';
import { monitoringJobs } from '../core/monitoring/jobs/table';

setThreadScript(path.join(path.dirname(fileURLToPath(import.meta.url)), 'thread.js'));
serve({ ...evaluationJobs, ...monitoringJobs });
