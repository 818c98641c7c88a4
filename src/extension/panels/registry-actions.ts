/** What the host does for the registry panel: moves with the editor's Python, forms, cards, diffs, files. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import { registryHostActions, type RegistryHostAction, type RegistryHostResults } from '../../protocol/registry-panel';
import { register, writeCard } from '../commands/registry';
import { openRegistrySection } from '../registry/config';
import { expectOwn } from '../registry/attention-keys';
import { openVersionDiff } from '../registry/documents';
import { evaluateVersion } from '../registry/evaluate';
import { confirmForced } from '../registry/moves';
import { askGates, askPromote, askRollback } from '../registry/run';
import type { Host } from '../host';
import { saveFile } from './files';
import { findInside } from './preview';

type Actions = { [A in RegistryHostAction]: (params: unknown) => Promise<RegistryHostResults[A]> };

/** Params come from a webview: each is parsed before anything is done. */
export function registryActions(host: Host): Actions {
  return {
    async 'host.saveFile'(params) {
      return { saved: await saveFile(host, registryHostActions['host.saveFile'].parse(params)) };
    },
    async 'host.copy'(params) {
      await vscode.env.clipboard.writeText(registryHostActions['host.copy'].parse(params).text);
      return {};
    },
    async 'host.openFile'(params) {
      await openInside(host, registryHostActions['host.openFile'].parse(params).path);
      return {};
    },
    async 'host.openEvaluation'(params) {
      await vscode.commands.executeCommand('runyard.openEvaluation', registryHostActions['host.openEvaluation'].parse(params).evaluation);
      return {};
    },
    async 'host.openRun'(params) {
      await vscode.commands.executeCommand('runyard.showDetails', registryHostActions['host.openRun'].parse(params).run);
      return {};
    },
    async 'host.openDiff'(params) {
      const { model, left, right } = registryHostActions['host.openDiff'].parse(params);
      await openVersionDiff(model, left, right);
      return {};
    },
    async 'host.openConfig'(params) {
      await openRegistrySection(host, registryHostActions['host.openConfig'].parse(params).environment);
      return {};
    },
    async 'host.openCard'(params) {
      const { model, version } = registryHostActions['host.openCard'].parse(params);
      await writeCard(host, model, version);
      return {};
    },
    async 'host.register'(params) {
      return { version: (await register(host, { model: registryHostActions['host.register'].parse(params).model })) ?? null };
    },
    async 'host.evaluate'(params) {
      return { evaluation: (await evaluateVersion(host, registryHostActions['host.evaluate'].parse(params))) ?? null };
    },
    async 'host.gate'(params) {
      return askGates(host, registryHostActions['host.gate'].parse(params));
    },
    async 'host.promote'(params) {
      const { expect, ...asked } = registryHostActions['host.promote'].parse(params);
      const { model, version, to, force, reason } = asked;
      if (force && !(await confirmForced(host, { model, environment: to, version, rollback: false, reason }))) return null;
      return during({ model, version, environment: to }, () => askPromote(host, { ...asked, expect }));
    },
    async 'host.rollback'(params) {
      const asked = registryHostActions['host.rollback'].parse(params);
      const { model, environment, to, force, reason } = asked;
      if (force && !(await confirmForced(host, { model, environment, version: to, rollback: true, reason }))) return null;
      return during({ model, version: to, environment }, () => askRollback(host, asked));
    },
  };
}

async function during<T>(about: { model: string; version: number; environment: string }, act: () => Promise<T>): Promise<T> {
  const own = expectOwn(about);
  try {
    return await act();
  } finally {
    own.dispose();
  }
}

/** A file in an editor, a folder in the explorer; nothing outside of the workspace. */
async function openInside(host: Host, named: string): Promise<void> {
  const root = host.folder?.uri.fsPath;
  if (root === undefined) return;
  const found = await findInside(named, [root]);
  if (typeof found === 'string') return void (await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(found)));
  const folder = path.resolve(root, named);
  const relative = path.relative(root, folder);
  const within = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  const there = within && (await vscode.workspace.fs.stat(vscode.Uri.file(folder)).then(() => true, () => false));
  if (!there) throw new RunyardError('not_found', `${named} can't be opened: ${found.why}`);
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(folder));
}
