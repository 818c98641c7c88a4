/** A workspace with a store, as questions see it. */
import path from 'node:path';
import { parseConfig } from '../../../../src/core/config/load';
import type { QueryContext } from '../../../../src/core/queries/context';
import { store, tempDir } from '../store/support';

export function workspace(yaml = ''): QueryContext {
  const folder = tempDir();
  const parsed = parseConfig(yaml, 'runyard.yaml');
  return { workspace: folder, store: store(path.join(folder, '.runyard')), loaded: () => ({ file: 'runyard.yaml', ...parsed }) };
}
