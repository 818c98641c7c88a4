/** The form before a new run: params from runyard.yaml and from the script's own flags. */
import * as vscode from 'vscode';
import type { LaunchParams } from '../../protocol/engine';
import { commandText } from '../base/command';
import { paramName, scanScript } from '../editor/scan';
import type { Host } from '../host';
import { editParams } from './params';
import { changedParams, newForm, type FormState } from './rows';

/** What to launch after the person's edits, or nothing. */
export async function launchForm(host: Host, base: LaunchParams, script?: vscode.Uri): Promise<LaunchParams | undefined> {
  const preview = await host.engine.request('runs.preview', base);
  const uri = script ?? (preview.script && host.folder ? vscode.Uri.joinPath(host.folder.uri, preview.script) : undefined);
  const defaults = uri === undefined ? {} : await flagDefaults(uri);
  const asked = (state: FormState): LaunchParams => ({
    ...base, params: { ...base.params, ...changedParams(state) }, ...(state.seeds > 1 ? { seeds: state.seeds } : {}),
  });
  const state = await editParams({
    title: `Run ${preview.script ?? preview.experiment}`,
    state: newForm({ ...defaults, ...preview.params }),
    preview: async (now) => {
      const next = await host.engine.request('runs.preview', asked(now));
      return `${commandText(next)} (${next.interpreterFrom})`;
    },
  });
  return state && asked(state);
}

async function flagDefaults(uri: vscode.Uri): Promise<Record<string, string>> {
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  return Object.fromEntries(scanScript(text).flags.flatMap((flag) => (flag.default === undefined ? [] : [[paramName(flag.name), flag.default]])));
}
