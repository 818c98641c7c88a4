/** A moment as people type it. Pure. */

/** "2026-05-03", "2026-05-03 14:00", "2026-05-03T14:00:05Z", with an offset too, as ms since the epoch; without a zone it is local time. Nothing where it is none. */
export function readMoment(typed: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(typed.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = ''] = match;
  const offset = zone === '' ? '' : zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(.\d{2}):?/, '$1:');
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${text}${offset}`);
  // The 31st of June is none, whatever a lenient reader makes of it.
  return Number.isNaN(time) || new Date(Date.parse(`${text}Z`)).toISOString().slice(0, 10) !== `${year}-${month}-${day}` ? undefined : time;
}
