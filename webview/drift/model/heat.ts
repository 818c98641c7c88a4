/** The heat map of columns and windows: which rows, in which order, and how a cell looks and reads. Pure. */
import type { DriftCell } from '../../../src/protocol/drift-measures';
import { formatNumber, NONE } from '../../shared/format';
import type { Order } from './state';
import type { ShownWindow } from './windows';

export interface HeatRow { name: string; role: string; type: string; /** the largest one of the windows that are shown; null: unknown */ harm: number | null; /** likewise: effect over limit */ ratio: number | null; /** windows in which it drifted */ fails: number }

/** Every column of any window, with what it came to in all of them. */
export function heatRows(windows: readonly ShownWindow[]): HeatRow[] {
  const rows = new Map<string, HeatRow>();
  for (const { cells } of windows) {
    for (const [name, cell] of Object.entries(cells)) {
      const row = rows.get(name) ?? { name, role: cell.role, type: cell.type, harm: null, ratio: null, fails: 0 };
      rows.set(name, { ...row, role: cell.role, type: cell.type, harm: most(row.harm, cell.harm), ratio: most(row.ratio, cell.ratio), fails: row.fails + (cell.outcome === 'fail' ? 1 : 0) });
    }
  }
  return [...rows.values()];
}
const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

/** By harm where any column has one, else by the largest effect: worst first. */
export const defaultOrder = (rows: readonly HeatRow[]): Order => ({ by: rows.some(({ harm }) => harm !== null) ? 'harm' : 'effect', descending: true });

/** What the model says, and what turned out, concern every column: where they drifted they stand first. */
const first = ({ role, fails }: HeatRow): boolean => role !== 'input' && fails > 0;

/** Rows without a figure to sort by come last either way; equals by effect, then by name. */
export function sortRows(rows: readonly HeatRow[], { by, descending }: Order, windows: readonly ShownWindow[]): HeatRow[] {
  const way = descending ? -1 : 1;
  if (by === 'name') return [...rows].sort((a, b) => way * compareNames(a.name, b.name));
  const window = windows.find(({ id }) => id === by);
  const value = (row: HeatRow): number | null => (window ? rank(window.cells[row.name]) : by === 'harm' ? row.harm : row.ratio);
  return rows.map((row) => ({ row, value: value(row) })).sort((a, b) => {
    if (by === 'harm' && first(a.row) !== first(b.row)) return first(a.row) ? -1 : 1;
    if (a.value === null || b.value === null) return (a.value === null ? 1 : 0) - (b.value === null ? 1 : 0) || (b.row.ratio ?? -1) - (a.row.ratio ?? -1) || compareNames(a.row.name, b.row.name);
    return way * (a.value - b.value) || (b.row.ratio ?? -1) - (a.row.ratio ?? -1) || compareNames(a.row.name, b.row.name);
  }).map(({ row }) => row);
}
/** What nobody can tell of stands after what is known. */
const rank = (cell: DriftCell | undefined): number | null => (cell === undefined || cell.outcome === 'cannot tell' ? null : cell.ratio);
const names = new Intl.Collator('en', { numeric: true });
const compareNames = (a: string, b: string): number => names.compare(a, b);

/** Every word of the filter has to be in the name, the role or the type. */
export function filterRows(rows: readonly HeatRow[], filter: string, drifted: boolean): HeatRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !drifted) return [...rows];
  return rows.filter((row) => (!drifted || row.fails > 0) && words.every((word) => `${row.name} ${row.role} ${row.type}`.toLowerCase().includes(word)));
}

export type Tone = 'none' | 'unsure' | 'pass' | 'fail';
/** `strength` 0 to 1: how strong the tone is drawn. */
export interface Look { tone: Tone; strength: number }

/** Below the limit the strength is how near to it the effect is; beyond it doubles of the limit count, up to eight times. A cell that nobody can tell of is calm, however large its effect. */
export function lookOf(cell: DriftCell | undefined): Look {
  if (!cell) return { tone: 'none', strength: 0 };
  if (cell.outcome === 'cannot tell') return { tone: 'unsure', strength: 0 };
  const ratio = Math.max(0, cell.ratio ?? 0);
  if (cell.outcome === 'fail') return { tone: 'fail', strength: Math.min(1, Math.max(0, Math.log2(Math.max(1, ratio)) / 3)) };
  return { tone: 'pass', strength: Math.min(1, ratio) };
}

/** Effect over limit in two digits, at most four characters: '0.3', '2.4', '17', '>99'. */
export function ratioText(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return NONE;
  if (ratio > 99) return '>99';
  if (ratio >= 9.95) return String(Math.round(ratio));
  return ratio > 0 && ratio < 0.05 ? '0' : ratio.toFixed(1).replace(/\.0$/, '');
}

const OUTCOMES = { pass: 'not drifted', fail: 'drifted', 'cannot tell': 'nobody can tell' } as const;

/** A cell as a sentence: for who points at it and for who doesn't see it. */
export function cellTitle(row: string, window: string, cell: DriftCell | undefined): string {
  if (!cell) return `${row}, ${window}: not compared`;
  return [`${row}, ${window}: ${OUTCOMES[cell.outcome]}`, cell.ratio === null ? '' : `largest effect ${formatNumber(cell.ratio, 2)} times its limit`, cell.psi === null ? '' : `PSI ${formatNumber(cell.psi, 3)}`, cell.harm === null ? '' : `harm ${formatNumber(cell.harm, 3)}`].filter(Boolean).join('; ');
}

/** The whole map in a sentence. */
export function heatSummary(rows: readonly HeatRow[], windows: readonly ShownWindow[]): string {
  const drifted = rows.filter(({ fails }) => fails > 0);
  const worst = drifted.slice(0, 3).map(({ name, fails }) => `${name} in ${fails} of ${windows.length}`);
  return `${rows.length} columns, ${windows.length} ${windows.length === 1 ? 'window' : 'windows'}: ${drifted.length === 0 ? 'none drifted' : `${drifted.length} drifted${worst.length > 0 ? `: ${worst.join(', ')}` : ''}`}`;
}
