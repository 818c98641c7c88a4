/** What stands in the cells of the slice table. */
import { append, el, svg } from '../shared/dom';
import { NONE } from '../shared/format';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale, type IntervalScale } from '../shared/interval-scale';
import { figureFormat, formatCount, formatP, formatShare, type Format } from './model/digits';
import { figureTitle, methodTitle } from './model/figures';
import type { Gap, SliceKey, SliceLine } from './model/slices';
import { sparkline, trendOf } from './model/trend';
import { gapText, wordTones } from './model/words';
import { gapMark } from './headline';
import { outcomeBadge } from './header';
import type { Panel } from './panel';
import { formatAgo, formatSigned } from '../shared/format';

const WIDTH = 76;
const HEIGHT = 20;

interface Column { format: Format; scale: IntervalScale | null }
const gaps = (lines: readonly SliceLine[], of: 'rest' | 'change'): Gap[] => lines.flatMap((line) => line[of] ?? []);

export interface SliceCells {
  /** Scales and digits that these lines share. */
  prepare(lines: readonly SliceLine[]): void;
  draw(node: HTMLElement, line: SliceLine, key: SliceKey): void;
}

export function createSliceCells(panel: Panel): SliceCells {
  let value: Column = { format: String, scale: null };
  let rest: Column = value;
  let change: Column = value;
  let harm: Format = String;
  let whole: number | null = null;
  let all = 0;

  const gapColumn = (found: readonly Gap[]): Column => ({ format: figureFormat(found), scale: intervalScale(found.flatMap(({ value: middle, low, high }) => [middle, low, high]), { zero: true }) });
  const drawGap = (node: HTMLElement, gap: Gap | null, { format, scale }: Column, why: string): void => {
    if (!gap) return append(node, el('span', { class: 'muted gap-none', title: why }, NONE));
    node.title = [gapText(gap), formatP(gap.p, 'p (Holm)'), gap.note, gap.said].filter(Boolean).join('\n');
    append(node, el('span', { class: 'gap-bar' }, intervalBar({ mean: gap.value, low: gap.low, high: gap.high, scale, mark: 0, tone: wordTones[gap.word], label: `${gapText(gap, format)}, ${gap.word}` })), gapMark(gap, format));
  };
  const drawTrend = (node: HTMLElement, line: SliceLine): void => {
    const points = trendOf(panel.trend(), line.slice);
    const { line: path, band, last } = sparkline(points, WIDTH, HEIGHT);
    if (!last || path === '') return append(node, el('span', { class: 'muted', title: 'There is one evaluation only' }, NONE));
    const known = points.filter((point) => point.value !== null);
    const words = known.slice(-8).reverse().map((point) => `${formatAgo(point.created / 1000, Date.now() / 1000)}: ${value.format(point.value)} (${point.model})`);
    node.title = [`${figureTitle(panel.metric())}, ${known.length} evaluations`, ...words].join('\n');
    append(node, svg('svg', { class: 'spark', width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': words.slice(0, 3).join('; ') },
      svg('path', { class: 'spark-band', d: band }), svg('path', { class: 'spark-line', d: path }), svg('circle', { class: 'spark-end', cx: last.x, cy: last.y, r: 2 })));
  };
  const drawName = (node: HTMLElement, line: SliceLine): void => {
    const { result } = line;
    const said = result ? [result.spec.where ?? `tagger ${result.spec.tagger ?? ''}`, result.spec.note ?? '', line.unscored > 0 ? `${formatCount(line.unscored)} of its rows could not be scored` : ''] : [];
    node.title = [line.name, ...said].filter(Boolean).join('\n');
    append(node, el('span', { class: 'text' }, line.name));
  };
  const drawOutcome = (node: HTMLElement, line: SliceLine): void => {
    const checks = line.result?.checks ?? panel.doc().overall.checks;
    const told = checks.map((check) => `${check.outcome}: ${check.reason}`);
    const verdict = line.result?.compared;
    append(node, outcomeBadge(line.outcome, [...told, verdict?.failed ? `gate: ${verdict.verdict.reason}` : ''].filter(Boolean).join('\n') || 'nothing is asked of it'));
  };
  return {
    prepare(lines) {
      whole = lines[0]?.slice === null ? lines[0].value : null;
      all = lines[0]?.slice === null ? lines[0].n : panel.doc().overall.figures.n;
      value = { format: figureFormat(lines), scale: intervalScale(lines.flatMap((line) => [line.value, line.low, line.high])) };
      rest = gapColumn(gaps(lines, 'rest'));
      change = gapColumn(gaps(lines, 'change'));
      const largest = Math.max(0, ...lines.map((line) => Math.abs(line.harm ?? 0)));
      const decimals = largest >= 100 ? 0 : largest >= 1 ? 1 : 3;
      harm = (one) => (one === null ? NONE : decimals === 0 ? formatCount(one) : one.toFixed(decimals).replace('-', '\u2212'));
    },
    draw(node, line, key) {
      switch (key) {
        case 'name': return drawName(node, line);
        case 'n': {
          const { part } = panel.state();
          node.title = `${formatShare(line.n / Math.max(1, all))} of all rows${part === null ? '' : ` of split ${part}`}`;
          return append(node, formatCount(line.n));
        }
        case 'value': return append(node, el('span', { class: line.value === null ? 'muted' : '' }, value.format(line.value)));
        case 'interval': {
          const range = line.low === null || line.high === null ? (panel.state().part === null ? 'no interval' : 'no interval yet: select the slice') : `${value.format(line.low)} to ${value.format(line.high)}`;
          node.title = `${range}${line.method ? `, ${methodTitle(line.method)}` : ''}`;
          return append(node, intervalBar({ mean: line.value, low: line.low, high: line.high, scale: value.scale, mark: whole, label: `${line.name}: ${value.format(line.value)}, ${range}` }));
        }
        case 'rest': return drawGap(node, line.rest, rest, line.slice === null ? 'all rows have no rest' : 'nothing to hold it against');
        case 'change': return drawGap(node, line.change, change, 'no paired difference of this figure');
        case 'trend': return drawTrend(node, line);
        case 'harm': return append(node, el('span', { class: line.harm === null ? 'muted' : '' }, line.harm !== null && line.harm > 0 ? formatSigned(line.harm, harm) : harm(line.harm)));
        case 'outcome': return drawOutcome(node, line);
        case 'owner': return append(node, el('span', { class: 'text', title: line.owner }, line.owner));
        default: return undefined;
      }
    },
  };
}
