/** Over each monitor of runyard.yaml: Run Now, how its last window came out, its alerts; and what is known of it where one points at its name. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { AlertRow, MonitorRow } from '../../protocol/monitoring';
import type { Host } from '../host';
import { scanMonitors, type MonitorPlace } from '../monitoring/lines';
import { switchedOn } from './facts';
import { monitorHover, monitorLens } from './monitor-marks';

const file: vscode.DocumentFilter = { scheme: 'file', pattern: '**/runyard.{yaml,yml}' };

interface Found { place: MonitorPlace; row: MonitorRow | undefined; open: readonly AlertRow[] }

export function registerMonitorLenses(host: Host): vscode.Disposable {
  const found = async (document: vscode.TextDocument): Promise<Found[]> => {
    const own = host.folder !== undefined && vscode.workspace.asRelativePath(document.uri, false) === document.uri.path.split('/').at(-1);
    const places = own ? scanMonitors(document.getText()) : [];
    if (places.length === 0 || !(await host.hasStore())) return [];
    try {
      const { monitors, open } = await host.monitoring.overview();
      return places.map((place) => ({ place, row: monitors.find(({ name }) => name === place.name), open: open.filter(({ monitor }) => monitor === place.name) }));
    } catch (error) {
      host.log.debug(`nothing is known of monitors: ${describeError(error)}`);
      return [];
    }
  };
  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: host.monitoring.onChange,
    async provideCodeLenses(document) {
      if (!switchedOn('codeLens')) return [];
      return (await found(document)).flatMap((one) => lensesOf(one));
    },
  };
  const hovers: vscode.HoverProvider = {
    async provideHover(document, at) {
      if (!switchedOn('hovers')) return undefined;
      const one = (await found(document)).find(({ place }) => place.line === at.line && at.character >= place.start && at.character <= place.stop);
      if (!one?.row) return undefined;
      return new vscode.Hover(new vscode.MarkdownString(monitorHover(one.row, one.open, Date.now()), true), new vscode.Range(at.line, one.place.start, at.line, one.place.stop));
    },
  };
  return vscode.Disposable.from(vscode.languages.registerCodeLensProvider(file, lenses), vscode.languages.registerHoverProvider(file, hovers));
}

function lensesOf({ place, row, open }: Found): vscode.CodeLens[] {
  const range = new vscode.Range(place.line, 0, place.line, 0);
  const about = { monitor: place.name };
  const lens = (title: string, command: string, tooltip: string, argument: object = about): vscode.CodeLens => new vscode.CodeLens(range, { title, command, tooltip, arguments: [argument] });
  const run = lens('$(play) Run Now', 'runyard.runMonitor', 'Look at the newest whole window');
  // Not saved yet, or not right: the engine knows of none.
  if (!row) return [run];
  const { last, alerts } = monitorLens(row, open, Date.now());
  const [only] = open;
  return [
    ...(row.running ? [] : [run]), lens(last, 'runyard.showDrift', 'Open the drift panel'),
    ...(alerts === undefined ? [] : [lens(alerts, 'runyard.showAlert', only?.text ?? '', open.length === 1 && only ? { alert: only.id } : about)]),
  ];
}
