/** Categories of both sides as bars, one under the other; names as long as they are, new and vanished ones with a sign. */
import { Chart, type ChartConfiguration } from '../shared/chart';
import { faded, readTheme } from '../shared/colors';
import { el } from '../shared/dom';
import { formatNumber } from '../shared/format';
import type { CategoryBar } from './model/distribution';
import type { Styles } from './model/over-time';

/** Height of one category, in CSS pixels. */
const LINE = 30;
const LONGEST = 26;
export interface CategoryChart { node: HTMLElement; update(bars: readonly CategoryBar[], styles: Styles, summary: string): void; canvas(): HTMLCanvasElement }

const short = ({ label, fresh, gone }: CategoryBar): string => `${fresh ? '\u271a ' : gone ? '\u2715 ' : ''}${label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}\u2026` : label}`;

export function createCategoryChart(): CategoryChart {
  const canvas = el('canvas', { role: 'img' });
  const inner = el('div', { class: 'chart' }, canvas);
  const node = el('div', { class: 'category-scroll', attrs: { tabindex: 0, role: 'group', 'aria-label': 'Categories of both sides' } }, inner);
  let shown: readonly CategoryBar[] = [];
  const chart = new Chart<'bar'>(canvas, { type: 'bar', data: { datasets: [] }, options: { animation: false, responsive: true, maintainAspectRatio: false, indexAxis: 'y', parsing: { xAxisKey: 'x', yAxisKey: 'y' }, layout: { padding: { top: 2, right: 10 } }, interaction: { mode: 'y', intersect: false } } } as ChartConfiguration<'bar'>);
  return {
    node,
    canvas: () => canvas,
    update(bars, styles, summary) {
      shown = bars;
      const theme = readTheme();
      const font = { family: theme.font, size: Math.max(10, theme.size - 2) };
      canvas.setAttribute('aria-label', summary);
      inner.style.height = `${Math.max(3, bars.length) * LINE + 26}px`;
      chart.options.scales = {
        x: { type: 'linear', position: 'bottom', min: 0, border: { color: theme.border }, grid: { color: faded(theme.grid, theme.contrast ? 0.35 : 0.3), tickLength: 4 }, ticks: { color: theme.muted, font, maxTicksLimit: 6, callback: (value) => `${formatNumber(Number(value) * 100, 3)} %` } },
        y: { type: 'linear', position: 'left', reverse: true, min: -0.5, max: Math.max(1, bars.length) - 0.5, offset: false, border: { color: theme.border }, grid: { display: false }, ticks: { color: theme.foreground, font, autoSkip: false, callback: (value) => { const bar = shown[Number(value)]; return bar ? short(bar) : ''; } }, afterBuildTicks: (scale: { ticks: { value: number }[] }) => { scale.ticks = shown.map((_, value) => ({ value })); } },
      } as NonNullable<NonNullable<ChartConfiguration<'bar'>['options']>['scales']>;
      chart.options.plugins = { tooltip: {
        animation: false, caretSize: 0, padding: 6, cornerRadius: 2, borderWidth: 1, displayColors: false, backgroundColor: theme.background, titleColor: theme.foreground, bodyColor: theme.foreground, borderColor: theme.border, titleFont: font, bodyFont: font,
        filter: (_item, index) => index === 0, callbacks: { title: () => '', label: (item) => { const bar = shown[item.dataIndex]; return bar ? `${bar.title}${bar.fresh ? '; new' : bar.gone ? '; vanished' : ''}` : ''; } },
      } };
      const set = (side: 'reference' | 'current', color: string, strength: number): object => ({ label: side, data: bars.map((bar, y) => ({ x: bar[side], y: side === 'reference' ? y - 0.18 : y + 0.18 })), grouped: false, barThickness: 9, minBarLength: 1, backgroundColor: faded(color, strength), borderColor: color, borderWidth: 1 });
      chart.data.datasets = [set('reference', styles.reference.color, 0.35), set('current', styles.current.color, 0.75)] as unknown as typeof chart.data.datasets;
      chart.resize();
      chart.update('none');
    },
  };
}
