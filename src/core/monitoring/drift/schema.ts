/** What became of the columns themselves. Pure. */
import type { SchemaChange } from '../../../protocol/drift';
import { nearest } from '../../base/nearest';

interface Named { name: string; type: string }

/** A column that is gone where a new one of its type has nearly its name was renamed. Whole numbers and numbers with a fraction are one type. */
export function schemaChanges(reference: readonly Named[], current: readonly Named[]): SchemaChange[] {
  const kind = (type: string): string => (type === 'int' ? 'float' : type);
  const there = new Map(current.map((column) => [column.name, column]));
  const before = new Set(reference.map(({ name }) => name));
  let fresh = current.filter(({ name }) => !before.has(name));
  const changes: SchemaChange[] = [];
  for (const column of reference) {
    const now = there.get(column.name);
    if (now && kind(now.type) !== kind(column.type)) changes.push({ column: column.name, change: 'type', text: `${column.name} was ${column.type} and is ${now.type}` });
    if (now) continue;
    const name = nearest(column.name, fresh.filter(({ type }) => kind(type) === kind(column.type)).map((one) => one.name));
    fresh = fresh.filter((one) => one.name !== name);
    changes.push(name === null ? { column: column.name, change: 'gone', text: `${column.name} is gone` } : { column: column.name, change: 'renamed', text: `${column.name} is gone, and ${name} is new: renamed?`, to: name });
  }
  return [...changes, ...fresh.map(({ name }): SchemaChange => ({ column: name, change: 'new', text: `${name} is new` }))];
}

/**
 * Of a window of a log. `training`: data that the model was made from, against what it was asked with: they may have more columns, so none of them is gone, and a column that the
 * model takes as text is text in the log whatever it was there. `columns`: only these are looked at.
 */
export function windowSchema({ reference, current }: { reference: readonly Named[]; current: readonly Named[] }, { columns, training }: { columns: readonly string[] | undefined; training: boolean }): SchemaChange[] {
  const asText = (column: string): boolean => current.some((one) => one.name === column && one.type === 'string');
  return schemaChanges(reference, current)
    .filter(({ change, column }) => !(training && change === 'type' && asText(column)))
    .flatMap((one): SchemaChange[] => (!training ? [one] : one.change === 'gone' ? [] : one.change === 'renamed' ? [{ column: one.to ?? '', change: 'new', text: `${one.to ?? ''} is new` }] : [one]))
    .filter(({ column }) => columns?.includes(column) ?? true);
}
