/** What the host does for the compare panel: saving, copying, opening. */
import * as vscode from 'vscode';
import { hostActions, type HostAction, type HostResults } from '../../protocol/compare';
import { pickRuns } from '../base/pick';
import { openDiff } from '../diff';
import type { Host } from '../host';
import { saveFile } from './files';

type Actions = { [A in HostAction]: (params: unknown) => Promise<HostResults[A]> };

/** Params come from a webview: each is parsed before anything is done. */
export function panelActions(host: Host): Actions {
  return {
    async 'host.saveFile'(params) {
      return { saved: await saveFile(host, hostActions['host.saveFile'].parse(params)) };
    },
    async 'host.copy'(params) {
      await vscode.env.clipboard.writeText(hostActions['host.copy'].parse(params).text);
      return {};
    },
    async 'host.openDiff'(params) {
      const { left, right, what } = hostActions['host.openDiff'].parse(params);
      await openDiff(host, left, right, what);
      return {};
    },
    async 'host.openRun'(params) {
      await vscode.commands.executeCommand('runyard.showDetails', hostActions['host.openRun'].parse(params).run);
      return {};
    },
    async 'host.setPin'(params) {
      await host.engine.request('runs.edit', hostActions['host.setPin'].parse(params));
      return {};
    },
    async 'host.addRuns'(params) {
      const { have } = hostActions['host.addRuns'].parse(params);
      return { runs: (await pickRuns(host, { title: 'Add Runs to the Comparison', without: have })).map((row) => row.id) };
    },
    async 'host.rerun'(params) {
      await vscode.commands.executeCommand('runyard.rerunWithParams', hostActions['host.rerun'].parse(params).run);
      return {};
    },
  };
}
