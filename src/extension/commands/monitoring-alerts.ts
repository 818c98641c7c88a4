/** Alerts: looking at them, what a person says to them, and the incident note. */
import * as vscode from 'vscode';
import type { AlertRow } from '../../protocol/monitoring';
import type { Host } from '../host';
import { meantAlert, type AlertPick } from '../monitoring/pick';
import { aimed } from './monitoring-target';
import type { Handlers, Parts } from './parts';

const isOpen = ({ state }: AlertRow): boolean => state !== 'resolved';

export function monitoringAlertCommands(host: Host, { monitoring }: Parts): Handlers {
  const alert = (args: readonly unknown[], pick: AlertPick): Promise<AlertRow | undefined> => meantAlert(host, aimed(monitoring, args, 'alert'), pick);
  const none = 'no alert is open';
  const flows = (): Promise<typeof import('../monitoring/alerts')> => import('../monitoring/alerts');
  return {
    'runyard.showAlert': async (args) => {
      const row = await alert(args, { title: 'Show Alert', none: 'there has been no alert' });
      if (row) await (await import('../monitoring/documents')).showAlert(row.id, row.text);
    },
    'runyard.showAlerts': async () => (await import('../monitoring/documents')).showAlerts(),
    'runyard.acknowledgeAlert': async (args) => {
      const row = await alert(args, { title: 'Acknowledge Alert', accept: ({ state }) => state === 'open' || state === 'snoozed', none: 'no alert waits to be acknowledged' });
      if (row) await (await flows()).acknowledge(host, row);
    },
    'runyard.snoozeAlert': async (args) => {
      const row = await alert(args, { title: 'Snooze Alert', accept: isOpen, none });
      if (row) await (await flows()).snooze(host, row);
    },
    'runyard.resolveAlert': async (args) => {
      const row = await alert(args, { title: 'Resolve Alert', accept: isOpen, none });
      if (!row || !(await (await flows()).settle(host, row, 'resolve')) || row.incident) return;
      if (row.severity === 'critical') void offerIncident(row);
    },
    'runyard.reopenAlert': async (args) => {
      const row = await alert(args, { title: 'Open Alert Again', accept: (one) => !isOpen(one), none: 'no alert was resolved' });
      if (row) await (await flows()).settle(host, row, 'reopen');
    },
    'runyard.writeIncident': async (args) => {
      const row = await alert(args, { title: 'Write Incident Note', none: 'there has been no alert' });
      if (row) await (await flows()).writeIncident(host, row);
    },
  };
}

/** What was critical is worth a note while it is fresh. */
async function offerIncident(row: AlertRow): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`Runyard: resolved: ${row.text}`, 'Write Incident Note\u2026');
  if (choice !== undefined) await vscode.commands.executeCommand('runyard.writeIncident', { alert: row.id });
}
