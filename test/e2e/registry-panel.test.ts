/** The registry panel in a real browser, with its real bundle and content security policy, over a made-up host. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { openBrowser } from '../../scripts/workbench/browser.mjs';
import { axeSource, openPage, type OpenedPage, type PageOptions } from '../support/panel/browser-page';
import { FakeRefusal, fakeRegistry, type FakeRegistry } from '../support/panel/fake-registry';
import { until } from '../support/until';

let browser: Browser;
let opened: OpenedPage;
let host: FakeRegistry;

const screenshots = path.join(root, 'test', 'e2e', 'screenshots');
const picture = (name: string): string => path.join(screenshots, `registry-${name}.png`);

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  browser = await openBrowser();
});
afterAll(async () => { await browser?.close(); });
afterEach(async () => {
  const { problems } = opened;
  await opened.page.context().close();
  // Refused by the policy, or thrown in the page: neither may happen in any test.
  expect(problems).toEqual([]);
});

async function open(fake: FakeRegistry, more: Partial<PageOptions> & { show?: unknown } = {}): Promise<Page> {
  host = fake;
  const { show, ...page } = more;
  opened = await openPage(browser, {
    panel: 'registry', title: 'Registry', ...page,
    async answer({ kind, id, method, params }) {
      if (kind === 'ready') return { kind: 'init', model: host.model, ...(show === undefined ? {} : { show }) };
      try {
        return { kind: 'reply', id, ok: true, result: await host.answer(method, params as Record<string, unknown>) };
      } catch (error) {
        const { code, message, hint } = error instanceof FakeRefusal ? error : new FakeRefusal('internal', String(error), '');
        return { kind: 'reply', id, ok: false, error: { code, message, hint } };
      }
    },
  });
  return opened.page;
}
const asked = (method: string): Record<string, unknown>[] => host.asked.filter((one) => one.method === method).map(({ params }) => params);
const stage = (page: Page, name: string) => page.locator('.stage', { has: page.getByRole('button', { name, exact: true }) });
const press = (page: Page, label: string): Promise<void> => page.locator('vscode-button', { hasText: label }).locator('visible=true').first().click();
const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();

describe.each(['dark', 'light', 'contrast'] as const)('in the %s theme', (theme) => {
  test.each(['Candidate', 'Timeline', 'Versions', 'Comments'])('%s has nothing that axe finds', async (name) => {
    const page = await open(fakeRegistry(), { theme });
    await tab(page, name);
    if (name === 'Candidate') {
      await press(page, 'Ask the gates');
      await page.locator('.gate details').nth(0).locator('summary').click();
      await page.locator('.evidence-table').waitFor();
      await page.locator('.slices .grid-body .grid-row').first().waitFor();
    }
    if (name === 'Timeline') await page.locator('.events .grid-body .grid-row').nth(2).click();
    if (name === 'Versions') await page.locator('.version-facts .plan').first().waitFor();
    await page.evaluate(axeSource());
    const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
    await page.screenshot({ path: picture(`${theme}-${name.toLowerCase()}`) });
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  });
});

describe('a promotion', () => {
  test('says what will change before it, is stopped by the slice, and is forced only by a step of its own', async () => {
    const page = await open(fakeRegistry());
    await press(page, 'Promote\u2026');
    const pane = page.locator('.move');
    await pane.getByText('production: v3 \u2192 v4').waitFor();
    await page.screenshot({ path: picture('plan') });
    expect(await pane.innerText()).toMatch(/young-north[\s\S]*reload: systemctl[\s\S]*/);
    expect(asked('host.promote')).toEqual([]);
    await press(page, 'Promote v4 to production');
    await pane.getByText('Nothing changed: 2 of 5 gates stop it.').waitFor();
    expect(await stage(page, 'production').innerText()).toContain('v3');
    await press(page, 'Force');
    const force = pane.locator('vscode-button', { hasText: 'Promote although gates stop it' });
    await pane.locator('vscode-checkbox').click();
    expect(await force.getAttribute('disabled')).not.toBeNull();
    await pane.locator('textarea').fill('the old one is down');
    await page.screenshot({ path: picture('force') });
    await force.click();
    await pane.getByText('v4 is live in production').waitFor();
    await page.screenshot({ path: picture('promoted') });
    expect(asked('host.promote').map(({ force: forced, expect: live, reason }) => [forced, live, reason])).toEqual([[false, 3, ''], [true, 3, 'the old one is down']]);
    await until('the mark', async () => (await stage(page, 'production').innerText()).includes('forced'));
  });
});
