/** The slice table for other programs: a record a line, as it is shown. Pure. */
import type { Gap, SliceLine } from './slices';

type Cell = string | number | null;

const gapHeader = (name: string): string[] => [name, `${name}_low`, `${name}_high`, `${name}_p_holm`, `${name}_word`];
const gapCells = (gap: Gap | null): Cell[] => (gap ? [gap.value, gap.low, gap.high, gap.p, gap.word] : [null, null, null, null, null]);

/**
 * Header and records. Figures have the names and the digits of evaluation.json, not those of the screen; what isn't there is empty. `split`: the one whose rows
 * these are, '' for all of them; `metric` of the value and of the difference to the baseline, `main` of the difference to the rest and of the harm.
 */
export function sliceTable(lines: readonly SliceLine[], { metric, main, split }: { metric: string; main: string; split: string }): { header: string[]; rows: Cell[][] } {
  const header = ['slice', 'where', 'owner', 'split', 'n', metric, `${metric}_low`, `${metric}_high`, `${metric}_method`, ...gapHeader(`${main}_against_rest`), ...gapHeader(`${metric}_against_baseline`), `${main}_harm`, 'outcome'];
  return {
    header,
    rows: lines.map((line) => [
      line.name, line.result ? (line.result.spec.where ?? line.result.spec.tagger ?? '') : '', line.owner, split, line.n,
      line.value, line.low, line.high, line.method, ...gapCells(line.rest), ...gapCells(line.change), line.harm, line.outcome,
    ]),
  };
}
