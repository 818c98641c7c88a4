/** Evaluations that are kept: their folders, and the store's rows made from them. */
import type { Disposable } from '../../base/disposable';
import { describeError, RunyardError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Store } from '../../store/store';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import { entryOf } from './entry';
import { openFolders } from './folders';

export interface Library extends Disposable {
  /** Resolves once rows and folders say the same. */
  readonly ready: Promise<void>;
  /** Undefined where there is none, or one that can't be read: it is made again then. */
  find(id: string): Promise<EvaluationDoc | undefined>;
  /** By what a person calls it. Throws not_found, bad_input, store_corrupt. */
  get(ref: string): Promise<EvaluationDoc>;
  folder(id: string): string;
  /** Gives work a folder of its own; see folders. */
  aside<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Keeps what was made in a folder. */
  keep(folder: string, doc: EvaluationDoc): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

export function openLibrary({ workspace, store, log }: { workspace: string; store: Store; log: Log }): Library {
  const folders = openFolders(workspace, log);
  const rows = store.evaluations;

  /** An engine that was killed between the two, or a database that was lost. */
  async function reconcile(): Promise<void> {
    await folders.swept;
    const there = new Set(await folders.ids());
    const known = new Set(rows.ids());
    const gone = [...known].filter((id) => !there.has(id));
    if (gone.length > 0) rows.remove(gone);
    for (const id of there) {
      if (known.has(id)) continue;
      try {
        const doc = await folders.read(id);
        if (doc) rows.put(entryOf(doc));
      } catch (error) {
        log.warn(`.runyard/evaluations/${id}: ${describeError(error)}`);
      }
    }
  }
  const ready = reconcile();
  ready.catch((error: unknown) => log.error('the evaluations that are kept could not all be taken in', error));

  return {
    ready: ready.catch(() => undefined),
    async find(id) {
      try {
        return await folders.read(id);
      } catch (error) {
        log.warn(describeError(error));
        return undefined;
      }
    },
    async get(ref) {
      const id = rows.resolve(ref);
      const doc = await folders.read(id);
      if (doc) return doc;
      rows.remove([id]);
      throw new RunyardError('not_found', `the evaluation ${id.slice(0, 8)} is gone: its folder was deleted`, 'evaluate again');
    },
    folder: folders.path, dispose: () => folders.dispose(),
    aside: folders.aside,
    async keep(folder, doc) {
      await folders.put(folder, doc.id);
      rows.put(entryOf(doc));
    },
    async remove(ids) {
      for (const id of ids) {
        await folders.remove(id);
        rows.remove([id]);
      }
    },
  };
}
