/** Cron lines: when the next moment is. The only importer of croner. */
import { Cron } from 'croner';

/** Five fields, or a nickname such as @daily; the machine's time zone. Throws TypeError where it can't be read. */
const read = (line: string): Cron => new Cron(line, { mode: '5-part', paused: true });

/** Why a line is none that comes round; null: it is one. A day that no month has (30 February) never comes. */
export function cronProblem(line: string): string | null {
  try {
    return read(line).nextRun() === null ? `'${line}' never comes: no day is like that` : null;
  } catch (error) {
    return `'${line}' is no cron line of five fields such as '0 6 * * 1' (${error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)})`;
  }
}

/** The first moment of the line after `after` (ms since the epoch, not itself); null where there is none or it can't be read. Hours that the clocks jump over come when they are over; hours that come twice count once. */
export function nextOfCron(line: string, after: number): number | null {
  if (cronProblem(line) !== null) return null;
  return read(line).nextRun(new Date(after))?.getTime() ?? null;
}
