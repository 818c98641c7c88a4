/** How a run ended, in the contract's words. */
import type { ExitRecord } from '../../../protocol/spool';
import type { Ended } from './command';

export interface EndFacts extends Ended { t: number; cancelled: boolean; outOfMemory: boolean; supervisorAsked: boolean }

/** A run that was asked to stop is stopped, however it then ended. Out of memory is told only where the kernel counted a kill. */
export function endingOf({ code, signal, t, cancelled, outOfMemory, supervisorAsked }: EndFacts): ExitRecord {
  if (cancelled) return { t, state: 'stopped', code, signal, reason: 'stopped by the user' };
  if (supervisorAsked) return { t, state: 'killed', code, signal, reason: 'the machine or a person ended its supervisor' };
  if (signal !== null) {
    return { t, state: 'killed', code, signal, reason: outOfMemory && signal === 'SIGKILL' ? 'out of memory: the kernel ended it' : `ended by ${signal}` };
  }
  if (code === 0) return { t, state: 'finished', code, signal, reason: '' };
  return { t, state: 'failed', code, signal, reason: outOfMemory ? `exit code ${code}: the kernel ended a process of it, out of memory` : `exit code ${code}` };
}
