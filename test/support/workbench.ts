import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { openBrowser } from '../../scripts/workbench/browser.mjs';
import { openPage } from '../../scripts/workbench/page.mjs';
import { startWorkbench } from '../../scripts/workbench/server.mjs';
import type { RunningWorkbench } from '../../scripts/workbench/server.mjs';
import { faults } from './axe';

export * from '../../scripts/workbench/page.mjs';
export { keepPicture as screenshot } from './pictures';

/** The colour themes that a panel is looked at in. */
export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
} as const;
export type Theme = keyof typeof themes;

export interface OpenOptions {
  /** The workspace; it is opened where it lies, so give a copy. */
  folder: string;
  theme?: Theme;
  /** false opens the folder with workspace trust on, and not yet given. */
  trusted?: boolean;
  settings?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
  width?: number;
  height?: number;
}

/** A real VS Code with the packed extension, and a browser page on it. */
export interface Workbench extends AsyncDisposable {
  readonly page: Page;
  readonly browser: Browser;
  readonly server: RunningWorkbench;
  readonly folder: string;
  /** A second window on the same folder. */
  openWindow(): Promise<Page>;
  /** Ends the browser, the editor and all it started, and forgets its user data. */
  close(): Promise<void>;
}

/** Opens the workbench on a folder and waits until our view container is there. */
export async function openWorkbench(options: OpenOptions): Promise<Workbench> {
  const theme = options.theme ?? 'dark';
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'ry-'));
  const server = await startWorkbench({
    folder: options.folder,
    dataDir,
    extensionsDir: inject('extensionsDir'),
    // A panel that has only just loaded takes the focus: what was opened in the meantime stays, as a test types sooner than a person would.
    settings: { 'workbench.colorTheme': themes[theme], 'window.autoDetectHighContrast': false, 'workbench.quickOpen.closeOnFocusLost': false, ...options.settings },
    ...(options.trusted === undefined ? {} : { trusted: options.trusted }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const view = { width: options.width ?? 1440, height: options.height ?? 900, colorScheme: theme === 'light' ? 'light' : 'dark' } as const;
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    const opened = await openBrowser();
    browser = opened;
    const openWindow = (): Promise<Page> => openPage(opened, server.url, view);
    const page = await openWindow();
    return { page, browser: opened, server, folder: options.folder, openWindow, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An own copy of one of examples/, or an empty folder, in a place of its own. */
export function temporaryWorkspace(example?: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ry-ws-'));
  if (example) cpSync(path.join(root, 'examples', example), folder, { recursive: true });
  return folder;
}

/** Fails with what axe-core finds on a webview's document. */
export const expectAccessible = async (frame: Frame, options: { disabled?: string[] } = {}): Promise<void> => expect((await faults(frame, options)).join('\n')).toBe('');
