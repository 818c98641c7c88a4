/** The compare panel in a real browser, with its real bundle and content security policy, over a made-up host. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { faults } from '../support/axe';
import type { PageOptions } from '../support/panel/browser-page';
import { fakeEngine, type FakeEngine } from '../support/panel/fake-engine';
import { panelStage } from '../support/panel/stage';
import { until } from '../support/until';

const stage = panelStage({ name: 'compare', title: 'Compare runs' });
const { asked, say, state, reload, tab, shoot } = stage;
async function open(runs: number | FakeEngine, options: PageOptions = {}): Promise<Page> {
  const page = await stage.open(typeof runs === 'number' ? fakeEngine(runs) : runs, options);
  await until('the first row', () => page.locator('.grid-body .grid-row .text').first().isVisible());
  return page;
}
const names = (page: Page): Promise<string[]> => page.locator('.grid-body .grid-row [role=rowheader] .text').allInnerTexts();

describe('the table', () => {
  test('shows 10,000 runs with a few dozen rows in the document, and asks for pages as they are looked at', async () => {
    const page = await open(10_000);
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+End');
    await until('the last run', async () => (await names(page)).some((name) => name.endsWith('-10000')));
    expect(await page.locator('.grid-body .grid-row').count()).toBeLessThan(80);
    expect(asked('runs.search').some((params) => params['offset'] === 9900)).toBe(true);
  });

  test('is worked by keyboard alone: sort from the header, select, pin a baseline, open', async () => {
    const page = await open(40);
    const grid = page.getByRole('grid');
    const before = (await names(page)).join();
    await grid.focus();
    for (const key of ['ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await until('the sort in the header', async () => (await page.getByRole('columnheader', { name: 'val_auc' }).getAttribute('aria-sort')) === 'descending');
    expect(asked('runs.search').at(-1)?.['orderBy']).toEqual(['metrics.val_auc DESC']);
    // A row that isn't there yet can't be selected.
    await until('the rows in that order', async () => ![before, ''].includes((await names(page)).join()));
    for (const key of ['ArrowDown', ' ', 'ArrowDown', ' ', 'p', 'Enter']) await page.keyboard.press(key);
    await until('two selected', async () => (await page.locator('.grid-row[aria-selected=true]').count()) === 2);
    const baseline = page.locator('.grid-row.marked');
    await until('a delta with its sign', async () => /[\u2191\u2193]\u2009[+\u2212]0/.test((await page.locator('.delta').allInnerTexts()).join(' ')));
    expect(await baseline.locator('.delta').first().innerText()).toBe('baseline');
    expect(asked('host.setPin').at(-1)).toMatchObject({ pinned: true });
    expect(asked('host.openRun')).toHaveLength(1);
    expect(await grid.getAttribute('aria-activedescendant')).toMatch(/-1-3$/);
  });

  test('says at the filter what is wrong with it, keeps the rows, and takes the mended one', async () => {
    const page = await open(40);
    const field = page.locator('.filter input');
    await field.fill('nonsense here');
    await page.locator('.filter-error', { hasText: 'isn\'t a comparison' }).waitFor();
    expect(await names(page)).not.toHaveLength(0);
    await field.fill("metrics.val_auc > 0.86 and params.optimizer = 'adam'");
    await until('fewer runs', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) < 20);
    expect(await page.locator('.filter-error').innerText()).toBe('');
  });

  test('hides params that all runs share, and shows any column that is picked', async () => {
    const page = await open(40);
    expect(await page.getByRole('columnheader', { name: 'epochs' }).count()).toBe(0);
    await page.locator('vscode-button', { hasText: 'Columns' }).click();
    const ticked = page.locator('.picker:visible .picker-row input:checked');
    while ((await ticked.count()) > 0) await ticked.first().uncheck();
    await page.locator('.picker:visible .picker-row', { hasText: 'epochs' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'epochs' }).waitFor();
  });

  test('comes back after a reload as it was: sort, selection, baseline, tab, scroll', async () => {
    const page = await open(500);
    await page.getByRole('columnheader', { name: 'val_auc' }).click();
    await page.getByRole('grid').focus();
    for (const key of ['ArrowDown', ' ', 'p']) await page.keyboard.press(key);
    await tab('Groups');
    await page.evaluate("document.querySelector('.grid').scrollTop = 2400");
    await until('the state that is kept', () => (state()['scroll'] as { top: number } | undefined)?.top === 2400 && state()['tab'] === 'groups');
    const before = await names(page);
    await reload();
    await until('the same rows', async () => JSON.stringify(await names(page)) === JSON.stringify(before));
    expect(await page.getByRole('tab', { name: 'Groups' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('.chip').allInnerTexts()).toEqual([expect.stringContaining('baseline'), expect.stringContaining('1 selected')]);
  });

  test('shows an error where it happened, with a button that tries again', async () => {
    const engine = fakeEngine(5);
    engine.failNext('runs.keys', 'engine-gone', 'the engine is gone', 'It is started again with the next request.');
    const page = await stage.open(engine, { waitFor: '.notice.error' });
    await page.locator('.notice.error vscode-button').click();
    await until('rows', async () => (await names(page)).length === 5);
  });
});

describe('the curves', () => {
  test('are asked for again, finer, for the stretch that is dragged over; Escape gives all back', async () => {
    const page = await open(20);
    const chart = page.locator('.curve .chart').first();
    await until('the first curve', () => asked('runs.curves').length > 0);
    const box = await chart.boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const zoomed = await until('a query for the stretch', () => asked('runs.curves').find((params) => params['from'] !== undefined));
    expect(Number(zoomed['to']) - Number(zoomed['from'])).toBeLessThan(600);
    await chart.focus();
    await page.keyboard.press('Escape');
    await until('a query for all', () => asked('runs.curves').at(-1)?.['from'] === undefined);
  });

  test('follow live runs, highlight with the table both ways, and name NaN and infinite values', async () => {
    const engine = fakeEngine(23);
    const page = await open(engine);
    const [live = ''] = engine.rows.map(({ id }) => id);
    const first = page.locator('.grid-body .grid-row').first();
    const before = await until('curves', () => asked('runs.curves').length);
    await say({ kind: 'changed', event: { runs: [live], metrics: [live], experiments: [], config: false, structure: false } });
    await until('the live run\u2019s curves again', () => asked('runs.curves').length > before);
    await first.hover();
    await until('the legend\u2019s sign', async () => (await page.locator('.legend-item.highlighted').count()) === 1);
    await page.locator('.legend-item').nth(2).hover();
    await until('the row\u2019s sign', async () => (await page.locator('.grid-row.highlighted').getAttribute('data-row')) === '2');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press(' ');
    await page.locator('.curve .note', { hasText: 'NaN or infinite' }).waitFor();
  });
});

describe('the pictures of all runs', () => {
  test('brushing an axis by keyboard keeps in the table the runs that pass', async () => {
    const page = await open(60);
    await tab('Parallel');
    const slider = page.getByRole('slider', { name: 'Least of val_auc' });
    await slider.focus();
    for (let at = 0; at < 6; at += 1) await page.keyboard.press('PageUp');
    await until('fewer rows', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) < 40);
    await page.keyboard.press('Escape');
    await until('all rows', async () => (await page.getByRole('grid').getAttribute('aria-rowcount')) === '61');
  });

  test('groups of seeds get a verdict with its interval and method, and a calm one where nothing can be told', async () => {
    const page = await open(60);
    await tab('Groups');
    await page.locator('.verdict', { hasText: 'Method: Welch' }).waitFor();
    expect(await page.locator('.verdict .word').innerText()).toMatch(/^(better|worse)$/);
    await page.locator('.other-metrics').getByRole('button', { name: 'grad_norm' }).click();
    await until('the calm verdict', async () => (await page.locator('.verdict.calm .word').innerText()) === 'cannot tell');
    await page.locator('.verdict vscode-button', { hasText: 'Run more seeds' }).click();
    await until('the form', () => asked('host.rerun').length === 1);
  });

  test('two runs\u2019 differences are listed, and opened in the diff editor', async () => {
    const page = await open(10);
    await tab('Differences');
    await page.locator('.difference-table', { hasText: 'scikit-learn' }).waitFor();
    await page.locator('.differences vscode-button', { hasText: 'Environment' }).click();
    await until('the diff', () => asked('host.openDiff').some((params) => params['what'] === 'environment'));
  });

  test('the table is saved as CSV and copied as Markdown, a chart as PNG', async () => {
    const page = await open(10);
    await page.locator('vscode-button', { hasText: 'Save CSV' }).click();
    await page.locator('vscode-button', { hasText: 'Copy Markdown' }).click();
    await page.locator('.curve vscode-button').first().click();
    await until('all three', () => asked('host.saveFile').length === 2 && asked('host.copy').length === 1);
    const [csv, png] = asked('host.saveFile').sort((a) => (a['mime'] === 'text/csv' ? -1 : 1));
    expect(String(csv?.['text']).split('\r\n')).toHaveLength(12);
    expect(Buffer.from(String(png?.['base64']), 'base64').subarray(1, 4).toString()).toBe('PNG');
    expect(String(asked('host.copy')[0]?.['text'])).toMatch(/^\| run \|/);
  });
});

test.each(['dark', 'light', 'contrast'] as const)('every view is whole in the %s theme, and axe finds nothing', async (theme) => {
  const page = await open(60, { theme });
  for (const name of ['Curves', 'Scatter', 'Parallel', 'Groups', 'Differences']) {
    await tab(name);
    await until('the view', async () => (await page.locator('.view:visible .skeleton').count()) === 0);
    const found = await faults(page);
    await shoot(`${theme}-${name.toLowerCase()}`);
    expect(found, name).toEqual([]);
  }
});

test('at 200 % zoom everything is still there', async () => {
  const page = await open(60, { width: 640, height: 430, zoom: 2, reducedMotion: true });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  for (const name of ['Groups', 'Curves']) {
    await tab(name);
    await shoot(`zoom-${name.toLowerCase()}`);
  }
  expect(await names(page)).not.toHaveLength(0);
});
