// Runs the sample's experiment once through the workbench, as a person would, and reads back what was kept: npm start -- --check
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { cache, dist } from '../lib/paths.mjs';
import { nodeForTools } from '../lib/setup.mjs';
import { Explained, run, say } from '../lib/shell.mjs';
import { openBrowser } from './browser.mjs';
import { answerQuickInput, openContainer, openPage, runCommand } from './page.mjs';

/** @typedef {{ id: string, name: string, state: string, metrics?: Record<string, unknown> }} Row */

/**
 * @param {{ url: string, folder: string }} workbench a running one, and the sample that it has open
 * @param {number} [timeout] for the run, in milliseconds
 * @throws {Explained} when no run finishes in time, or one ends in another way
 */
export async function checkSample({ url, folder }, timeout = 180_000) {
  const browser = await openBrowser();
  try {
    const page = await openPage(browser, url);
    say('the workbench is open');
    await openContainer(page);
    await runCommand(page, 'Runyard: Run Experiment…');
    await answerQuickInput(page, { pick: 'car-loan' });
    say('asked for the experiment "car-loan" in the palette');
    const row = await untilEnded(folder, timeout);
    if (row.state !== 'finished') throw new Explained(`the run ${row.name} ended as ${row.state}`, `Its output: npm run -s cli -- logs ${row.id} --workspace ${folder}`);
    await page.locator('.part.sidebar .monaco-list-row', { hasText: row.name }).first().waitFor();
    const picture = path.join(cache, 'check', 'sample.png');
    mkdirSync(path.dirname(picture), { recursive: true });
    await page.screenshot({ path: picture });
    say(`the run ${row.name} finished and is in the tree; a picture of it: ${picture}`);
    for (const [name, value] of Object.entries(row.metrics ?? {})) say(`  ${name} = ${JSON.stringify(value)}`);
  } finally {
    await browser.close();
  }
}

/** Asks the command line, which reads the same store, until the run has ended. @param {string} folder @param {number} timeout */
async function untilEnded(folder, timeout) {
  const end = Date.now() + timeout;
  for (;;) {
    const rows = await listRuns(folder);
    const ended = rows.find(({ state }) => state !== 'queued' && state !== 'running');
    if (ended) return ended;
    if (Date.now() > end) throw new Explained(`no run ended within ${timeout / 1000} s: ${JSON.stringify(rows)}`, 'See the engine\'s log in the .runyard folder of the sample.');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** @param {string} folder @returns {Promise<Row[]>} */
async function listRuns(folder) {
  const answer = JSON.parse(await run(nodeForTools(), [path.join(dist, 'cli.js'), 'runs', '--json', '--workspace', folder]));
  return Array.isArray(answer) ? answer : (answer.runs ?? answer.rows ?? []);
}
