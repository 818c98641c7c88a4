/** Slices that nobody thought of, in an evaluation that is there. */
import { RunyardError } from '../../base/errors';
import type { DiscoverSettings } from '../../../protocol/evaluation/request';
import type { DiscoveryDoc, FoundSlice } from '../../../protocol/evaluation/result';
import type { JobTable, Watch } from '../process/jobs';
import { usableRows } from '../run/scored';
import { isConstant, NO_GROUPS, type CodedColumn } from '../slices/column';
import { discoverSlices, type Finding } from '../slices/discover';
import { familiesOf, rowsOf, type Conjunction } from '../slices/membership';
import { sliceLabel } from '../slices/predicate';
import { searchSlicesSlowly, type SearchProgress, type SearchSettings } from '../slices/sliceline';
import { divideRows } from '../slices/split';
import type { Slice } from '../slices/top';
import { codedColumns } from './discover-columns';
import { searchedLosses, type Searched } from './discover-losses';
import { whereOf } from './discover-where';
import { openKept } from './kept';

/**
 * Searches the rows that have a label and a prediction (of both models where the mode is `worsening`). `size` and `error...` of a slice are of all these rows; `score` is the search's own, as
 * are the figures under `sliceline`: with `check` those of the half that was searched. A mean of calibration errors is given without the shift that the search needs.
 * Throws conflict where the data changed, bad_input where rows are fewer than 4 or the loss can't be had.
 */
export const discover: JobTable['discover'] = async (params, watch) => {
  const started = performance.now();
  const { settings } = params;
  await using kept = await openKept(params, watch.signal);
  const { doc, scored } = kept;
  const rows = usableRows(scored, settings.mode === 'worsening');
  if (rows.length < 4) throw new RunyardError('bad_input', `${rows.length} rows with a label and a prediction are too few to search for slices`, 'evaluate more rows');
  const searched = searchedLosses(scored, rows, settings);
  const { columns, types, leftOut } = await codedColumns({
    data: await kept.data(), doc, rows, settings, signal: watch.signal, progress: (done, total) => watch.progress('reading columns', done, total),
  });
  if (columns.length === 0) throw new RunyardError('bad_input', NO_GROUPS, leftOut.map(({ column, why }) => `${column}: ${why}`).join('; ') || 'the data have only label and id');
  const asked: SearchSettings = { alpha: searched.alpha, k: settings.topK, minSupport: settings.minSupport ?? Math.max(30, Math.ceil(rows.length / 100)), depth: settings.depth };
  const found = await (settings.check ? checked : plain)(columns, searched, { settings, asked, watch });
  const slices = found.slices.map((slice, at): FoundSlice => ({
    label: sliceLabel(columns, slice), where: whereOf(columns, types, slice), columns: slice.columns.map((place) => columns[place]?.name ?? ''),
    ...figuresOf(rowsOf(columns, slice, rows.length), searched), score: slice.score,
    checked: checkedOf(slice.finding, searched.shift), holds: slice.finding?.holds ?? null, family: found.families.findIndex(({ members }) => members.includes(at)),
  }));
  return {
    evaluation: doc.id, settings, mode: settings.mode, loss: searched.loss, rows: found.rows, leftOut: [...leftOut, ...found.constant.map((column) => ({ column, why: 'it has one value in all rows' }))],
    slices, families: found.families, duration: (performance.now() - started) / 1000,
    sliceline: {
      average_error: found.mean - searched.shift, n: found.rows.searched, found: slices.length, scores_sorted: found.slices.map(({ score }) => score), order: slices.map(({ label }) => label),
      slices: Object.fromEntries(found.slices.map(({ score, size, sum, largest }, at) => [
        slices[at]?.label ?? '', { score, size, error_sum: sum - size * searched.shift, error_mean: sum / size - searched.shift, error_max: largest - searched.shift },
      ])),
    },
  };
};

/** `size`, `sum` and `largest` are the search's own. */
interface Found { slices: (Conjunction & Pick<Slice, 'size' | 'sum' | 'largest' | 'score'> & { finding: Finding | null })[]; families: DiscoveryDoc['families']; rows: DiscoveryDoc['rows']; mean: number; constant: string[] }
interface How { settings: DiscoverSettings; asked: SearchSettings; watch: Watch }

const told = ({ progress }: Watch) => ({ depth, done, total }: SearchProgress): void => progress(depth === 1 ? 'counting values' : `searching slices of ${depth} columns`, done, total);

/** All rows, nothing held back to check: as SliceLine itself does. */
async function plain(columns: readonly CodedColumn[], { losses }: Searched, { settings, asked, watch }: How): Promise<Found> {
  // Columns that were named are searched as they are.
  const used = settings.columns ? columns.map((_, at) => at) : columns.flatMap((column, at) => (isConstant(column) ? [] : [at]));
  const found = await searchSlicesSlowly(used.flatMap((at) => columns[at] ?? []), losses, asked, { signal: watch.signal, progress: told(watch) });
  const slices = found.slices.map((slice) => ({ ...slice, columns: slice.columns.map((at) => used[at] ?? 0), finding: null }));
  const members = slices.map((slice) => rowsOf(columns, slice, losses.length));
  return { slices, families: familiesOf(members, 0.5), rows: { searched: losses.length, checked: 0 }, mean: found.meanLoss, constant: [] };
}

async function checked(columns: readonly CodedColumn[], { losses, values, against }: Searched, { settings, asked, watch }: How): Promise<Found> {
  const { seed, level } = settings;
  const found = await discoverSlices({ columns, losses, settings: asked, seed, against, level, ...(values && { values }) }, { signal: watch.signal, progress: told(watch) });
  let sum = 0;
  for (const row of divideRows(losses.length, seed).search) sum += losses[row] ?? 0;
  return {
    slices: found.findings.map((finding) => ({ columns: finding.columns, codes: finding.codes, ...finding.searched, finding })), families: found.families, rows: found.rows,
    mean: sum / found.rows.searched, constant: found.constant,
  };
}

function figuresOf(rows: Int32Array, { losses, shift }: Searched): Pick<FoundSlice, 'size' | 'errorSum' | 'errorMean' | 'errorMax'> {
  let [sum, most] = [0, 0];
  for (const row of rows) {
    const loss = losses[row] ?? 0;
    sum += loss;
    if (loss > most) most = loss;
  }
  return { size: rows.length, errorSum: sum - rows.length * shift, errorMean: rows.length > 0 ? sum / rows.length - shift : 0, errorMax: most - shift };
}

function checkedOf(finding: Finding | null, shift: number): FoundSlice['checked'] {
  if (!finding) return null;
  const { rows, mean, effect, interval, p, method } = finding.checked;
  return { rows, mean: mean === null ? null : mean - shift, effect, interval, p, p_bh: finding.p_bh, method };
}
