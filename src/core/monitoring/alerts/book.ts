/** Alerts in the store. */
import type { Records } from '../../store/records';
import { RunyardError } from '../../base/errors';
import { alertOf, isOpen, type AlertDoc } from './document';

/** Open ones are listed first; the date after which no date is. */
const OPEN_SORT = 8.64e15;
/** Resolved alerts of a monitor that are kept; those with an incident note always are. */
const MOST_RESOLVED = 1000;

export interface AlertBook {
  /** all of them where no monitor is named; newest first */
  all(monitor?: string): AlertDoc[];
  /** not resolved, newest first */
  open(monitor?: string): AlertDoc[];
  /** By its id, or the beginning of one. Throws not_found, bad_input where several begin so. */
  get(ref: string): AlertDoc;
  /** by its whole id; null: there is none */
  find(id: string): AlertDoc | null;
  put(doc: AlertDoc): void;
  /** Removes the oldest resolved ones beyond the number that is kept. */
  tidy(monitor: string): void;
}

export function openAlerts(records: Records): AlertBook {
  const all = (monitor?: string): AlertDoc[] => records.list('alert', monitor === undefined ? {} : { scopes: [monitor] }).flatMap(({ doc }) => alertOf(doc) ?? []).sort((a, b) => b.row.opened - a.row.opened || (a.row.id < b.row.id ? -1 : 1));
  const find = (id: string): AlertDoc | null => alertOf(records.get('alert', id)?.doc);
  return {
    all, find, open: (monitor) => all(monitor).filter(isOpen),
    get(ref) {
      const exact = find(ref);
      if (exact) return exact;
      const found = ref.length < 4 ? [] : all().filter(({ row }) => row.id.startsWith(ref));
      if (found.length > 1) throw new RunyardError('bad_input', `${found.length} alerts begin with ${ref}`, 'write more of the id');
      const [only] = found;
      if (!only) throw new RunyardError('not_found', `there is no alert ${ref}`, 'runyard alerts --all lists them');
      return only;
    },
    put: (doc) => records.put('alert', { id: doc.row.id, scope: doc.row.monitor, sort: doc.row.resolved ?? OPEN_SORT, doc }),
    tidy(monitor) {
      for (const { row } of all(monitor).filter((doc) => !isOpen(doc) && doc.row.incident === null).sort((a, b) => (b.row.resolved ?? 0) - (a.row.resolved ?? 0)).slice(MOST_RESOLVED)) records.remove('alert', row.id);
    },
  };
}
