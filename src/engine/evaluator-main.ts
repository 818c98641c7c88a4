/** The evaluator's program: evaluation's jobs, and those of the parts above it. */
import { fileURLToPath } from 'node:url';
import { serve } from '../core/evaluation/process/serve';
import { evaluationJobs } from '../core/evaluation/process/table';
import { drift } from '../core/monitoring/jobs/drift-psi';
import { driftReport } from '../core/monitoring/jobs/drift-report';

serve({ ...evaluationJobs, drift, driftReport }, fileURLToPath(import.meta.url));
