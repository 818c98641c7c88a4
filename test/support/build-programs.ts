/** Once for all tests of a level that start real programs: the engine, the supervisor, the evaluator and the command line as they are now. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { cache, root } from '../../scripts/lib/paths.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the bundled programs; read only. */
    programs: string;
  }
}

const entryPoints = { engine: 'src/engine/main.ts', supervisor: 'src/core/tracking/supervisor-main.ts', evaluator: 'src/engine/evaluator-main.ts', serving: 'src/engine/serving-main.ts', scorer: 'src/engine/scorer-main.ts', cli: 'src/cli/main.ts' };

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = path.join(cache, 'test-programs');
  mkdirSync(folder, { recursive: true });
  const home = mkdtempSync(path.join(folder, 'b-'));
  const dist = path.join(home, 'dist');
  // As in an installed extension, these lie beside it.
  for (const name of ['python', 'package.json']) symlinkSync(path.join(root, name), path.join(home, name));
  await build({
    entryPoints, outdir: dist, absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['better-sqlite3', '@duckdb/node-api', 'onnxruntime-node'], mainFields: ['module', 'main'],
    define: { 'import.meta.url': '__bundleUrl' }, banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' }, logLevel: 'error',
  });
  project.provide('programs', dist);
  return () => rmSync(home, { recursive: true, force: true });
}
