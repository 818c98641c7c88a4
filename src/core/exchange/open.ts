/** From what a person writes to the source that it names. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunyardError } from '../base/errors';
import { databaseSource } from './database/source';
import { folderSource } from './folder/source';
import type { Fault, Source } from './model';
import { withOriginalIds } from './original';
import { createMlflowClient } from './rest/client';
import { serverSource } from './rest/source';

export type Place = { kind: 'server'; uri: string } | { kind: 'database'; file: string } | { kind: 'folder'; folder: string };

/** http(s)://, file:, sqlite:///, or a path. `.db`, `.sqlite` and `.sqlite3` are databases, where nothing is there yet. Throws unsupported, bad_input. */
export function placeNamed(text: string): Place {
  if (/^https?:\/\//i.test(text)) return { kind: 'server', uri: text };
  // sqlite:////a/b is absolute, sqlite:///b is relative; on Windows sqlite:///C:\b.
  const database = /^sqlite:\/\/\/(.+)$/.exec(text)?.[1];
  if (database !== undefined) return { kind: 'database', file: path.resolve(database) };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && scheme !== 'file') {
    throw new RunyardError('unsupported', `Runyard can't read ${scheme}: itself`, 'start `mlflow server --backend-store-uri` with it, and give the address of that server');
  }
  const file = text.startsWith('file:') ? fileURLToPath(text) : path.resolve(text);
  const facts = existsSync(file) ? statSync(file) : null;
  if (facts?.isFile() || (!facts && /\.(db|sqlite3?)$/i.test(file))) return { kind: 'database', file };
  const inside = path.join(file, 'mlflow.db');
  return facts && existsSync(inside) && !existsSync(path.join(file, 'mlruns', '0', 'meta.yaml')) && !existsSync(path.join(file, '0', 'meta.yaml')) ? { kind: 'database', file: inside } : { kind: 'folder', folder: file };
}

export interface OpenOptions { artifacts?: readonly string[]; fault: Fault; env?: NodeJS.ProcessEnv; signal?: AbortSignal }

/** Things that were exported by us come with the ids that they had. Throws what the sources throw. */
export function openSource(text: string, { artifacts = [], fault, env, signal }: OpenOptions): Source {
  const place = placeNamed(text);
  const folders = artifacts.map((one) => path.resolve(one));
  if (place.kind === 'server') return withOriginalIds(serverSource(createMlflowClient({ uri: place.uri, env, signal }), fault));
  if (place.kind === 'database') return withOriginalIds(databaseSource({ file: place.file, artifacts: folders, fault }));
  return withOriginalIds(folderSource({ root: place.folder, artifacts: folders, fault }));
}
