// What a person does in the workbench, as functions over a page. Each waits for what it needs and says what it missed.

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */

/**
 * Opens a workbench in a fresh browser profile and waits until it is there with our view container.
 * @param {Browser} browser
 * @param {string} url
 * @param {{ width?: number, height?: number, colorScheme?: 'light' | 'dark', forcedColors?: 'active' | 'none' }} [options]
 * @returns {Promise<Page>}
 */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'dark',
    forcedColors: options.forcedColors ?? 'none',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  await activityBarItem(page).waitFor({ timeout: 60_000 });
  return page;
}

/** Our icon in the activity bar. @param {Page} page */
export function activityBarItem(page) {
  return page.locator('.activitybar .action-item:has([aria-label^="Runyard"])').first();
}

/** Opens our view container, where it isn't open yet. @param {Page} page */
export async function openContainer(page) {
  const item = activityBarItem(page);
  if (!(await item.evaluate((node) => node.classList.contains('checked')))) await item.click();
  await page.locator('.part.sidebar .composite.title', { hasText: /runyard/i }).first().waitFor();
}

/**
 * Runs a command from the palette by its full title, such as `Runyard: Compare Runs`. The palette is asked again while
 * the command isn't listed: extensions that are still starting add theirs late.
 * @param {Page} page
 * @param {string} title
 * @param {number} [timeout] in milliseconds
 */
export async function runCommand(page, title, timeout = 60_000) {
  const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
  const row = page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row', { hasText: title }).first();
  const end = Date.now() + timeout;
  for (;;) {
    await page.keyboard.press('F1');
    try {
      await input.waitFor({ timeout: 3_000 });
      // It closes where something else takes the focus.
      await input.fill(`>${title}`, { timeout: 3_000 });
      await row.waitFor({ timeout: 3_000 });
      await row.click({ timeout: 3_000 });
      return;
    } catch (error) {
      await page.keyboard.press('Escape');
      if (Date.now() > end) throw new Error(`the palette has no command "${title}"`, { cause: error });
    }
  }
}

/**
 * Answers the quick pick or input box that is open: types, then picks the row that is named, or accepts what was typed.
 * `title`: of the one that is meant, or a part of it; without it the answer may go to the one before, where that is still closing.
 * @param {Page} page
 * @param {{ title?: string, type?: string, pick?: string }} answer
 */
export async function answerQuickInput(page, { title, type, pick }) {
  const widget = page.locator('.quick-input-widget:visible');
  if (title !== undefined) await widget.locator('.quick-input-title', { hasText: title }).waitFor();
  const input = widget.locator('input[type="text"]').first();
  if (type !== undefined) await input.fill(type);
  if (pick === undefined) return input.press('Enter');
  return widget.locator('.monaco-list-row:visible', { hasText: pick }).first().click();
}

/**
 * Answers the dialog that asks for a file or a folder. It puts a path of its own in late, and takes no answer while it looks at what was typed:
 * Enter is pressed once what was typed has stood for a while.
 * @param {Page} page @param {string} file absolute @param {number} [timeout] in milliseconds
 */
export async function answerPathDialog(page, file, timeout = 60_000) {
  const widget = page.locator('.quick-input-widget:visible');
  const input = widget.locator('input[type="text"]').first();
  await input.waitFor();
  for (const end = Date.now() + timeout; ;) {
    // A step that finds the dialog closed already is one too many.
    await typedToStay(input, file).then(() => input.press('Enter', { timeout: 1_000 })).catch(() => undefined);
    try {
      await widget.waitFor({ state: 'hidden', timeout: 3_000 });
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`the dialog does not take ${file}`, { cause: error });
    }
  }
}

/** Types it, again where something else was put there, until it has been there five times in a row. @param {import('playwright-core').Locator} input @param {string} text */
async function typedToStay(input, text) {
  for (let stood = 0; stood < 5; stood += 1) {
    if ((await input.inputValue({ timeout: 1_000 })) !== text) {
      await input.fill(text, { timeout: 1_000 });
      stood = 0;
    }
    await input.page().waitForTimeout(200);
  }
}

/** A row of a tree in the side bar by its text. @param {Page} page @param {string | RegExp} text */
export function treeItem(page, text) {
  return page.locator('.part.sidebar .monaco-list-row[role="treeitem"]', { hasText: text }).first();
}

/** @param {Page} page @param {string | RegExp} text @param {{ button?: 'left' | 'right', modifiers?: ('Control' | 'Shift')[] }} [options] */
export async function clickTreeItem(page, text, options = {}) {
  await treeItem(page, text).click({ button: options.button ?? 'left', modifiers: options.modifiers ?? [] });
}

/** Opens a node of a tree in the side bar, where the person or the tree itself hasn't. @param {Page} page @param {string | RegExp} text */
export async function expandTreeItem(page, text) {
  const node = treeItem(page, text);
  await node.waitFor();
  if ((await node.getAttribute('aria-expanded')) === 'false') await node.locator('.monaco-tl-twistie').click();
}

/** Opens a file of the workspace by its name. @param {Page} page @param {string} name */
export async function openFile(page, name) {
  await page.keyboard.press('Control+P');
  const widget = page.locator('.quick-input-widget:visible');
  await widget.locator('input[type="text"]').first().fill(name);
  await widget.locator('.monaco-list-row', { hasText: name }).first().click();
  await page.locator('.tab', { hasText: name.split('/').at(-1) ?? name }).first().waitFor();
}

/** A CodeLens by its text. @param {Page} page @param {string | RegExp} text */
export function codeLens(page, text) {
  return page.locator('.monaco-editor .codelens-decoration a', { hasText: text }).first();
}

/** The notification that holds a text. @param {Page} page @param {string | RegExp} text */
export function notification(page, text) {
  return page.locator('.notification-toast', { hasText: text }).first();
}

/**
 * The document inside the webview of the visible tab of that title: two frames deep, and there only once it has loaded.
 * @param {Page} page
 * @param {string} title the tab's title, or a part of it
 * @param {number} [timeout] in milliseconds
 * @returns {Promise<import('playwright-core').Frame>}
 */
export async function webviewFrame(page, title, timeout = 30_000) {
  await page.locator('.tab.active', { hasText: title }).first().waitFor({ timeout });
  const outer = page.locator('iframe.webview.ready:visible').first();
  await outer.waitFor({ state: 'attached', timeout });
  const outerFrame = await (await outer.elementHandle())?.contentFrame();
  const inner = await outerFrame?.waitForSelector('iframe#active-frame', { state: 'attached', timeout });
  const frame = await inner?.contentFrame();
  if (!frame) throw new Error(`the webview "${title}" has no document`);
  await frame.waitForLoadState('domcontentloaded');
  return frame;
}
