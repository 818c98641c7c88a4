import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const details: JobTable['details'] = () => Promise.reject(new RunyardError('unsupported', 'details is not there yet', 'update Runyard'));
