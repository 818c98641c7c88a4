/**
 * A small line picture as SVG text, for hovers and tooltips. Those can't see the theme, so the colours are mid tones with a
 * contrast of at least 3:1 on white as on black.
 */
import type { WireNumber } from '../../protocol/spool';

export interface SparklineOptions {
  /** pixels; 220 x 48 where they aren't given */
  width?: number;
  height?: number;
  /** drawn as dots too: points that are runs rather than steps of one curve */
  dots?: boolean;
  /** index of the point that is the best; marked with a ring */
  best?: number;
}

const stroke = '#2f80d8';
const accent = '#b8681b';

/**
 * The line through `values`, left to right at equal distances. NaN and infinities leave a gap. A constant line lies in the
 * middle; without one finite value the answer is ''.
 */
export function sparkline(values: readonly WireNumber[], options: SparklineOptions = {}): string {
  const { width = 220, height = 48 } = options;
  const numbers = values.map(Number);
  const finite = numbers.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const pad = 5;
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  // Halves first: the range of two finite doubles may itself overflow.
  const range = high / 2 - low / 2;
  const x = (index: number): number => (numbers.length === 1 ? width / 2 : pad + (index / (numbers.length - 1)) * (width - 2 * pad));
  const y = (value: number): number => (range === 0 ? height / 2 : height - pad - ((value / 2 - low / 2) / range) * (height - 2 * pad));
  const at = (index: number): [string, string] => [x(index).toFixed(1), y(numbers[index] ?? low).toFixed(1)];
  const last = numbers.findLastIndex(Number.isFinite);
  const marks = (options.dots ? numbers.flatMap((value, index) => (Number.isFinite(value) ? [index] : [])) : [last])
    .map((index) => circle(at(index), index === last ? 3 : 2, `fill="${index === last ? accent : stroke}"`));
  if (options.best !== undefined && Number.isFinite(numbers[options.best])) {
    marks.push(circle(at(options.best), 4.5, `fill="none" stroke="${accent}" stroke-width="1.5"`));
  }
  const lines = pieces(numbers)
    .filter((piece) => piece.length > 1)
    .map((piece) => `<polyline fill="none" stroke="${stroke}" stroke-width="1.5" stroke-linejoin="round" points="${piece.map((index) => at(index).join(',')).join(' ')}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${lines.join('')}${marks.join('')}</svg>`;
}

const circle = ([cx, cy]: [string, string], r: number, rest: string): string => `<circle cx="${cx}" cy="${cy}" r="${r}" ${rest}/>`;

/** Indices of finite values, in runs without a gap. */
function pieces(numbers: readonly number[]): number[][] {
  const found: number[][] = [];
  let open: number[] | undefined;
  numbers.forEach((value, index) => {
    if (!Number.isFinite(value)) open = undefined;
    else if (open) open.push(index);
    else found.push((open = [index]));
  });
  return found;
}

/** As a Markdown image; '' stays ''. */
export function markdownImage(svg: string, alt: string): string {
  if (svg === '') return '';
  return `![${alt.replace(/[[\]]/g, '')}](data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')})`;
}
