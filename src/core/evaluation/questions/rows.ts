import { RunyardError } from '../../base/errors';
import type { JobTable } from '../process/jobs';

export const rows: JobTable['rows'] = () => Promise.reject(new RunyardError('unsupported', 'rows is not there yet', 'update Runyard'));
