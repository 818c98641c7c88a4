/** The drift panel in a real browser, with its real bundle and content security policy, over a made-up host. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { faults } from '../support/axe';
import { fakeDrift } from '../support/panel/fake-drift';
import { panelStage } from '../support/panel/stage';
import { until } from '../support/until';

const { open, asked, say, state, reload, press, tab, shoot } = panelStage({ name: 'drift', title: 'Drift' });
const comparison = { comparison: { reference: { files: ['data/reference.parquet'], types: {} }, current: { files: ['data/current.parquet'], types: {} }, multivariate: true } };
const names = (page: Page): Promise<string[]> => page.locator('.heat-map .grid-body [role=rowheader] .text').allInnerTexts();
const columns = (): unknown[] => asked('monitors.column').map(({ column, result }) => `${String(column)} ${String(result).slice(-2)}`);

test.each(['dark', 'light', 'contrast'] as const)('every tab is whole in the %s theme, and axe finds nothing', async (theme) => {
  const page = await open(fakeDrift(), { theme });
  for (const [name, ready] of [['Column', '.figures-pane tbody tr'], ['All columns', '.together-facts .figures-head'], ['Performance', '.performance-view tbody tr'], ['Slices', '.slice-table tbody tr'], ['New rows', '.rows-view .grid-body .grid-row'], ['Checks', '.scroll-view tbody tr'], ['Alerts', '.alert-detail .events li']] as const) {
    await tab(name);
    await page.locator(ready).locator('visible=true').first().waitFor();
    if (name === 'Column') await until('the pictures', async () => (await page.locator('.column-view canvas').first().getAttribute('aria-label'))?.includes('median') === true);
    const found = await faults(page);
    if (theme === 'dark' || name === 'Column') await shoot(`${theme}-${name.toLowerCase().replace(' ', '-')}`);
    expect(found, name).toEqual([]);
  }
});

describe('the heat map', () => {
  test('has the worst column first, and opens the cell that arrows and Enter choose', async () => {
    const page = await open(fakeDrift());
    // What the model says concerns every column; then by harm.
    await until('worst first', async () => (await names(page)).slice(0, 3).join() === 'score,income,branch');
    await until('the newest window', () => columns().includes('score 11'));
    const grid = page.locator('.heat-map .grid');
    await grid.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await until('the cell', () => columns().includes('branch 09'));
    expect(await page.locator('.heat.chosen').getAttribute('title')).toMatch(/^branch, Wed 11 Nov 2026 \(UTC\): drifted; largest effect/);
    await page.locator('.distribution h2', { hasText: 'branch' }).first().waitFor();
    await shoot('categories');
    // Fewer rows than can tell: calm, with its own look.
    expect(await page.locator('.heat.unsure').count()).toBeGreaterThan(4);
    await until('the state', () => state()['column'] === 'branch');
    await reload();
    await page.locator('.distribution h2', { hasText: 'branch' }).first().waitFor();
  });

  test('of thousands of columns scrolls, filters and sorts without a hitch', async () => {
    const page = await open(fakeDrift({ more: 2990, windows: 2, rows: 24 }));
    await until('all', async () => (await page.locator('.heat-map .controls').innerText()).includes('2,998 columns'));
    expect(await page.locator('.heat-map .grid').getAttribute('aria-rowcount')).toBe('2999');
    expect(await page.locator('.heat-map .grid-body .grid-row').count()).toBeLessThan(60);
    await page.locator('.heat-map .filter input').fill('feature_2876');
    await until('the one', async () => (await names(page)).join() === 'feature_2876');
    await shoot('many');
  });

  test('shows where versions went live', async () => {
    const page = await open(fakeDrift());
    await page.locator('.heat-map .grid-header').getByText('\u25b6 v3').first().waitFor();
    await page.locator('.mark-label', { hasText: '\u25c0 v2' }).first().waitFor();
  });
});

describe('the column', () => {
  test('is drawn cumulatively, by other measures and by quantiles; the choice survives a reload', async () => {
    const page = await open(fakeDrift(), { state: { source: { monitor: 'car-loan-production' }, column: 'income', picture: 'ecdf', measure: 'quantiles' } });
    await page.locator('h2', { hasText: 'income: quantiles over time' }).waitFor();
    await shoot('quantiles');
    await page.locator('.picture-tools vscode-dropdown[title="What is drawn over time"]').click();
    await page.locator('vscode-option', { hasText: 'Kolmogorov-Smirnov' }).locator('visible=true').click();
    await page.locator('h2', { hasText: 'income: Kolmogorov-Smirnov over time' }).waitFor();
    await until('the state', () => state()['measure'] === 'ks');
  });

  test('that is none of the data\u2019s, as what a model said, is drawn from the figures that are kept', async () => {
    const fake = fakeDrift();
    fake.failNext('monitors.column', 'not_found', 'the log has no column score');
    const page = await open(fake);
    await until('the picture', async () => (await page.locator('.column-view canvas').first().getAttribute('aria-label'))?.includes('score') === true);
    expect(await page.locator('.column-view .notice.error').count()).toBe(0);
    await shoot('kept');
  });

  test('within a slice is asked for with its predicate', async () => {
    const page = await open(fakeDrift(), { init: { show: { part: 'slices' } } });
    await page.locator('.drifted-in .link', { hasText: 'income' }).first().click();
    await until('the question', () => asked('monitors.column').some(({ where }) => where === 'income > 60000'));
  });
});

describe('alerts', () => {
  test('are snoozed and resolved with a reason, and noted', async () => {
    const page = await open(fakeDrift(), { init: { show: { alert: 'alert-income' } } });
    await press('Snooze');
    const send = page.locator('.write-form vscode-button', { hasText: 'Snooze' });
    expect(await send.getAttribute('disabled')).not.toBeNull();
    await page.locator('.write-form textarea').fill('the office is closed today');
    await until('the draft', () => JSON.stringify(state()['drafts']).includes('closed'));
    await shoot('snooze');
    await send.click();
    await until('the answer', () => asked('alerts.act').length === 1);
    expect(asked('alerts.act')[0]).toMatchObject({ alert: 'alert-income', action: 'snooze', reason: 'the office is closed today' });
    expect(Number(asked('alerts.act')[0]?.['until'])).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    await page.locator('.events').getByText('snoozed by Ana Lima').waitFor();
    await press('Incident note');
    await page.getByLabel('Cause').fill('a new form');
    await page.keyboard.press('Control+Enter');
    await page.locator('.alert-detail').getByText('a new form').waitFor();
    await press('Roll back');
    await until('the step', () => asked('host.rollBack').length === 1);
    expect(asked('host.rollBack')[0]).toEqual({ model: 'car-loan', environment: 'production' });
  });
});

test('all that is shown leaves as PNG, CSV and Markdown', async () => {
  const page = await open(fakeDrift());
  await until('the column', () => asked('monitors.column').length > 0);
  for (const label of ['PNG', 'CSV', 'Markdown']) await page.locator('.head vscode-button', { hasText: label }).click();
  await until('three files', () => asked('host.saveFile').length === 3);
  const [png, csv, markdown] = ['.png', '.csv', '.md'].map((end) => asked('host.saveFile').find(({ name }) => String(name).endsWith(end)));
  expect(String(png?.['base64']).length).toBeGreaterThan(5000);
  expect(String(csv?.['text']).split('\r\n')[0]).toBe('column,role,type,from,to,rows,outcome,effect_over_limit,psi,harm,result');
  expect(String(csv?.['text']).split('\r\n')).toHaveLength(8 * 12 + 2);
  expect(String(markdown?.['text'])).toMatch(/# Drift: car-loan-production[\s\S]*## Alerts[\s\S]*\| income \|/);
});

describe('two data sets', () => {
  test('are compared with progress, stopped, and shown as one window', async () => {
    const fake = fakeDrift();
    const go = fake.hold('host.compare');
    const page = await open(fake, { init: { source: comparison } });
    await until('the question', () => asked('host.compare').length === 1);
    await say({ kind: 'progress', progress: { job: asked('host.compare')[0]?.['job'], phase: 'comparing columns', done: 3, total: 7 } });
    await page.getByText('comparing columns: 3 of 7').waitFor();
    go();
    await until('the columns', async () => (await names(page))[1] === 'income');
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Column', 'All columns', 'Slices', 'New rows', 'Checks']);
    await until('the picture', () => asked('drift.column').length > 0);
    await page.locator('.figures-pane tbody tr').first().waitFor();
    await shoot('comparison');
  });
});

describe('what isn\u2019t there', () => {
  test('no monitor: says what one is, and writes one', async () => {
    const page = await open(fakeDrift({ none: true }));
    await page.getByText('No monitor yet').waitFor();
    await shoot('empty');
    await press('Write an example monitor');
    await until('the example', () => asked('host.writeExample').length === 1);
  });

  test('no window: runs it', async () => {
    const page = await open(fakeDrift({ fresh: true }));
    await page.getByText('No window was looked at yet').waitFor();
    await page.locator('.cover vscode-button', { hasText: 'Run now' }).click();
    await until('the run', () => asked('host.runMonitor').length === 1);
    expect(asked('host.runMonitor')[0]).toMatchObject({ monitor: 'car-loan-production' });
  });

  test('an answer: says so where it happened, and asks again', async () => {
    const fake = fakeDrift();
    for (const method of ['monitors.list', 'monitors.column', 'monitors.history', 'monitors.result']) fake.failNext(method);
    const page = await open(fake, { waitFor: '.notice.error' });
    await press('Try again');
    for (let left = 3; left > 0; left -= 1) {
      await page.locator('.column-view .notice.error').first().waitFor();
      await page.locator('.column-view .notice.error vscode-button').first().click();
      await until('one error less', async () => (await page.locator('.column-view .notice.error').count()) < left);
    }
    await page.locator('.figures-pane tbody tr').first().waitFor();
  });
});

test('long names stay within the page at 200 % zoom', async () => {
  const page = await open(fakeDrift({ name: 'a-very-long-monitor-name-that-somebody-generated-from-all-of-the-settings-of-a-sweep' }), { width: 640, height: 430, zoom: 2, reducedMotion: true });
  await until('the columns', async () => (await names(page)).length > 2);
  await page.locator('.figures-pane tbody tr').first().waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await shoot('zoom', { fullPage: true });
});
