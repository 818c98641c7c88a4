import { store } from '../store/support';
import { createLoggedModels, type LoggedModels } from '../../../../src/core/registry/logged-models';
import { createRegistry, type Registry } from '../../../../src/core/registry/registry';
import type { Store } from '../../../../src/core/store/store';

/** A registry on a store on disk, whose clock goes on by a second with each look. */
export function registry(): { at: Store; models: Registry; logged: LoggedModels; now(): number } {
  const at = store();
  let seconds = 1000;
  const clock = (): number => (seconds += 1);
  return { at, models: createRegistry(at.records, clock), logged: createLoggedModels(at.records, clock), now: () => seconds * 1000 };
}

export const plain = { source: 's3://b/x', location: 's3://b/x', run: '', runLink: '', model: '', description: '', tags: {} };
