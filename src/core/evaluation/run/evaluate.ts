import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const evaluate: JobTable['evaluate'] = () => Promise.reject(new RunyardError('unsupported', 'evaluate is not there yet', 'update Runyard'));
