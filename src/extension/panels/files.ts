/** Saving and copying for a panel, whichever it is. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Host } from '../host';

export interface FileToSave { name: string; text?: string | undefined; base64?: string | undefined }

/** Asks where to and writes it; false where the person closed the dialog. @throws RunyardError bad_input where it isn't one of text and bytes */
export async function saveFile(host: Host, { name, text, base64 }: FileToSave): Promise<boolean> {
  if ((text === undefined) === (base64 === undefined)) throw new RunyardError('bad_input', 'a file is saved from a text or from bytes, one of the two');
  const plain = name.replace(/[/\\:*?"<>|]/g, '-');
  const uri = await vscode.window.showSaveDialog({ defaultUri: host.folder && vscode.Uri.joinPath(host.folder.uri, plain), title: `Save ${plain}` });
  if (!uri) return false;
  await vscode.workspace.fs.writeFile(uri, text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8'));
  return true;
}
