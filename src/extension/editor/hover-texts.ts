/** What hovers tell, as Markdown. Pure. */
import type { MethodResults } from '../../protocol/engine';
import { formatAgo, formatNumber } from '../base/format';
import { escapeMarkdown, markdownTable } from '../base/markdown';
import { markdownImage, sparkline } from '../base/sparkline';

/** The values tried, best first as the engine orders them; nothing where the param was never used. */
export function paramText({ param, metric, goal, rows }: MethodResults['editor.param']): string | undefined {
  if (rows.length === 0) return undefined;
  const title = `**${escapeMarkdown(param)}**${metric === null ? '' : ` · ${escapeMarkdown(metric)}, ${goal === 'maximize' ? 'higher' : 'lower'} is better`}`;
  const head = metric === null ? ['value', 'runs'] : ['value', 'runs', 'mean', 'best'];
  const cells = rows.slice(0, 12).map((row) => [row.value, String(row.runs), ...(metric === null ? [] : [formatNumber(row.mean), formatNumber(row.best)])]);
  const rest = rows.length > 12 ? `\n\n${rows.length - 12} more values` : '';
  return `${title}\n\n${markdownTable(head, cells, [1, 2, 3])}${rest}`;
}

/** The metric over the runs, oldest left, as the engine gives them. */
export function metricText({ key, goal, runs, best }: MethodResults['editor.metric'], now = Date.now() / 1000): string | undefined {
  const newest = runs.at(-1);
  if (!newest) return undefined;
  const marked = runs.findIndex((run) => run.id === best);
  const image = runs.length < 2 ? '' : markdownImage(sparkline(runs.map((run) => run.value), { dots: true, ...(marked < 0 ? {} : { best: marked }) }), `${key} over ${runs.length} runs`);
  const bestRun = runs[marked];
  const lines = [
    `**${escapeMarkdown(key)}** · ${goal === 'maximize' ? 'higher' : 'lower'} is better`, image,
    `last ${escapeMarkdown(formatNumber(newest.value))} (${escapeMarkdown(newest.name)}, ${formatAgo(newest.t, now)})`,
  ];
  if (bestRun) lines.push(`best ${escapeMarkdown(formatNumber(bestRun.value))} (${escapeMarkdown(bestRun.name)})`);
  return lines.filter((line) => line !== '').join('\n\n');
}
