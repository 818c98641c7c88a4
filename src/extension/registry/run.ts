/** Long questions of the registry. */
import type { MethodParams } from '../../protocol/engine';
import type { GateReport, Promotion, Rollback } from '../../protocol/registry';
import type { Host } from '../host';
import { python, watchedJob } from '../watched-job';

export const watched = <T>(host: Host, title: string, ask: (job: string) => Promise<T>): Thenable<T> => watchedJob(host, { title, cancel: 'registry.cancel' }, ask);

export const askGates = async (host: Host, args: Omit<MethodParams<'registry.gate'>, 'python'>): Promise<GateReport> => host.engine.request('registry.gate', { ...args, ...(await python(host)) });
export const askPromote = async (host: Host, args: Omit<MethodParams<'registry.promote'>, 'python'>): Promise<Promotion> => host.engine.request('registry.promote', { ...args, ...(await python(host)) });
export const askRollback = async (host: Host, args: Omit<MethodParams<'registry.rollback'>, 'python'>): Promise<Rollback> => host.engine.request('registry.rollback', { ...args, ...(await python(host)) });
