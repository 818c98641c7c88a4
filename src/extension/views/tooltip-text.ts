/** The Markdown of a run's tooltip. Pure. */
import type { RunRow } from '../../protocol/model';
import { formatAgo, formatDuration, formatNumber, formatTime, shorten } from '../base/format';
import { escapeMarkdown, markdownTable } from '../base/markdown';
import { runSeconds, sourceText, stateLooks } from './state';

const SHOWN = 12;

/** `image` is Markdown of its own, or ''; `now` in seconds since the epoch. */
export function tooltipText(run: RunRow, { mainMetric, image, now }: { mainMetric: string | null; image: string; now: number }): string {
  const look = stateLooks[run.state];
  const seconds = runSeconds(run, now);
  const when = run.ended ?? run.started ?? run.created;
  const blocks = [
    `**${escapeMarkdown(run.name)}**${run.pinned ? ' · ★ baseline' : ''}`,
    `$(${look.icon}) ${[look.word + (run.reason ? ` (${escapeMarkdown(shorten(run.reason, 120))})` : ''), seconds === null ? '' : formatDuration(seconds), `${formatAgo(when, now)}, ${formatTime(when)}`].filter(Boolean).join(' · ')}`,
  ];
  if (run.source === 'mlflow') blocks.push(`$(plug) ${escapeMarkdown(sourceText(run))}`);
  const metrics = Object.entries(run.metrics).sort(([a], [b]) => Number(b === mainMetric) - Number(a === mainMetric) || a.localeCompare(b));
  if (image) blocks.push(`${image}  \n${escapeMarkdown(mainMetric ?? '')}`);
  if (metrics.length > 0) {
    blocks.push(markdownTable(['metric', 'last', 'min', 'max'], metrics.slice(0, SHOWN).map(([key, one]) => [key, formatNumber(one.value), formatNumber(one.min), formatNumber(one.max)]), [1, 2, 3]));
    if (metrics.length > SHOWN) blocks.push(`and ${metrics.length - SHOWN} more`);
  }
  const params = Object.entries(run.params);
  if (params.length > 0) {
    blocks.push(markdownTable(['param', 'value'], params.slice(0, SHOWN).map(([key, value]) => [key, shorten(value, 60)])));
    if (params.length > SHOWN) blocks.push(`and ${params.length - SHOWN} more`);
  }
  const code = [run.script ?? '', run.branch ? `$(git-branch) ${escapeMarkdown(run.branch)}` : '', run.commit ? `\`${run.commit.slice(0, 8)}\`${run.dirty ? ' with uncommitted changes' : ''}` : ''];
  const codeLine = [code[0] ? `\`${code[0].replace(/`/g, '')}\`` : '', ...code.slice(1)].filter(Boolean).join(' · ');
  if (codeLine) blocks.push(codeLine);
  if (run.notes) blocks.push(escapeMarkdown(shorten(run.notes, 300)));
  return blocks.join('\n\n');
}
