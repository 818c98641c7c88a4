import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const checkSlices: JobTable['checkSlices'] = () => Promise.reject(new RunyardError('unsupported', 'checkSlices is not there yet', 'update Runyard'));
