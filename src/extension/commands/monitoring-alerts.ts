/** Alerts: looking at them, what a person says to them, and the incident note. */
import * as vscode from 'vscode';
import type { AlertRow } from '../../protocol/monitoring';
import type { Host } from '../host';
import { meantAlert, meantAlerts, type AlertPick } from '../monitoring/pick';
import { titleWords } from '../monitoring/words';
import { aimed } from './monitoring-target';
import type { Handlers, Parts } from './parts';

const isOpen = ({ state }: AlertRow): boolean => state !== 'resolved';

export function monitoringAlertCommands(host: Host, { monitoring }: Parts): Handlers {
  const alert = (args: readonly unknown[], pick: AlertPick): Promise<AlertRow | undefined> => meantAlert(host, aimed(monitoring, args, 'alert'), pick);
  const several = (args: readonly unknown[], pick: AlertPick): Promise<AlertRow[]> => meantAlerts(host, aimed(monitoring, args, 'alert'), { ...pick, selected: selectedIn(args, monitoring.selection) });
  const none = 'no alert is open';
  const flows = (): Promise<typeof import('../monitoring/alerts')> => import('../monitoring/alerts');
  return {
    'runyard.showAlert': async (args) => {
      const row = await alert(args, { title: 'Show Alert', none: 'there has been no alert' });
      if (row) await (await import('../monitoring/documents')).showAlert(row.id, titleWords(row));
    },
    'runyard.showAlerts': async () => (await import('../monitoring/documents')).showAlerts(),
    'runyard.acknowledgeAlert': async (args) => {
      const rows = await several(args, { title: 'Acknowledge Alerts', accept: ({ state }) => state === 'open' || state === 'snoozed', none: 'no alert waits to be acknowledged' });
      await (await flows()).acknowledge(host, rows);
    },
    'runyard.snoozeAlert': async (args) => {
      const rows = await several(args, { title: 'Snooze Alerts', accept: isOpen, none });
      if (rows.length > 0) await (await flows()).snooze(host, rows);
    },
    'runyard.resolveAlert': async (args) => {
      const rows = await several(args, { title: 'Resolve Alerts', accept: isOpen, none });
      if (rows.length === 0 || !(await (await flows()).settle(host, rows, 'resolve'))) return;
      const worst = rows.find(({ severity, incident }) => severity === 'critical' && !incident);
      if (worst) void offerIncident(worst);
    },
    'runyard.reopenAlert': async (args) => {
      const rows = await several(args, { title: 'Open Alerts Again', accept: ({ state }) => state !== 'open', none: 'no alert was acknowledged, snoozed or resolved' });
      if (rows.length > 0) await (await flows()).settle(host, rows, 'reopen');
    },
    'runyard.writeIncident': async (args) => {
      const row = await alert(args, { title: 'Write Incident Note', none: 'there has been no alert' });
      if (row) await (await flows()).writeIncident(host, row);
    },
  };
}

/** What the editor passes beside the row that was clicked; from the palette or a key, what is selected. */
const selectedIn = ([first, selected]: readonly unknown[], selection: readonly unknown[]): readonly unknown[] => (Array.isArray(selected) ? selected : first === undefined ? selection : []);

/** What was critical is worth a note while it is fresh. */
async function offerIncident(row: AlertRow): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`Runyard: resolved: ${titleWords(row)}`, 'Write Incident Note\u2026');
  if (choice !== undefined) await vscode.commands.executeCommand('runyard.writeIncident', { alert: row.id });
}
