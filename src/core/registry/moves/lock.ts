/** One move of a model at a time: whoever comes second hears who is at it, and doesn't wait. */
import { RunyardError } from '../../base/errors';
import type { Person } from '../../../protocol/registry';

export interface Holder { by: Person; /** 'promotes version 3 to production' */ what: string }
export interface Locks {
  /** Throws conflict naming who does what where somebody is at it. */
  hold<T>(model: string, holder: Holder, work: () => Promise<T>): Promise<T>;
  holder(model: string): Holder | undefined;
  busy(): boolean;
}

export function createLocks(): Locks {
  const held = new Map<string, Holder>();
  return {
    async hold(model, holder, work) {
      const other = held.get(model);
      if (other) throw new RunyardError('conflict', `${other.by.name} ${other.what} right now`, 'look again when it is done: what is live may be another version then');
      held.set(model, holder);
      try {
        return await work();
      } finally {
        held.delete(model);
      }
    },
    holder: (model) => held.get(model),
    busy: () => held.size > 0,
  };
}
