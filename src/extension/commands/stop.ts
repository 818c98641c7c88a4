/** Ending runs, and seeing which are live. */
import * as vscode from 'vscode';
import { count } from '../base/format';
import { pickRun } from '../base/pick';
import type { Host } from '../host';
import { isLive, type RunRow } from '../../protocol/model';
import type { Handlers, Parts } from './parts';
import { isOthers } from '../views/state';
import { manyRuns } from './targets';

const live = (row: RunRow): boolean => isLive(row.state);
/** What an MLflow client made is ended by its own process. */
const accept = (row: RunRow): boolean => live(row) && !isOthers(row);

export function stopCommands(host: Host, { experiments, details }: Parts): Handlers {
  return {
    'runyard.stop': async (args) => {
      const rows = (await manyRuns(host, args, { title: 'Stop Run', accept })).filter(live);
      for (const row of rows) await host.engine.request('runs.stop', { run: row.id });
    },
    'runyard.stopAll': async () => {
      const { rows } = await host.engine.request('runs.search', { limit: 1000, orderBy: ['attributes.start_time DESC'] });
      const ours = rows.filter(accept);
      if (ours.length === 0) return void vscode.window.showInformationMessage('Runyard: no run is live.');
      const choice = await vscode.window.showWarningMessage(`Stop ${count(ours.length, 'run')}?`, {
        modal: true, detail: `${ours.slice(0, 10).map((row) => `${row.experiment} / ${row.name}`).join('\n')}\n\nWhat they logged so far is kept.`,
      }, 'Stop All');
      // Those that wait go first, or stopping the running one would start the next.
      const order = [...ours].sort((a, b) => Number(a.state === 'running') - Number(b.state === 'running'));
      if (choice) for (const row of order) await host.engine.request('runs.stop', { run: row.id });
    },
    'runyard.showLive': async () => {
      const row = await pickRun(host, { title: 'Live Runs', accept: live });
      if (!row) return;
      await details.show(row.id);
      await experiments.reveal(row.id);
      if (isOthers(row)) return;
      const { showOutput } = await import('../output');
      await showOutput(host, row.id, { focus: true, automatic: false });
    },
  };
}
