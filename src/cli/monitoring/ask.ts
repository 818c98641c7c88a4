/** Long questions about monitors: progress on standard error, and Ctrl-C that stops them. */
import type { EngineClient } from '../../engine/client/client';
import type { Invocation } from '../command';
import { asking } from '../evaluation/ask';

/** Asks with a job of its own that Ctrl-C cancels. Throws Interrupted where a person stopped it. */
export const askingMonitors = <T>(call: Invocation, ask: (client: EngineClient, job: string) => Promise<T>): Promise<T> => asking(call, ask, 'monitors.cancel');
