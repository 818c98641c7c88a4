/** Monitors: running them, looking at what they found, and their place in runyard.yaml. */
import * as vscode from 'vscode';
import type { MethodResults } from '../../protocol/engine';
import { count, shorten } from '../base/format';
import type { Host } from '../host';
import { meantMonitor } from '../monitoring/pick';
import { python, watchedJob } from '../monitoring/run';
import { windowWords } from '../monitoring/words';
import { aimed } from './monitoring-target';
import type { Handlers, Parts } from './parts';
import { saveFirst } from './launch';

/** The panel's own command. */
const DRIFT_PANEL = 'runyard.drift.open';

export function monitoringCommands(host: Host, { monitoring }: Parts): Handlers {
  return {
    'runyard.runMonitor': async (args) => {
      const monitor = await meantMonitor(host, aimed(monitoring, args), 'Run Monitor Now');
      if (monitor !== undefined) await run(host, { monitors: [monitor] }, monitor);
    },
    'runyard.runAllMonitors': () => run(host, {}, 'all monitors'),
    'runyard.runDueMonitors': () => run(host, { due: true }, 'monitors that are due'),
    'runyard.goToMonitor': async (args) => {
      const target = aimed(monitoring, args);
      const monitor = await meantMonitor(host, target, 'Go to Monitor');
      if (monitor !== undefined) await (await import('../monitoring/config')).openMonitor(host, monitor, target.line);
    },
    'runyard.addMonitor': async () => (await import('../monitoring/config')).addMonitor(host),
    'runyard.showDrift': async (args) => {
      const target = aimed(monitoring, args);
      const monitor = await meantMonitor(host, target, 'Open Drift Panel');
      if (monitor !== undefined) await vscode.commands.executeCommand(DRIFT_PANEL, { monitor, ...(target.column === undefined ? {} : { column: target.column }), ...(target.alert === undefined ? {} : { alert: target.alert }) });
    },
    'runyard.showRunbook': async (args) => {
      const monitor = await meantMonitor(host, aimed(monitoring, args), 'Show Runbook', ({ runbook }) => runbook !== '');
      if (monitor !== undefined) await (await import('../monitoring/documents')).showRunbook(monitor);
    },
    'runyard.explainMonitoring': async () => (await import('../monitoring/documents')).showHelp(),
    'runyard.refreshMonitoring': () => monitoring.refresh(),
  };
}

type Ran = MethodResults['monitors.run'];

/** With progress. What opened is told by its own notification; what else is to be known is said here. */
async function run(host: Host, which: { monitors?: string[]; due?: boolean }, title: string): Promise<void> {
  await saveFirst();
  const done = await watchedJob(host, `running ${title}`, async (job) => host.engine.request('monitors.run', { job, ...which, ...(await python(host)) }));
  host.monitoring.refresh();
  void tell(done);
}

async function tell({ results, opened, failed }: Ran): Promise<void> {
  const [broken] = failed;
  if (broken) {
    const more = failed.length > 1 ? `, and ${count(failed.length - 1, 'other')}` : '';
    const choice = await vscode.window.showWarningMessage(`Runyard: ${broken.monitor} could not run: ${broken.message}${broken.hint === '' ? '' : `: ${broken.hint}`}${more}`, 'Go to Monitor');
    if (choice !== undefined) await vscode.commands.executeCommand('runyard.goToMonitor', { monitor: broken.monitor });
    return;
  }
  const [first] = results;
  if (!first) return void vscode.window.showInformationMessage('Runyard: nothing was due.');
  // An alert speaks for itself.
  if (opened.some(({ severity }) => severity !== 'info')) return;
  const outcomes = (['fail', 'cannot tell', 'pass'] as const).map((one) => [results.filter(({ outcome }) => outcome === one).length, one] as const).filter(([n]) => n > 0);
  const words = results.length === 1 ? `${first.monitor}: ${first.outcome} for ${windowWords(first.window)}, ${count(first.window.rows, 'row')}${first.reasons[0] === undefined ? '' : `. ${shorten(first.reasons[0], 120)}`}` : `${count(results.length, 'monitor')}: ${outcomes.map(([n, one]) => `${n} ${one}`).join(', ')}`;
  const choice = await vscode.window.showInformationMessage(`Runyard: ${words}`, ...(results.length === 1 ? ['Open Drift Panel'] : []));
  if (choice !== undefined) await vscode.commands.executeCommand('runyard.showDrift', { monitor: first.monitor });
}
