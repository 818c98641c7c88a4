/** What the status bar says. Pure: the present moment is an argument, in ms. */
import type { ModelRow, WaitingRow } from '../../protocol/registry';
import type { AlertRow } from '../../protocol/monitoring';
import { count, shorten } from '../base/format';
import { escapeMarkdown as escaped } from '../base/markdown';
import { ago, severityLooks, titleWords } from '../monitoring/words';
import { liveWords, waitingWords } from '../registry/words';

export interface StatusFacts { live: number; queued: number; models: readonly ModelRow[]; waiting: readonly WaitingRow[]; conflicts: number; /** that nobody has acknowledged, the most severe first */ alerts: readonly AlertRow[] }
export interface StatusLook { text: string; tooltip: string; label: string; /** what a click does: the most urgent thing */ command: { command: string; arguments?: unknown[] } }

const MOST_ROWS = 8;
export const liveRuns = ({ live, queued }: Pick<StatusFacts, 'live' | 'queued'>): number => live + queued;

/** Nothing where there is nothing to say. */
export function statusLook(facts: StatusFacts, now: number): StatusLook | undefined {
  const { live, queued, waiting, conflicts, alerts } = facts;
  const runs = [...(live > 0 ? [`${live} running`] : []), ...(queued > 0 ? [`${queued} queued`] : [])].join(', ');
  const models = modelWords(facts.models);
  const wanted = [...(waiting.length > 0 ? [`${waiting.length} to approve`] : []), ...(conflicts > 0 ? [count(conflicts, 'conflict')] : [])].join(', ');
  const [worst] = alerts;
  const alarm = worst ? count(alerts.length, 'alert') : '';
  if (runs === '' && models === '' && wanted === '' && alarm === '') return undefined;
  const parts = [
    ...(runs === '' ? [] : [`${live > 0 ? '$(loading~spin)' : '$(clock)'} ${runs}`]),
    ...(worst ? [`$(${severityLooks[worst.severity].icon}) ${alarm}`] : []), ...(wanted === '' ? [] : [`$(bell-dot) ${wanted}`]), ...(models === '' ? [] : [`$(package) ${models}`]),
  ];
  return { text: parts.join('  '), tooltip: tooltip(facts, runs, now), label: ['Runyard', runs, alarm, wanted, models].filter(Boolean).join(', '), command: commandOf(facts) };
}

/** "car-loan 3 in production"; of several models how many are live. The environment is the last one in which anything is: it serves people. */
function modelWords(models: readonly ModelRow[]): string {
  const live = models.flatMap((row) => row.live.filter(({ version }) => version !== null).slice(-1).map((one) => ({ name: row.name, ...one })));
  const [only] = live;
  if (!only) return '';
  return live.length === 1 ? `${shorten(only.name, 24)} ${only.version} in ${shorten(only.environment, 16)}` : `${live.length} models live`;
}

function commandOf({ live, queued, waiting, conflicts, models, alerts }: StatusFacts): StatusLook['command'] {
  const [first] = waiting;
  const [worst] = alerts;
  if (worst) return alerts.length === 1 ? { command: 'runyard.showAlert', arguments: [{ alert: worst.id }] } : { command: 'runyard.showAlerts' };
  if (first) return { command: 'runyard.openRegistry', arguments: [{ model: first.model, version: first.version, environment: first.environment }] };
  if (conflicts > 0) return { command: 'runyard.verifyLedger' };
  if (live + queued > 0) return { command: 'runyard.showLive' };
  const shown = models.filter((row) => row.live.some(({ version }) => version !== null));
  return { command: 'runyard.openRegistry', arguments: shown.length === 1 ? [{ model: shown[0]?.name }] : [] };
}

const link = (text: string, command: string, argument?: unknown): string => `[${escaped(text)}](command:${command}${argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument]))}`})`;

/** Everything, each with a link to where it can be looked at. */
function tooltip({ models, waiting, conflicts, alerts }: StatusFacts, runs: string, now: number): string {
  const rows = models.flatMap((row) => row.live.filter(({ version }) => version !== null).map((one) => `$(server-environment) ${link(row.name, 'runyard.openRegistry', { model: row.name })} ${escaped(`${one.environment}: ${liveWords(one, now)}`)}`));
  const asked = waiting.map((row) => {
    const about = { model: row.model, version: row.version, environment: row.environment };
    return `$(bell) ${link(`${row.model} ${row.version} to ${row.environment}`, 'runyard.openRegistry', about)} ${escaped(waitingWords(row, now))} · ${link('approve', 'runyard.approve', about)}`;
  });
  const failing = alerts.map((row) => `$(${severityLooks[row.severity].icon}) ${link(titleWords(row), 'runyard.showAlert', { alert: row.id })} ${escaped(`${row.monitor}, ${ago(row.opened, now)}`)} · ${link('acknowledge', 'runyard.acknowledgeAlert', { alert: row.id })}`);
  const parts = [
    cut(failing), runs === '' ? [] : [`$(pulse) ${link(`Runs: ${runs}`, 'runyard.showLive')}`], cut(asked), conflicts === 0 ? [] : [`$(warning) ${link(`${count(conflicts, 'conflict')} between clones`, 'runyard.verifyLedger')}`], cut(rows),
  ];
  return ['**Runyard**', ...parts.filter((part) => part.length > 0).map((part) => part.join('  \n'))].join('\n\n');
}

const cut = (rows: readonly string[]): string[] => (rows.length <= MOST_ROWS ? [...rows] : [...rows.slice(0, MOST_ROWS), `and ${rows.length - MOST_ROWS} more`]);
