/** A back-test as a person reads it in a terminal: cost against quality, and how each policy went over time. */
import type { Backtest, PolicyResult } from '../../protocol/monitoring';
import { duration, figure, table, type Column } from '../format';
import { plural } from '../registry/words';
import { visible, type Terminal } from '../terminal';

const BARS = '▁▂▃▄▅▆▇█';
const WIDEST = 72;
const right = true;

export function backtestText(doc: Backtest, out: Terminal): string {
  const { metric, goal, policies, from, to, rows, notes } = doc;
  const columns: Column[] = [{ title: 'policy' }, { title: 'retrainings', right }, { title: 'minutes', right }, { title: metric, right }, { title: '95 %' }, { title: 'worst window', right }, { title: 'bad windows', right }];
  const best = bestOf(policies, goal);
  const lines = policies.map((one) => [
    visible(one.policy), String(one.retrainings), figure(one.minutes, 3), one === best ? out.paint('green', figure(one.quality, 4)) : figure(one.quality, 4),
    one.interval ? `${figure(one.interval[0], 4)} to ${figure(one.interval[1], 4)}` : '', figure(one.worst, 4), `${one.below} of ${one.windows.filter(({ value }) => value !== null).length}`,
  ]);
  return [
    `${visible(doc.name)}: ${plural(rows, 'labelled row')}, replayed from ${day(from)} to ${day(to)} in ${plural(policies[0]?.windows.length ?? 0, 'window')}, ${duration(doc.duration)}\n\n`,
    table(columns, lines, out), '\n', chart(doc, out), '\n', ...notes.map((note) => `${out.paint('dim', `- ${visible(note)}`)}\n`),
  ].join('');
}

const day = (t: number): string => new Date(t).toISOString().slice(0, 10);

function bestOf(policies: readonly PolicyResult[], goal: Backtest['goal']): PolicyResult | undefined {
  const sign = goal === 'maximize' ? 1 : -1;
  return policies.filter(({ quality }) => quality !== null).sort((a, b) => sign * ((b.quality ?? 0) - (a.quality ?? 0)))[0];
}

/** One line a policy, a bar a window (or some windows together), all on one scale; a mark below where a new model began. */
export function chart({ policies, metric, goal }: Pick<Backtest, 'policies' | 'metric' | 'goal'>, out: Terminal): string {
  const values = policies.flatMap(({ windows }) => windows.flatMap(({ value }) => value ?? []));
  if (values.length === 0) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const name = Math.max(...policies.map(({ policy }) => policy.length));
  const lines = policies.map(({ policy, windows }) => {
    const parts = bucketed(windows, Math.max(10, Math.min(WIDEST, out.columns - name - 4)));
    const bars = parts.map((part) => bar(mean(part.flatMap(({ value }) => value ?? [])), low, high)).join('');
    const marks = parts.map((part) => (part.some(({ retrained }) => retrained) ? '^' : ' ')).join('').trimEnd();
    return `${visible(policy).padEnd(name)}  ${bars}\n${marks === '' ? '' : `${' '.repeat(name)}  ${out.paint('dim', marks)}\n`}`;
  });
  return `${lines.join('')}${out.paint('dim', `${' '.repeat(name)}  ${metric} from ${figure(low, 3)} (${BARS[0]}) to ${figure(high, 3)} (${BARS.at(-1)}), ${goal === 'maximize' ? 'more' : 'less'} is better; ^ a new model`)}\n`;
}

function bucketed<T>(all: readonly T[], most: number): T[][] {
  const size = Math.ceil(all.length / most);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);
function bar(value: number | null, low: number, high: number): string {
  if (value === null) return ' ';
  return BARS[high > low ? Math.min(BARS.length - 1, Math.floor(((value - low) / (high - low)) * BARS.length)) : BARS.length - 1] ?? ' ';
}
