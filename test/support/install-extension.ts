import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { cache } from '../../scripts/lib/paths.mjs';
import { remove, timed } from '../../scripts/lib/shell.mjs';
import { makeVsix } from '../../scripts/package.mjs';
import { findBrowser, noBrowser } from '../../scripts/workbench/find-browser.mjs';
import { ensureWorkbench } from '../../scripts/workbench/install.mjs';
import { installVsix } from '../../scripts/workbench/server.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the VSIX under test is installed. */
    extensionsDir: string;
  }
}

/** Once for all end-to-end tests: packs the VSIX that would be shipped and installs it in an editor of its own. */
export default async function setup(project: TestProject): Promise<void> {
  if (!findBrowser()) throw noBrowser();
  await ensureWorkbench();
  const vsix = await timed('packing the extension', () => makeVsix());
  const dataDir = path.join(cache, 'e2e', 'install');
  const extensionsDir = path.join(cache, 'e2e', 'extensions');
  remove(extensionsDir);
  await timed('installing it in the workbench', () => installVsix(vsix, { dataDir, extensionsDir }));
  project.provide('extensionsDir', extensionsDir);
}
