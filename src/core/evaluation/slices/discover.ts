/** Slices that nobody thought of: searched on one part of the rows, checked on the other. */
import { RunyardError } from '../../base/errors';
import { pause } from '../../base/stopping';
import { benjaminiHochberg } from '../intervals/adjust';
import { checkAgainstRest, checkAgainstZero, type Checked } from './check';
import { isConstant, takeRows, type CodedColumn } from './column';
import { familiesOf, rowsOf, type Conjunction, type Family } from './membership';
import { searchSlicesSlowly, type SearchProgress, type SearchSettings } from './sliceline';
import { divideRows } from './split';
import type { Slice } from './top';

/**
 * `columns` and `losses`: all rows. `settings.minSupport` counts rows of them all; the search asks for its share of that. `values`: what is checked, where
 * that isn't the loss, such as differences between two models. `against` the rest of the rows (the default) or zero. `level`: the false
 * discovery rate to hold (0.05). `overlap`: the Jaccard from which slices are a family (0.5). `share`: of the rows, to search (0.5).
 */
export interface DiscoverInput {
  columns: readonly CodedColumn[]; losses: Float64Array; settings: SearchSettings; seed: number;
  values?: Float64Array; against?: 'rest' | 'zero'; level?: number; overlap?: number; share?: number;
}

/** `searched`: its figures where it was found, which flatter it. `checked`: its figures on the other rows. `size`: rows of all. `p_bh`: adjusted over all found. */
export interface Finding extends Conjunction {
  searched: Pick<Slice, 'size' | 'sum' | 'largest' | 'score'>; size: number; checked: Checked; p_bh: number | null; holds: boolean;
}

/**
 * `findings`: best score first. `families`: by place in `findings`, over all rows. `constant`: columns left out, as they divide nothing.
 * `rows`: how many were searched and how many checked.
 */
export interface Discovery { findings: Finding[]; families: Family[]; constant: string[]; rows: { searched: number; checked: number }; counted: number; tiesLeftOut: number }

/**
 * Divides the rows by the seed, searches one part (SliceLine), and tests each slice found on the other: one-sided p (see `check.ts`), adjusted by Benjamini and
 * Hochberg over all slices found. One without a p counts as p = 1, so that it makes none of the others look better. A finding
 * `holds` where its adjusted p is at most `level`. Found slices overlap and so depend on each other, mostly positively, which the adjustment allows for
 * (Benjamini & Yekutieli 2001).
 * Edge cases: fewer than 4 rows are refused; only constant columns, or no loss, find nothing.
 */
export async function discoverSlices(input: DiscoverInput, watch: { signal?: AbortSignal; progress?: (state: SearchProgress) => void } = {}): Promise<Discovery> {
  const { columns, losses, settings, seed, values = losses, level = 0.05, overlap = 0.5, share = 0.5 } = input;
  refuse(input, values);
  const parts = divideRows(losses.length, seed, share);
  const uneven = columns.flatMap((column, at) => (isConstant(column) ? [] : [at]));
  const searched = await searchSlicesSlowly(
    uneven.flatMap((at) => (columns[at] ? [takeRows(columns[at], parts.search)] : [])), take(losses, parts.search),
    { ...settings, minSupport: Math.max(1, Math.ceil(settings.minSupport * (parts.search.length / losses.length))) }, watch,
  );
  const found = searched.slices.map((slice) => ({ ...slice, columns: slice.columns.map((at) => uneven[at] ?? 0) }));
  const inCheck = new Uint8Array(losses.length);
  for (const row of parts.check) inCheck[row] = 1;
  const rows: Int32Array[] = [];
  const checked: Checked[] = [];
  for (const [at, slice] of found.entries()) {
    await pause(watch.signal);
    const own = rowsOf(columns, slice, losses.length);
    rows.push(own);
    checked.push(checkRows(input, values, { own: own.filter((row) => inCheck[row] === 1), check: parts.check, seed: seed + at }));
  }
  const adjusted = benjaminiHochberg(checked.map(({ p }) => p ?? 1));
  const findings = found.map(({ columns: at, codes, size, sum, largest, score }, i): Finding => {
    const own = checked[i] ?? checkAgainstZero(new Float64Array(0), seed);
    const p = own.p === null ? null : (adjusted[i] ?? null);
    return { columns: at, codes, searched: { size, sum, largest, score }, size: rows[i]?.length ?? 0, checked: own, p_bh: p, holds: p !== null && p <= level };
  });
  return {
    findings, families: familiesOf(rows, overlap), constant: columns.filter(isConstant).map(({ name }) => name),
    rows: { searched: parts.search.length, checked: parts.check.length }, counted: searched.counted, tiesLeftOut: searched.tiesLeftOut,
  };
}

function checkRows({ losses, against }: DiscoverInput, values: Float64Array, { own, check, seed }: { own: Int32Array; check: Int32Array; seed: number }): Checked {
  if (against === 'zero') return checkAgainstZero(take(values, own), seed);
  const inSlice = new Uint8Array(losses.length);
  for (const row of own) inSlice[row] = 1;
  return checkAgainstRest(take(values, own), take(values, check.filter((row) => inSlice[row] === 0)), seed);
}

const take = (values: Float64Array, rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? NaN);

function refuse({ columns, losses, share = 0.5 }: DiscoverInput, values: Float64Array): void {
  if (losses.length < 4) throw new RunyardError('bad_input', `${losses.length} rows are too few to search one part and check the other`, 'give at least 4 rows, better thousands');
  if (!(share > 0 && share < 1)) throw new RunyardError('bad_input', `the share to search is ${share}`, 'give a number between 0 and 1, such as 0.5');
  if (values.length !== losses.length) throw new RunyardError('bad_input', `there are ${values.length} values to check and ${losses.length} losses`, 'give one of each a row');
  const short = columns.find(({ codes }) => codes.length !== losses.length);
  if (short) throw new RunyardError('bad_input', `column ${short.name} has ${short.codes.length} rows, the losses ${losses.length}`, 'give every column a code for each row');
  const row = losses.findIndex((loss, at) => !(loss >= 0 && loss < Infinity) || !Number.isFinite(values[at]));
  if (row >= 0) throw new RunyardError('bad_input', `row ${row}: a loss of ${losses[row] ?? ''} (checked by ${values[row] ?? ''}) can't be searched`, 'losses are finite and not negative: leave rows that could not be scored out first');
}
