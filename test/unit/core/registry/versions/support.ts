/** A workspace whose registry has versions: a real store, real files, and a ledger. */
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { id, say, spec, store, tempDir } from '../../store/support';
import { silentLog } from '../../../../../src/core/base/log';
import { parseConfig } from '../../../../../src/core/config/load';
import { openLedger } from '../../../../../src/core/registry/ledger/log';
import { createRegistry, type Registry } from '../../../../../src/core/registry/registry';
import type { Ledger, RegisterArgs, RegistryContext } from '../../../../../src/core/registry/types';
import { createVersions, type VersionsService } from '../../../../../src/core/registry/versions/versions';
import type { VersionParts } from '../../../../../src/core/registry/versions/parts';
import { registerParams } from '../../../../../src/protocol/registry';

export const ana = { name: 'Ana', email: 'ana@example.org' };
export const ben = { name: 'Ben', email: 'ben@example.org' };
export { id };

export interface Lab {
  workspace: string; context: RegistryContext; registry: Registry; ledger: Ledger & { /** what writing it throws */ fail?: Error | undefined }; versions: VersionsService; changed: string[][]; warnings: string[];
  put(file: string, text?: string): string;
  register(args: Partial<RegisterArgs> & { model?: string }, by?: typeof ana): ReturnType<VersionsService['register']>;
  /** a finished run with files among its artifacts */
  run(n: number, files: Record<string, string>, rest?: Parameters<typeof spec>[1]): string;
  /** the engine again, over what is on the disk */
  restart(): VersionsService;
  config(yaml: string): void;
}

export const noSignature: VersionParts['evaluating'] = { signature: () => Promise.resolve(null), get: () => Promise.reject(new Error('no evaluation')) };

/** `pulled`: whose chain this workspace has, too. */
export function lab({ evaluating = noSignature, pulled }: { evaluating?: VersionParts['evaluating']; pulled?: Lab } = {}): Lab {
  const workspace = realpathSync(tempDir());
  if (pulled) cpSync(path.join(pulled.workspace, '.runyard', 'ledger'), path.join(workspace, '.runyard', 'ledger'), { recursive: true });
  const at = store(path.join(workspace, '.runyard'));
  let now = 1000;
  const clock = (): number => (now += 1);
  let loaded = { file: 'runyard.yaml', ...parseConfig('', 'runyard.yaml') };
  const [changed, warnings]: [string[][], string[]] = [[], []];
  const context: RegistryContext = {
    workspace, store: at, clock, log: { ...silentLog, warn: (text) => { warnings.push(text); } }, loaded: () => loaded, changed: (models) => { changed.push(models); }, attention: () => undefined,
  };
  const opened = openLedger(context);
  onTestFinished(() => opened.dispose());
  const ledger: Lab['ledger'] = {
    ...opened,
    append(facts) {
      if (ledger.fail) throw ledger.fail;
      return opened.append(facts);
    },
  };
  const open = (): VersionsService => createVersions(context, ledger, evaluating, () => Promise.resolve(ben));
  const put = (file: string, text = 'x'): string => {
    const full = path.resolve(workspace, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  const here: Lab = {
    workspace, context, ledger, changed, warnings, put, registry: createRegistry(at.records, clock), versions: open(),
    register: (args, by = ana) => here.versions.register(registerParams.parse({ model: 'car-loan', ...args }), by, { signal: new AbortController().signal, progress: () => undefined }),
    run(n, files, rest) {
      at.createRun(spec(n, rest), 'finished');
      for (const [name, text] of Object.entries(files)) {
        put(`.runyard/runs/${id(n)}/artifacts/${name}`, text);
        say(at, n, { e: 'artifact', t: 1, path: name, kind: 'file' });
      }
      return id(n);
    },
    restart: () => (here.versions = open()),
    config(yaml) { loaded = { file: 'runyard.yaml', ...parseConfig(yaml, 'runyard.yaml') }; },
  };
  return here;
}

export async function failing(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return undefined;
}
