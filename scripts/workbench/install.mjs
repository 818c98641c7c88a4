// A real VS Code from npm: code-server at the version of our lock file, its editor at the versions it ships a lock for.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { workbenchDir } from '../lib/paths.mjs';
import { remove, runNpm, timed } from '../lib/shell.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const server = path.join(workbenchDir, 'node_modules', 'code-server');

/** The script that starts the workbench. */
export const workbenchEntry = path.join(server, 'out', 'node', 'entry.js');

/**
 * Installs the workbench where it is missing or of another version. No install script runs, so no compiler is needed; what
 * would have been compiled comes as prebuilt binaries in the packages, or isn't used on one's own machine (Kerberos, spdlog).
 */
export async function ensureWorkbench() {
  const lock = readFileSync(path.join(here, 'package-lock.json'), 'utf8');
  const stamp = path.join(workbenchDir, 'installed.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await timed('installing the workbench (code-server)', async () => {
    remove(workbenchDir);
    mkdirSync(workbenchDir, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) cpSync(path.join(here, file), path.join(workbenchDir, file));
    await runNpm(['ci', '--ignore-scripts'], workbenchDir);
    const editor = path.join(server, 'lib', 'vscode');
    // `install`, not `ci`: the lock that the editor ships lacks one optional peer, which ci refuses.
    for (const folder of [editor, path.join(editor, 'extensions')]) {
      await runNpm(['install', '--ignore-scripts', '--omit=dev', '--no-save', '--no-audit', '--no-fund'], folder);
    }
    writeFileSync(stamp, lock);
  });
}
