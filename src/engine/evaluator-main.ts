/** The evaluator's program: evaluation's jobs, and those of the parts above it. */
import { fileURLToPath } from 'node:url';
import { serve } from '../core/evaluation/process/serve';
import { evaluationJobs } from '../core/evaluation/process/table';
import { monitoringJobs } from '../core/monitoring/jobs/table';

serve({ ...evaluationJobs, ...monitoringJobs }, fileURLToPath(import.meta.url));
