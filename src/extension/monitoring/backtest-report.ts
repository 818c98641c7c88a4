/** A back-test of retraining policies as Markdown: what each would have cost and brought, and how the figure went. Pure. */
import type { Backtest, PolicyResult } from '../../protocol/monitoring';
import { count, formatDuration, formatNumber } from '../base/format';
import { escapeMarkdown as escaped, markdownTable } from '../base/markdown';
import { markdownImage } from '../base/sparkline';
import { backtestPicture } from './backtest-picture';
import { windowWords } from './words';

const BARS = '▁▂▃▄▅▆▇█';
/** No more windows are drawn in a line; of more, neighbours share a column. */
const WIDEST = 72;

export function backtestMarkdown(result: Backtest): string {
  const { name, metric, goal, from, to, rows, policies, notes, duration } = result;
  const rank = ({ quality }: PolicyResult): number => (quality === null ? Infinity : goal === 'maximize' ? -quality : quality);
  const ordered = [...policies].sort((a, b) => rank(a) - rank(b) || a.retrainings - b.retrainings);
  const parts = [
    `# Back-test of ${escaped(name)}`,
    `${escaped(windowWords({ from, to }))}, ${count(rows, 'row')} with labels, replayed in ${formatDuration(duration)}. Figure: ${escaped(metric)}, ${goal === 'maximize' ? 'higher' : 'lower'} is better. The best first.`,
    markdownTable(['policy', 'retrainings', 'minutes', metric, '95 %', 'worst window', 'bad windows'], ordered.map((one) => [
      one.policy, String(one.retrainings), formatNumber(Math.round(one.minutes * 10) / 10), formatNumber(one.quality), one.interval ? `${formatNumber(one.interval[0])} to ${formatNumber(one.interval[1])}` : '', formatNumber(one.worst), String(one.below),
    ]), [1, 2, 3, 4, 5, 6]),
    ...picture(result),
    '## How it went', 'Each column is a window, the oldest left; ▲ marks a retraining.', `\`\`\`text\n${chart(ordered)}\n\`\`\``,
    ...(notes.length === 0 ? [] : ['## Notes', notes.map((note) => `- ${escaped(note)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function picture(result: Backtest): string[] {
  const drawn = backtestPicture(result);
  return drawn === '' ? [] : ['## Cost against quality', markdownImage(drawn, `how often each policy retrains, and ${result.metric} under it; the table above says the same`)];
}

interface Column { value: number | null; retrained: boolean }

/** Two lines a policy on one scale: the figure, and below it where a retraining was. */
export function chart(policies: readonly PolicyResult[]): string {
  const lines = policies.map((one) => ({ name: one.policy, columns: columnsOf(one) }));
  const values = lines.flatMap(({ columns }) => columns.flatMap(({ value }) => (value === null ? [] : [value])));
  if (values.length === 0) return 'no window has a figure';
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const wide = Math.max(...lines.map(({ name }) => name.length));
  const drawn = lines.flatMap(({ name, columns }) => [
    `${plain(name).padEnd(wide)}  ${columns.map(({ value }) => (value === null ? ' ' : bar(value, low, high))).join('')}`,
    `${' '.repeat(wide)}  ${columns.map(({ retrained }) => (retrained ? '▲' : ' ')).join('')}`.trimEnd(),
  ]);
  return [...drawn, `${' '.repeat(wide)}  ${BARS[0]} ${formatNumber(low)}   ${BARS.at(-1)} ${formatNumber(high)}`].filter((line) => line !== '').join('\n');
}

/** A fence ends with backquotes. */
const plain = (text: string): string => text.replace(/[`\r\n]/g, "'");

function bar(value: number, low: number, high: number): string {
  const share = high === low ? 0.5 : (value - low) / (high - low);
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? ' ';
}

function columnsOf({ windows }: PolicyResult): Column[] {
  const size = Math.max(1, Math.ceil(windows.length / WIDEST));
  return Array.from({ length: Math.ceil(windows.length / size) }, (_, at) => {
    const part = windows.slice(at * size, (at + 1) * size);
    const values = part.flatMap(({ value }) => (value === null ? [] : [value]));
    return { value: values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length, retrained: part.some(({ retrained }) => retrained) };
  });
}
