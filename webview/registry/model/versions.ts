/** The table of versions: what stands in it, in which order. Pure. */
import type { VersionRow } from '../../../src/protocol/registry';
import { toCsv } from '../../compare/model/export';

export const versionKeys = ['version', 'live', 'created', 'author', 'value', 'outcome', 'size', 'here', 'aliases', 'tags', 'licence', 'description', 'digest'] as const;
export type VersionKey = (typeof versionKeys)[number];

/** 'production', or 'was in staging'; '' where it was nowhere. */
export function liveText(row: Pick<VersionRow, 'live' | 'was'>): string {
  if (row.live.length > 0) return row.live.join(', ');
  return row.was.length > 0 ? `was in ${row.was.join(', ')}` : '';
}
export const tagsText = (tags: Record<string, string>): string => Object.entries(tags).map(([key, value]) => (value === '' ? key : `${key}=${value}`)).join(', ');

const places: Record<string, number> = { fail: 0, 'cannot tell': 1, pass: 2 };
/** What is live comes before what was, that before the rest. */
const liveness = (row: VersionRow): string => (row.live.length > 0 ? `0 ${row.live.join()}` : row.was.length > 0 ? `1 ${row.was.join()}` : '2');

function keyOf(row: VersionRow, key: string): number | string | null {
  switch (key) {
    case 'live': return liveness(row);
    case 'created': return row.created;
    case 'author': return row.author.name.toLowerCase() || null;
    case 'value': return row.evaluation?.value ?? null;
    case 'outcome': return row.evaluation ? (places[row.evaluation.outcome] ?? null) : null;
    case 'size': return row.size;
    case 'here': return row.here ? 0 : 1;
    case 'aliases': return row.aliases.join().toLowerCase() || null;
    case 'tags': return tagsText(row.tags).toLowerCase() || null;
    case 'licence': return row.licence.toLowerCase() || null;
    case 'description': return row.description.toLowerCase() || null;
    case 'digest': return row.digest;
    default: return row.version;
  }
}

/** Sorted; equal ones newest first; what has nothing there comes last, whichever way it is sorted. */
export function sortVersions(rows: readonly VersionRow[], sort: { key: string; descending: boolean }): VersionRow[] {
  const sign = sort.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: keyOf(row, sort.key) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null ? 1 : 0) - (b.key === null ? 1 : 0) || b.row.version - a.row.version;
    return a.key === b.key ? b.row.version - a.row.version : (a.key < b.key ? -1 : 1) * sign;
  });
  return keyed.map(({ row }) => row);
}

/** Those in which every word is found: number ('v12'), environment, person, tag, alias, description, licence, outcome, the start of a digest. */
export function filterVersions(rows: readonly VersionRow[], text: string): VersionRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const said = [`v${row.version}`, liveText(row), row.author.name, row.author.email, tagsText(row.tags), row.aliases.join(' '), row.description, row.licence, row.evaluation?.outcome ?? '', row.evaluation?.name ?? ''].join(' ').toLowerCase();
    return words.every((word) => said.includes(word) || (word.length >= 4 && row.digest.startsWith(word)));
  });
}

/** RFC 4180, in the order given; times as ISO 8601 in UTC, sizes in bytes. */
export function versionsCsv(rows: readonly VersionRow[]): string {
  return toCsv(['model', 'version', 'live', 'was', 'created', 'author', 'email', 'metric', 'value', 'low', 'high', 'outcome', 'evaluation', 'bytes', 'aliases', 'tags', 'licence', 'description', 'run', 'digest'],
    rows.map((row) => [row.model, row.version, row.live.join(' '), row.was.join(' '), new Date(row.created).toISOString(), row.author.name, row.author.email, row.evaluation?.metric ?? '', row.evaluation?.value ?? null, row.evaluation?.low ?? null, row.evaluation?.high ?? null, row.evaluation?.outcome ?? '', row.evaluation?.id ?? '', row.size, row.aliases.join(' '), tagsText(row.tags), row.licence, row.description, row.run, row.digest]));
}
