/** The text of a filter or an order: reading it again gives the same. */
import type { Filter, FilterValue, Key, OrderTerm } from './ast';

const item = (value: string | number): string => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf');

export const printKey = ({ entity, name }: Key): string => `${entity}s.\`${name.replaceAll('`', '``')}\``;

function printValue(value: FilterValue): string {
  switch (value.kind) {
    case 'none': return '';
    case 'text': return ` ${item(value.text)}`;
    case 'number': return ` ${item(value.number)}`;
    case 'list': return ` (${value.items.map(item).join(', ')})`;
  }
}

export const printFilter = (filter: Filter): string => filter.map(({ key, op, value }) => `${printKey(key)} ${op}${printValue(value)}`).join(' AND ');
export const printOrder = (terms: readonly OrderTerm[]): string[] => terms.map(({ key, descending }) => `${printKey(key)} ${descending ? 'DESC' : 'ASC'}`);
