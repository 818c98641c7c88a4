/** Retrainings as a person reads them in a terminal. */
import type { MonitoringResults, RetrainingRun, SideBySide } from '../../protocol/monitoring';
import { ago, figure, signed, table } from '../format';
import { shownMoment } from '../registry/time';
import { visible, type Colour, type Terminal } from '../terminal';

const COLOURS: Readonly<Record<RetrainingRun['state'], Colour>> = { waiting: 'dim', running: 'blue', registered: 'green', promoted: 'green', rejected: 'red', failed: 'red', held: 'yellow' };
const right = true;

/** `now` in ms. */
export function retrainingsText({ retrainings, broken }: MonitoringResults['retraining.list'], now: number, out: Terminal): string {
  const shown = retrainings.map(({ name, model, triggers, last, used, budget, coolDown, next, problem }) => [
    name, model, triggers.join('; ') || 'by hand only', last === null ? 'never' : `${out.paint(COLOURS[last.state], last.state)} ${ago((now - last.t) / 1000)}`, `${used.runs} of ${budget.perWeek}`, `${figure(used.minutes, 3)} of ${figure(budget.minutes, 3)}`,
    problem ?? (coolDown !== null ? `cool-down until ${shownMoment(coolDown).slice(0, 16)}` : next !== null ? (next <= now ? 'due' : `due ${shownMoment(next).slice(0, 16)}`) : ''),
  ]);
  for (const { name, file, line, message, more } of broken) shown.push([name ?? file, '', '', out.paint('yellow', "can't be read"), '', '', `${file}:${line}: ${message}${more > 0 ? ` (and ${more} more)` : ''}`]);
  return table([{ title: 'retraining' }, { title: 'model' }, { title: 'triggers' }, { title: 'last' }, { title: 'runs this week', right }, { title: 'minutes', right }, { title: '' }], shown, out);
}

export function retrainingText(run: RetrainingRun, out: Terminal): string {
  const said = (name: string, text: string): string => `  ${out.paint('dim', name.padEnd(8))} ${visible(text)}\n`;
  return [
    `${out.paint(COLOURS[run.state], run.state)} ${out.paint('bold', visible(run.name))}${run.version === null ? '' : ` version ${run.version}`}\n`,
    run.text === '' ? '' : said('why', run.text), said('trigger', `${run.trigger}: ${run.reason}`), run.run === null ? '' : said('run', run.run),
    run.fresh ? said('fresh', sides(run.fresh)) : '', run.old ? said('old', sides(run.old)) : '',
  ].join('');
}

function sides({ metric, candidate, live, difference, interval, n, word }: SideBySide): string {
  const by = difference === null ? '' : `, ${signed(difference)}${interval ? ` (${signed(interval[0])} to ${signed(interval[1])})` : ''}`;
  return `${metric} ${figure(candidate, 4)} against ${live === null ? 'nothing live' : figure(live, 4)}${by}, ${n} rows: ${word}`;
}
