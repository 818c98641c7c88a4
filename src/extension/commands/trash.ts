/** Deleting is moving to the trash, which can be undone; emptying it says first what would go. */
import * as vscode from 'vscode';
import { isLive } from '../../protocol/model';
import { count, formatBytes } from '../base/format';
import { pickRuns } from '../base/pick';
import type { Host } from '../host';
import type { Handlers } from './parts';
import { manyRuns } from './targets';

export function trashCommands(host: Host): Handlers {
  return {
    'runyard.delete': async (args) => {
      const rows = await manyRuns(host, args, { title: 'Delete Run', accept: (row) => !isLive(row.state) });
      const gone = rows.filter((row) => !isLive(row.state)).map((row) => row.id);
      if (rows.length > gone.length) void vscode.window.showWarningMessage('Runyard: live runs are not deleted; stop them first.');
      if (gone.length === 0) return;
      const { runs } = await host.engine.request('runs.delete', { runs: gone });
      const what = rows.length === 1 ? (rows[0]?.name ?? '') : count(runs.length, 'run');
      const choice = await vscode.window.showInformationMessage(`Moved ${what} to the trash.`, 'Undo');
      if (choice) await host.engine.request('runs.restore', { runs });
    },
    'runyard.restore': async () => {
      const rows = await pickRuns(host, { title: 'Restore Deleted Runs', view: 'trashed' });
      if (rows.length > 0) await host.engine.request('runs.restore', { runs: rows.map((row) => row.id) });
    },
    'runyard.emptyTrash': async () => {
      const plan = await host.engine.request('gc.run', { dryRun: true });
      if (plan.runs.length === 0 && plan.objects === 0) return void vscode.window.showInformationMessage('Runyard: the trash is empty.');
      const names = plan.runs.slice(0, 12).map((run) => `${run.name} (${formatBytes(run.bytes)})`);
      const rest = plan.runs.length > names.length ? [`and ${plan.runs.length - names.length} more`] : [];
      const kept = plan.kept.length > 0 ? ['', `Kept, because something needs them: ${plan.kept.slice(0, 5).join(', ')}${plan.kept.length > 5 ? ' …' : ''}`] : [];
      const choice = await vscode.window.showWarningMessage(`Delete ${count(plan.runs.length, 'run')} for good?`, {
        modal: true, detail: [...names, ...rest, ...kept, '', `This frees ${formatBytes(plan.bytes)} and can’t be undone.`].join('\n'),
      }, 'Delete');
      if (!choice) return;
      const done = await host.engine.request('gc.run', { dryRun: false });
      void vscode.window.showInformationMessage(`Runyard: ${count(done.runs.length, 'run')} deleted, ${formatBytes(done.bytes)} freed.`);
    },
  };
}
