/** All that is known of an alert: its runbook, what happened, the windows it is about, and the slices that it hits. */
import { describeError } from '../../base/errors';
import { checkName } from '../../config/monitor-checks';
import type { MonitorConfig } from '../../config/monitoring';
import type { AlertDetail, MonitorResult, ResultSummary } from '../../../protocol/monitoring';
import { digits } from '../checks/types';
import type { Results } from '../monitors/keep';
import type { MonitoringContext } from '../types';
import type { AlertDoc } from './document';

/** Windows and slices that are shown. */
const MOST = 50;

export async function alertDetail(context: MonitoringContext, results: Results, { row, first, events }: AlertDoc): Promise<AlertDetail> {
  const monitor = context.loaded().config.monitoring.monitors[row.monitor];
  const windows = results.list(row.monitor, 400).filter(({ window, checks }) => window.from >= first && checks.some(({ key }) => key === row.key)).slice(0, MOST);
  return { row, runbook: monitor?.runbook ?? '', events, results: windows, line: monitor ? lineOf(monitor, row.key) : null, slices: await slicesOf(context, results, row) };
}

/** Of its check, else of the monitor. */
export function lineOf({ checks, checkLines, line }: Pick<MonitorConfig, 'checks' | 'checkLines' | 'line'>, key: string): number {
  const at = checks.findIndex((check) => key === checkName(check) || key.startsWith(`${checkName(check)}:`));
  return checkLines[at] ?? line;
}

async function slicesOf({ log }: MonitoringContext, results: Results, row: AlertDoc['row']): Promise<AlertDetail['slices']> {
  const known: ResultSummary | undefined = results.summary(row.result);
  if (!known) return [];
  try {
    return slicesHit(await results.get(known.id), row).slice(0, MOST);
  } catch (error) {
    log.warn(`the slices of the alert ${row.id.slice(0, 8)} can't be told: ${describeError(error)}`);
    return [];
  }
}

const share = (value: number): string => `${digits(100 * value)} %`;

/** Of drift: where the column drifted within the slice, or the slice's share changed. Of a figure: the slices where it is worst. Worst first. Pure. */
export function slicesHit({ drift, performance }: Pick<MonitorResult, 'drift' | 'performance'>, { check, subject, key }: Pick<AlertDoc['row'], 'check' | 'subject' | 'key'>): AlertDetail['slices'] {
  if (check === 'estimated' || check === 'realised') {
    const metric = key.split(':')[1] ?? '';
    const figures = Object.entries(performance?.windows[0]?.slices ?? {}).flatMap(([name, slice]) => {
      const figure = slice.figures[metric] ?? slice.figures[subject.split(' in ')[0] ?? ''];
      const value = check === 'estimated' ? figure?.estimated : figure?.realised;
      return figure && value != null ? [{ name, text: `${figure.metric} ${digits(value)}, ${slice.n} rows`, value: figure.goal === 'maximize' ? value : -value }] : [];
    });
    return figures.sort((a, b) => a.value - b.value).map(({ name, text }) => ({ name, text }));
  }
  const hit = (drift?.slices ?? []).flatMap(({ name, drifted, reference, current, harm, outcome }) => {
    const within = drifted.find(({ column }) => column === subject);
    const own = within ? `${subject} by ${digits(within.effect)} (limit ${digits(within.limit)})` : check === 'drift' && subject !== '' && !isTogether(subject) ? null : drifted.map(({ column }) => column).join(', ');
    const moved = outcome === 'fail' ? `${share(reference.share)} of the rows became ${share(current.share)}` : '';
    return own === null || (own === '' && moved === '') ? [] : [{ name, text: [own, moved].filter(Boolean).join('; '), harm: harm ?? within?.effect ?? 0 }];
  });
  return hit.sort((a, b) => b.harm - a.harm).map(({ name, text }) => ({ name, text }));
}

const isTogether = (subject: string): boolean => subject === 'pca_reconstruction' || subject === 'domain_auc';
