/** How many digits a figure deserves: as many as its interval leaves certain, and one more. Pure. */
import { formatNumber, NONE } from '../../shared/format';

const MINUS = '\u2212';

/**
 * Decimals at which half the interval's width has two significant digits, 0 to 6: 0.8566 within 0.8535 to 0.8597, 41.2 within 39.0 to 43.3.
 * Null where there is no interval or one without width.
 */
export function decimalsFor(low: number | null, high: number | null): number | null {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high) || high <= low) return null;
  const half = (high - low) / 2;
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10(half)) + 1));
}

export interface Ranged { value: number | null; low: number | null; high: number | null }
export type Format = (value: number | null) => string;

/** One format for figures that stand under each other: the digits of the middle one of their intervals; four significant digits where none has one. */
export function figureFormat(figures: readonly Ranged[]): Format {
  const wanted = figures.map(({ low, high }) => decimalsFor(low, high)).filter((one) => one !== null).sort((a, b) => a - b);
  const decimals = wanted[Math.floor(wanted.length / 2)];
  return (value) => {
    if (value === null) return NONE;
    if (!Number.isFinite(value) || decimals === undefined || Math.abs(value) >= 1e7) return formatNumber(value, 4);
    const text = value.toFixed(decimals);
    return Number(text) === 0 ? text.replace('-', '') : text.replace('-', MINUS);
  };
}

/** 'p < 0.001', 'p = 0.013'; '' where there is none. */
export function formatP(p: number | null, name = 'p'): string {
  if (p === null || !Number.isFinite(p)) return '';
  return p < 0.001 ? `${name} < 0.001` : `${name} = ${p.toPrecision(2).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}`;
}

/** A whole number with its thousands apart: 50,000. */
export const formatCount = (value: number): string => Math.round(value).toLocaleString('en-US').replace('-', MINUS);

/** A number of rows that is only known roughly, two significant digits, rounded up: 'about 1,200'. */
export function aboutRows(rows: number): string {
  if (!Number.isFinite(rows)) return 'very many';
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rows))) - 1);
  return `about ${formatCount(Math.ceil(rows / unit) * unit)}`;
}

/** A share as a percentage: '0.4 %', '12 %', '99.6 %'; what isn't quite none or all never reads as 0 or 100 %. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return NONE;
  if (share === 0 || share === 1) return `${share * 100} %`;
  if (share < 0.001) return '< 0.1 %';
  if (share > 0.999) return '> 99.9 %';
  const percent = share * 100;
  return `${percent < 10 || percent > 90 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)} %`;
}
