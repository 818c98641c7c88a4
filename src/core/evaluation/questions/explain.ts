import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const explain: JobTable['explain'] = () => Promise.reject(new RunyardError('unsupported', 'explain is not there yet', 'update Runyard'));
