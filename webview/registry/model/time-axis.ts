/** Ticks of a time axis, at moments that people count by. Local time, for that is how the times beside it read. Pure but for the time zone. */

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
type Unit = 'minute' | 'hour' | 'day' | 'month' | 'year';
/** How far ticks are apart, from fine to coarse, and about how long that is. */
const steps: readonly (readonly [unit: Unit, times: number, ms: number])[] = [
  ['minute', 1, MINUTE], ['minute', 5, 5 * MINUTE], ['minute', 15, 15 * MINUTE], ['minute', 30, 30 * MINUTE], ['hour', 1, HOUR], ['hour', 3, 3 * HOUR], ['hour', 6, 6 * HOUR], ['hour', 12, 12 * HOUR],
  ['day', 1, DAY], ['day', 2, 2 * DAY], ['day', 7, 7 * DAY], ['day', 14, 14 * DAY], ['month', 1, 30 * DAY], ['month', 3, 91 * DAY], ['month', 6, 182 * DAY],
  ['year', 1, 365 * DAY], ['year', 2, 730 * DAY], ['year', 5, 1826 * DAY], ['year', 10, 3652 * DAY],
];

const two = (value: number): string => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The first tick at or before `t`. */
function floor(t: number, unit: Unit, times: number): Date {
  const date = new Date(t);
  if (unit === 'minute') date.setMinutes(Math.floor(date.getMinutes() / times) * times, 0, 0);
  else if (unit === 'hour') date.setHours(Math.floor(date.getHours() / times) * times, 0, 0, 0);
  else date.setHours(0, 0, 0, 0);
  if (unit === 'month') date.setMonth(Math.floor(date.getMonth() / times) * times, 1);
  if (unit === 'year') date.setFullYear(Math.floor(date.getFullYear() / times) * times, 0, 1);
  return date;
}

function next(date: Date, unit: Unit, times: number): void {
  switch (unit) {
    case 'minute': return void date.setMinutes(date.getMinutes() + times);
    case 'hour': return void date.setHours(date.getHours() + times);
    case 'day': return void date.setDate(date.getDate() + times);
    case 'month': return void date.setMonth(date.getMonth() + times);
    case 'year': return void date.setFullYear(date.getFullYear() + times);
    default: return undefined;
  }
}

export interface TimeAxis { ticks: number[]; format(t: number): string }

/** At most `most` ticks between two times, and how each reads: '14:30', '3 Mar', 'Mar 2026', '2026'. Midnights among hours read as days. */
export function timeAxis(low: number, high: number, most: number): TimeAxis {
  const [unit, times] = steps.find(([, , ms]) => (high - low) / ms <= most) ?? ['year', 10];
  const ticks: number[] = [];
  for (const date = floor(low, unit, times); date.getTime() <= high && ticks.length <= most * 2; next(date, unit, times)) if (date.getTime() >= low) ticks.push(date.getTime());
  const years = new Date(low).getFullYear() !== new Date(high).getFullYear();
  return {
    ticks,
    format(t) {
      const date = new Date(t);
      const day = `${date.getDate()} ${months[date.getMonth()] ?? ''}`;
      if (unit === 'year') return String(date.getFullYear());
      if (unit === 'month') return years || date.getMonth() === 0 ? `${months[date.getMonth()] ?? ''} ${date.getFullYear()}` : (months[date.getMonth()] ?? '');
      if (unit === 'day') return years && date.getMonth() === 0 && date.getDate() <= 14 ? `${day} ${date.getFullYear()}` : day;
      return date.getHours() === 0 && date.getMinutes() === 0 ? day : `${two(date.getHours())}:${two(date.getMinutes())}`;
    },
  };
}
