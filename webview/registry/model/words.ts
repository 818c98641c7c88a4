/** How people, times and sizes read. Times in ms since the epoch, sizes in bytes. */
import type { Person } from '../../../src/protocol/registry';
import { formatAgo, formatTime } from '../../shared/format';

export const ago = (t: number, now: number): string => formatAgo(t / 1000, now / 1000);
/** 'since 3 d', for what goes on. */
export function since(t: number, now: number): string {
  const text = ago(t, now);
  return text === 'just now' ? 'since just now' : `for ${text.replace(/ ago$/, '')}`;
}
export const time = (t: number): string => formatTime(t / 1000);
export const fullName = ({ name, email }: Person): string => (email && email !== name ? `${name} <${email}>` : name);

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
/** '12 B', '4.1 kB', '50 MB': powers of 1000, two significant digits below 10. */
export function formatSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  const text = power === 0 || value >= 9.95 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1).replace(/\.0$/, '');
  return `${text} ${UNITS[power] ?? ''}`;
}
