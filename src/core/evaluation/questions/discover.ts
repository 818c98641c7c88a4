import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const discover: JobTable['discover'] = () => Promise.reject(new RunyardError('unsupported', 'discover is not there yet', 'update Runyard'));
