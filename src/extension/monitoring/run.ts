/** Long questions of monitoring. */
import type { Host } from '../host';
import { watchedJob as watched } from '../watched-job';

export { python } from '../watched-job';
export const watchedJob = <T>(host: Host, title: string, ask: (job: string) => Promise<T>): Thenable<T> => watched(host, { title, cancel: 'monitors.cancel' }, ask);
