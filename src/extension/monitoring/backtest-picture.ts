/** What policies of retraining cost against what they bring, as SVG text for a Markdown page. It can't see the theme: its colours can be read on white as on black. Pure. */
import type { Backtest, PolicyResult } from '../../protocol/monitoring';
import { formatNumber } from '../base/format';

const SIZE = { width: 640, height: 300, left: 70, right: 24, top: 16, bottom: 46 };
const COLORS = { point: '#2f80d8', text: '#767676' };
const LINE = 14;
/** About a letter's width at this size. */
const LETTER = 6.4;

type Placed = PolicyResult & { quality: number };

/** A point a policy: retrainings to the right, the mean figure upwards, with its 95 % interval. '' where none has a figure. */
export function backtestPicture({ policies, metric, goal }: Pick<Backtest, 'policies' | 'metric' | 'goal'>): string {
  const points = policies.filter((one): one is Placed => one.quality !== null);
  if (points.length === 0) return '';
  const { width, height, left, right, top, bottom } = SIZE;
  const most = Math.max(1, ...points.map(({ retrainings }) => retrainings));
  const values = points.flatMap(({ quality, interval }) => [quality, ...(interval ?? [])]);
  const [low, high] = spread(Math.min(...values), Math.max(...values));
  const x = (retrainings: number): number => left + 12 + (retrainings / most) * (width - left - right - 24);
  const y = (value: number): number => top + ((high - value) / (high - low)) * (height - top - bottom);
  const floor = height - bottom;
  const names = labels(points.map((one) => ({ name: one.policy, x: x(one.retrainings), y: y(one.quality) })));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<path d="M${left} ${top}V${floor}H${width - right}" fill="none" stroke="${COLORS.text}"/>`,
    ...[low, (low + high) / 2, high].map((value) => text(formatNumber(Number(value.toPrecision(4))), { x: left - 6, y: y(value) + 4, anchor: 'end' })),
    ...[0, most].map((retrainings) => text(String(retrainings), { x: x(retrainings), y: floor + 16, anchor: 'middle' })),
    text('retrainings', { x: (left + width - right) / 2, y: height - 8, anchor: 'middle' }),
    `<g transform="rotate(-90 14 ${(top + floor) / 2})">${text(`${metric}, ${goal === 'maximize' ? 'higher' : 'lower'} is better`, { x: 14, y: (top + floor) / 2, anchor: 'middle' })}</g>`,
    ...points.flatMap(({ retrainings, quality, interval }) => [
      ...(interval ? [`<path d="M${at(x(retrainings))} ${at(y(interval[0]))}V${at(y(interval[1]))}" stroke="${COLORS.point}" stroke-width="1.5"/>`] : []),
      `<circle cx="${at(x(retrainings))}" cy="${at(y(quality))}" r="4.5" fill="${COLORS.point}"/>`,
    ]),
    ...names.map((one) => text(one.name, { ...one, anchor: one.anchor })), '</svg>',
  ].join('');
}

const at = (place: number): string => place.toFixed(1);
const escaped = (words: string): string => words.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
const text = (words: string, { x, y, anchor }: { x: number; y: number; anchor: string }): string => `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="${COLORS.text}">${escaped(words)}</text>`;

/** Some room above and below; a single value stands in the middle. */
function spread(low: number, high: number): [number, number] {
  const room = high > low ? (high - low) * 0.08 : Math.max(Math.abs(high) * 0.01, 1e-6);
  return [low - room, high + room];
}

interface Label { name: string; x: number; y: number; anchor: 'start' | 'end' }

/** Beside its point, on the side where there is room, a line further down for each that stands there already. */
function labels(points: readonly { name: string; x: number; y: number }[]): Label[] {
  const placed: (Label & { from: number; to: number })[] = [];
  for (const { name, x, y } of points) {
    const shown = name.length > 32 ? `${name.slice(0, 31)}…` : name;
    const wide = shown.length * LETTER;
    const fits = x + 9 + wide <= SIZE.width;
    const [from, to] = fits ? [x + 9, x + 9 + wide] : [x - 9 - wide, x - 9];
    let line = y + 4;
    while (placed.some((other) => Math.abs(other.y - line) < LINE && other.from < to && from < other.to)) line += LINE;
    placed.push({ name: shown, x: fits ? from : to, y: line, anchor: fits ? 'start' : 'end', from, to });
  }
  return placed;
}
