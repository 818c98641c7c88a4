/** A run's state in pictures and words. Pure. */
import type { RunRow, RunState } from '../../protocol/model';
import { formatAgo, formatDuration, formatNumber } from '../base/format';

export interface StateLook { icon: string; color: string | undefined; word: string }

/** Codicon, theme colour and word of each state; the shape differs as well as the colour. */
export const stateLooks: Readonly<Record<RunState, StateLook>> = {
  queued: { icon: 'clock', color: 'descriptionForeground', word: 'queued' },
  running: { icon: 'loading~spin', color: 'charts.blue', word: 'running' },
  finished: { icon: 'pass-filled', color: 'charts.green', word: 'finished' },
  failed: { icon: 'error', color: 'charts.red', word: 'failed' },
  killed: { icon: 'circle-slash', color: 'charts.red', word: 'killed' },
  stopped: { icon: 'stop-circle', color: 'descriptionForeground', word: 'stopped' },
  lost: { icon: 'question', color: 'charts.yellow', word: 'lost' },
};

const SOURCES: Readonly<Record<string, string>> = { mlflow: 'MLflow client', import: 'imported from MLflow', editor: 'VS Code', cli: 'runyard run' };

/** Who made the run, with the script's name where an MLflow client made it. */
export function sourceText({ source, script, tags }: RunRow): string {
  const word = SOURCES[source] ?? source;
  if (source !== 'mlflow') return word;
  const named = script ?? tags['mlflow.source.name'] ?? '';
  return named === '' ? word : `${word}, ${named.split(/[\\/]/).at(-1) ?? named}`;
}

/** Whether nothing here started it: its client alone can end it. */
export const isOthers = ({ source }: Pick<RunRow, 'source'>): boolean => source === 'mlflow' || source === 'import';

/** The words after a run's name in the tree: baseline mark, main metric, and how long or how long ago; an MLflow client is named. */
export function runDescription(row: RunRow, mainMetric: string | null, now: number): string {
  const parts: string[] = [];
  if (row.pinned) parts.push('★ baseline');
  const summary = mainMetric === null ? undefined : row.metrics[mainMetric];
  if (summary && mainMetric) parts.push(`${mainMetric} ${formatNumber(summary.value)}`);
  if (row.state === 'queued') parts.push('queued');
  else if (row.state === 'running') parts.push(`running ${formatDuration(now - (row.started ?? row.created))}`.replace(/\.\d s$/, ' s'));
  else {
    if (row.state !== 'finished') parts.push(stateLooks[row.state].word);
    parts.push(formatAgo(row.ended ?? row.created, now));
  }
  if (row.source === 'mlflow') parts.push(sourceText(row));
  return parts.join(' · ');
}

/** What the tree's menus ask for: words that `when` clauses find with =~. */
export function runContext(row: RunRow): string {
  const live = row.state === 'queued' || row.state === 'running';
  return ['run', live ? (isOthers(row) ? 'spoken' : 'live') : 'done', row.pinned ? 'pinned' : 'loose'].join(' ');
}

/** Seconds that a run has taken so far, or took; nothing before it started. */
export function runSeconds(row: RunRow, now: number): number | null {
  return row.started === null ? null : (row.ended ?? now) - row.started;
}
