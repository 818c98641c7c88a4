// The command line from a checkout: npm run -s cli -- ARGS. Sets up what is missing, bundles what has changed, runs it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { dist, root } from './lib/paths.mjs';
import { ensureDependencies, nodeForTools } from './lib/setup.mjs';
import { runMain } from './lib/shell.mjs';

/** The newest change below a folder, in milliseconds. @param {string} folder @returns {number} */
function newest(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const file = path.join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(file) : statSync(file).mtimeMs);
  }, 0);
}

runMain(async () => {
  await ensureDependencies();
  const cli = path.join(dist, 'cli.js');
  if (!existsSync(cli) || statSync(cli).mtimeMs < newest(path.join(root, 'src'))) await build();
  // npm runs scripts in the repository's root; the person means the folder that they are in.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const child = spawn(nodeForTools(), [cli, ...process.argv.slice(2)], { stdio: 'inherit', cwd });
  const wait = () => undefined;
  process.on('SIGINT', wait);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
});
