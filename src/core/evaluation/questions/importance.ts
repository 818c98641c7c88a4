import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const importance: JobTable['importance'] = () => Promise.reject(new RunyardError('unsupported', 'importance is not there yet', 'update Runyard'));
