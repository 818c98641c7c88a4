/** A moment as a person writes it. */
import { RunyardError } from '../../core/base/errors';

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * '2026-05-03T14:00Z', '2026-05-03 14:00', '2026-05-03T14:00:05.5+02:00', '2026-05-03' (its first moment) to milliseconds since the
 * epoch; without Z or an offset in this machine's time zone. A local time that two moments have (clocks go back) is the earlier one.
 * Throws bad_input for anything else, for days that no month has, and for a local time that clocks jumped over.
 */
export function momentOf(text: string): number {
  const found = MOMENT.exec(text.trim());
  if (!found) throw wrong(text, "isn't a time");
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const part = (digits: string | undefined): number => Number(digits ?? 0);
  const parts = [part(year), part(month) - 1, part(day), part(hour), part(minute), part(second), Number((fraction ?? '').padEnd(3, '0'))] as const;
  const utc = new Date(0);
  utc.setUTCFullYear(parts[0], parts[1], parts[2]);
  utc.setUTCHours(parts[3], parts[4], parts[5], parts[6]);
  const real = utc.getUTCFullYear() === parts[0] && utc.getUTCMonth() === parts[1] && utc.getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60 && parts[5] < 60;
  if (!real) throw wrong(text, 'is no time that a calendar has');
  if (zone !== undefined) return utc.getTime() - offset(zone, text);
  const local = new Date(2000, 0, 1);
  local.setFullYear(parts[0], parts[1], parts[2]);
  local.setHours(parts[3], parts[4], parts[5], parts[6]);
  if (local.getHours() !== parts[3] || local.getMinutes() !== parts[4]) throw wrong(text, 'was jumped over by the clocks here');
  return local.getTime();
}

/** Of 'Z', '+02:00', '-0330', '+02': milliseconds. */
function offset(zone: string, text: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)];
  if (hours > 14 || minutes > 59) throw wrong(text, 'has an offset that no place has');
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

const wrong = (text: string, what: string): RunyardError => new RunyardError('bad_input', `--time ${text} ${what}`, 'write --time 2026-05-03T14:00Z, 2026-05-03T16:00+02:00, or 2026-05-03T14:00 for the time here');

/** A moment in this machine's time zone, to the second, with its offset: '2026-05-03 16:00:00 +02:00'. */
export function shownMoment(t: number): string {
  const at = new Date(t);
  const two = (value: number): string => String(value).padStart(2, '0');
  const east = -at.getTimezoneOffset();
  const zone = east === 0 ? 'UTC' : `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} ${zone}`;
}
