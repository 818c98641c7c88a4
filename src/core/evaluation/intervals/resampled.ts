/** Bootstrap intervals of many figures at once: each draw of rows serves them all. */
import { RunyardError } from '../../base/errors';
import { accelerations, bootstrapInterval, cellAccelerations, cellReplicates, replicates, type BootstrapInterval, type Statistic } from './bootstrap';

/** Figures that are functions of weighted rows, made ready so that a replicate is a few passes over typed arrays. */
export interface RowFigures<Name extends string = string> {
  names: readonly Name[];
  rows: number;
  statistic: Statistic;
  /** Which row each weight is of, where the statistic reads the rows in an order of its own. */
  order?: Uint32Array;
}

/** Figures that are functions of counts by cell, such as a confusion matrix's: a replicate costs the same for any number of rows. */
export interface CellFigures<Name extends string = string> { names: readonly Name[]; counts: Float64Array; statistic: (counts: Float64Array) => readonly (number | null)[] }

export interface Draws { seed: number; from?: number | undefined; to: number }

/** A part of the replicates, for one worker: every worker makes the figures ready from the same columns. */
export const replicatesOf = (figures: RowFigures | CellFigures, draws: Draws): Float64Array[] =>
  'rows' in figures ? replicates({ rows: figures.rows, statistic: figures.statistic, ...draws }) : cellReplicates(figures.counts, { statistic: figures.statistic, ...draws });

/** Parts put together again, in the order of their replicates. */
export function joined(parts: readonly (readonly Float64Array[])[]): Float64Array[] {
  const [first = []] = parts;
  return first.map((_, figure) => {
    const columns = parts.map((part) => part[figure] ?? new Float64Array());
    const all = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0));
    let at = 0;
    for (const column of columns) {
      all.set(column, at);
      at += column.length;
    }
    return all;
  });
}

/** Beyond this many rows the acceleration, which falls with their root, moves a limit by less than the replicates' own noise: BC is BCa there. */
const mostForAcceleration = 20_000;

/**
 * The interval of each figure: BCa up to 20,000 rows and for figures of cells, BC beyond. Null for a figure that is undefined on the rows
 * as they are, or in too many replicates (`bootstrapInterval`).
 */
export function intervalsOf<Name extends string>(figures: RowFigures<Name> | CellFigures<Name>, values: readonly Float64Array[], confidence?: number): Record<Name, BootstrapInterval | null> {
  const { estimates, acceleration } = 'rows' in figures ? ofRows(figures) : { estimates: figures.statistic(figures.counts), acceleration: cellAccelerations(figures.counts, figures.statistic) };
  return Object.fromEntries(figures.names.map((name, at) => {
    const estimate = estimates[at] ?? null;
    const drawn = values[at];
    return [name, estimate === null || !drawn ? null : bootstrapInterval(drawn, { estimate, acceleration: acceleration[at] ?? null, ...(confidence !== undefined && { confidence }) })];
  })) as Record<Name, BootstrapInterval | null>;
}

function ofRows({ rows, statistic }: RowFigures): { estimates: readonly (number | null)[]; acceleration: readonly (number | null)[] } {
  // The statistic may hand out one array again and again.
  const estimates = [...statistic(new Uint16Array(rows).fill(1))];
  return { estimates, acceleration: rows <= mostForAcceleration ? accelerations(rows, statistic) : [] };
}

/** All in one thread: 1,000 replicates unless told. */
export function bootstrapAll<Name extends string>(figures: RowFigures<Name> | CellFigures<Name>, { seed, count = 1000, confidence }: { seed: number; count?: number; confidence?: number }): Record<Name, BootstrapInterval | null> {
  return intervalsOf(figures, replicatesOf(figures, { seed, to: count }), confidence);
}

/**
 * Candidate minus baseline on the same rows: each draw serves both, so that what the rows have in common cancels (the paired bootstrap).
 * Both are of the same rows in the same numbering and have the same names.
 */
export function paired<Name extends string>(baseline: RowFigures<Name>, candidate: RowFigures<Name>): RowFigures<Name> {
  if (baseline.rows !== candidate.rows) throw new RunyardError('bad_input', `the baseline has ${baseline.rows} rows and the candidate ${candidate.rows}`, 'Compare two models on the same rows.');
  const [one, other] = [inOrder(baseline), inOrder(candidate)];
  const statistic: Statistic = (weights) => {
    const before = one(weights);
    return other(weights).map((value, at) => {
      const from = before[at] ?? null;
      return value === null || from === null ? null : value - from;
    });
  };
  return { names: baseline.names, rows: baseline.rows, statistic };
}

function inOrder({ order, statistic, rows }: RowFigures): Statistic {
  if (!order) return statistic;
  const moved = new Uint16Array(rows);
  return (weights) => {
    for (let at = 0; at < rows; at++) moved[at] = weights[order[at] ?? 0] ?? 0;
    return statistic(moved);
  };
}
