import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const identify: JobTable['identify'] = () => Promise.reject(new RunyardError('unsupported', 'identify is not there yet', 'update Runyard'));
