/** A run's traces in the details: a tree of spans with times and signs, pages of them, and a whole trace as a document. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restAt, type Rest } from '../integration/engine/mlflow-rest';
import { writeProject } from '../support/runs';
import { otlpRequest, otlpSpan, startRequest, type SpanOptions } from '../support/traces';
import { until } from '../support/until';
import { clickTreeItem, expandTreeItem, openContainer, openWorkbench, runCommand, screenshot, temporaryWorkspace, treeItem, type Workbench } from '../support/workbench';

let workbench: Workbench;
let rest: Rest;
const folder = temporaryWorkspace();

/** Sends spans and then what is known of their trace, as MLflow's client does. */
async function send(run: string, trace: { trace: number; name: string; state?: string; took?: number; at?: number }, spans: readonly Omit<SpanOptions, 'trace'>[]): Promise<void> {
  const headers = { 'x-mlflow-experiment-id': '0' };
  const { status } = await rest.ask('POST /v1/traces', otlpRequest(spans.map((span) => otlpSpan({ ...span, trace: trace.trace, at: (trace.at ?? 0) + (span.at ?? 0) }))), headers);
  expect(status).toBe(200);
  await rest.get('POST /api/3.0/mlflow/traces', startRequest({ ...trace, run }));
}

const answer: Omit<SpanOptions, 'trace'>[] = [
  { id: 1, name: 'answer question', type: 'AGENT', took: 1840, inputs: { question: 'Which of *these* <b>two</b> is `better`?' }, outputs: { answer: 'The second.' }, attributes: { 'mlflow.chat.tokenUsage': { input_tokens: 120, output_tokens: 18, total_tokens: 138 } } },
  { id: 2, parent: 1, name: 'retrieve', type: 'RETRIEVER', at: 12, took: 85.4, inputs: { query: 'two' }, outputs: [{ page_content: 'first' }, { page_content: 'second' }] },
  { id: 3, parent: 2, name: 'embed', type: 'EMBEDDING', at: 14, took: 9.25 },
  { id: 4, parent: 1, name: 'draft', type: 'CHAT_MODEL', at: 110, took: 1400, inputs: { messages: [{ role: 'user', content: 'two' }] }, outputs: 'The second.', events: [{ name: 'first token', attributes: { after: 0.2 } }] },
  { id: 5, parent: 4, name: 'look up', type: 'TOOL', at: 300, took: 0.42, error: 'KeyError: "colour" is not a column' },
  { id: 6, parent: 1, name: 'check', type: 'GUARDRAIL', at: 1600, took: 210 },
];

beforeAll(async () => {
  writeProject(folder);
  workbench = await openWorkbench({ folder });
  await openContainer(workbench.page);
  // The engine starts with the first question; its address is in the store then.
  await runCommand(workbench.page, 'Runyard: Refresh').catch(() => undefined);
  const address = path.join(folder, '.runyard', 'http.json');
  await until('the address of the engine', () => { try { return readFileSync(address, 'utf8'); } catch { return ''; } }, 60_000);
  const { port, token } = JSON.parse(readFileSync(address, 'utf8')) as { port: number; token: string };
  rest = restAt(`http://127.0.0.1:${port}`, token);
});

afterAll(async () => {
  await workbench?.close();
});

async function newRun(name: string): Promise<string> {
  const { run } = await rest.get<{ run: { info: { run_id: string } } }>('POST runs/create', { experiment_id: '0', run_name: name, start_time: Date.now() });
  return run.info.run_id;
}

/** A click while the tree draws itself anew selects a row and tells nobody: the row is left and clicked again then. */
async function select(run: string | RegExp): Promise<void> {
  const { page } = workbench;
  await until(`the traces of ${String(run)}`, async () => {
    await clickTreeItem(page, 'demo');
    await clickTreeItem(page, run);
    return treeItem(page, 'Traces').waitFor({ timeout: 4000 }).then(() => true, () => false);
  }, 40_000);
}

/** A tree draws the rows that are in sight: room for the others. */
async function closeOverview(): Promise<void> {
  const overview = treeItem(workbench.page, 'Overview');
  await overview.waitFor();
  if ((await overview.getAttribute('aria-expanded')) === 'true') await overview.locator('.monaco-tl-twistie').click();
  await until('less to be seen', async () => (await overview.getAttribute('aria-expanded')) === 'false');
}

