import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const inspect: JobTable['inspect'] = () => Promise.reject(new RunyardError('unsupported', 'inspect is not there yet', 'update Runyard'));