/** Waits for the tooltip that says so, and until it stands still. */
async function tooltip(text: string): Promise<void> {
  const hover = workbench.page.locator('.monaco-hover, .workbench-hover', { hasText: text }).first();
  await hover.waitFor();
  await hover.evaluate((node) => Promise.all(node.getAnimations({ subtree: true }).map((one: { finished: Promise<unknown> }) => one.finished)));
}

test('a run shows its traces, their spans nested with times, and what failed with a sign', async () => {
  const { page } = workbench;
  const run = await newRun('agent');
  await send(run, { trace: 1, name: 'answer question', took: 1840 }, answer);
  await send(run, { trace: 2, name: 'answer quickly', state: 'ERROR', took: 3.2, at: 5000 }, [{ id: 1, name: 'answer quickly', took: 3.2, error: 'ValueError: no such luck' }]);
  await select('agent');
  await closeOverview();
  await expandTreeItem(page, 'Traces');
  await treeItem(page, /answer quickly/).waitFor();
  expect(await treeItem(page, /answer quickly/).innerText()).toContain('✗ failed');
  await expandTreeItem(page, /^answer question/);
  for (const name of [/^answer question.*agent/s, /^draft/, /^retrieve/]) await expandTreeItem(page, name);
  await treeItem(page, 'look up').waitFor();
  expect(await treeItem(page, 'look up').innerText()).toMatch(/✗ KeyError.*420 µs/s);
  expect(await treeItem(page, 'embed').getAttribute('aria-level')).toBe('5');
  await treeItem(page, /^draft/).hover();
  await tooltip('first token');
  await screenshot(page, 'traces-dark');
});

test('a trace opens as a document at the span that was asked for, and nobody can change it', async () => {
  const { page } = workbench;
  await treeItem(page, 'look up').hover();
  await treeItem(page, 'look up').locator('[aria-label^="Show Trace"]').first().click();
  await page.locator('.tab.active', { hasText: 'answer question.json' }).waitFor();
  const editor = page.locator('.editor-instance .view-lines').first();
  await until('the text of the span', async () => (await editor.innerText()).replace(/\u00a0/g, ' ').includes('"name": "look up"'));
  await page.keyboard.type('x');
  await page.locator('.monaco-editor-overlaymessage', { hasText: /read-only/i }).waitFor();
  await screenshot(page, 'traces-document');
});

test('hundreds of traces come a page at a time, and a trace of a thousand spans opens', async () => {
  const { page } = workbench;
  const run = await newRun('many');
  await send(run, { trace: 1000, name: 'wide', took: 500, at: 900_000 }, [{ id: 1, name: 'root', took: 500 }, ...Array.from({ length: 1000 }, (_, n) => ({ id: n + 2, parent: 1, name: `step ${n}`, at: n / 3, took: 0.3 }))]);
  for (let n = 0; n < 150; n += 1) await rest.get('POST /api/3.0/mlflow/traces', startRequest({ trace: 2000 + n, name: `call ${n}`, run, at: n * 1000 }));
  await select(/^many/);
  // The tree may have moved under the click as the run came to its top: then it is clicked again.
  await until('the number of traces', async () => {
    const right = (await treeItem(page, 'Traces').innerText()).includes('151');
    if (!right) await select(/^many/);
    return right;
  }, 30_000, 1000);
  await expandTreeItem(page, 'Traces');
  await treeItem(page, /^call 149/).waitFor();
  await expandTreeItem(page, /^wide/);
  await expandTreeItem(page, /^root/);
  await treeItem(page, /^step 0/).waitFor();
  await treeItem(page, /^step 0/).click();
  await page.keyboard.press('End');
  const more = treeItem(page, /Load more.*100 of 151/s);
  await until('the line that brings more', async () => {
    await page.keyboard.press('End');
    return more.isVisible();
  }, 20_000, 200);
  await screenshot(page, 'traces-many');
  await more.click();
  await until('the oldest of them', async () => {
    await page.keyboard.press('End');
    return treeItem(page, /^call 0/).isVisible();
  }, 20_000, 200);
});

test('in a light theme they are as readable', async () => {
  await workbench.close();
  workbench = await openWorkbench({ folder, theme: 'light' });
  const { page } = workbench;
  await openContainer(page);
  await select('agent');
  await closeOverview();
  await expandTreeItem(page, 'Traces');
  await expandTreeItem(page, /^answer question/);
  for (const name of [/^answer question.*agent/s, /^draft/]) await expandTreeItem(page, name);
  await treeItem(page, 'look up').hover();
  await tooltip('KeyError');
  await screenshot(page, 'traces-light');
});
