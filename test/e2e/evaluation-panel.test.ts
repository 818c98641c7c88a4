/** The evaluation panel in a real browser, with its real bundle and content security policy, over a made-up host. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { faults } from '../support/axe';
import { COLUMNS, fakeEvaluation } from '../support/panel/fake-evaluation';
import { panelStage } from '../support/panel/stage';
import { until } from '../support/until';

const { open, asked, say, state, reload, press, tab, shoot } = panelStage({ name: 'evaluation', title: 'Evaluation' });
const selection = (): unknown => asked('evaluations.rows').at(-1)?.['selection'];
const slices = (page: Page): Promise<string[]> => page.locator('.slices .grid-body [role=rowheader] .text').allInnerTexts();
const rows = (page: Page): Promise<string[]> => page.locator('.rows .grid-body [role=rowheader] .text').allInnerTexts();
const pick = (page: Page, slice: string): Promise<void> => page.locator('.slices .grid-body .grid-row', { hasText: slice }).click();

describe('the slices', () => {
  test('come worst first under all rows, are sorted by keyboard, and filtered', async () => {
    const page = await open(fakeEvaluation(1500));
    await until('the slices', async () => (await slices(page)).slice(0, 2).join() === 'all rows,young-north');
    await page.locator('.slices .grid').focus();
    for (const key of ['ArrowUp', 'Enter']) await page.keyboard.press(key);
    await until('the sort by name', async () => (await slices(page))[1] === 'income missing');
    expect(await page.locator('.slices').getByRole('columnheader', { name: 'slice' }).getAttribute('aria-sort')).toBe('ascending');
    await page.locator('.filter input').fill('young');
    await until('the one slice', async () => (await slices(page)).join() === 'all rows,young-north');
  });

  test('500 of them are a few dozen rows in the document', async () => {
    const page = await open(fakeEvaluation(400, 500));
    await until('the slices', async () => (await slices(page)).length > 3);
    expect(await page.locator('.slices .grid').getAttribute('aria-rowcount')).toBe('502');
    expect(await page.locator('.slices .grid-body .grid-row').count()).toBeLessThan(60);
  });

  test('are saved as they are shown: filtered, in the order of the table, with their intervals', async () => {
    const fake = fakeEvaluation(600);
    fake.failNext('host.saveFile');
    const page = await open(fake);
    await page.locator('.filter input').fill('young');
    await until('the one slice', async () => (await slices(page)).length === 2);
    await page.locator('.slices vscode-button', { hasText: 'Save CSV' }).click();
    await page.locator('.slices .notice.error vscode-button').click();
    await until('both', () => asked('host.saveFile').length === 2);
    const { name, mime, text } = asked('host.saveFile')[1] as { name: string; mime: string; text: string };
    expect([name, mime]).toEqual(['car-loan-slices.csv', 'text/csv']);
    const records = text.trimEnd().split('\r\n');
    expect(records[0]).toMatch(/^slice,where,owner,split,n,accuracy,accuracy_low,accuracy_high,accuracy_method,accuracy_against_rest,/);
    expect(records.slice(1).map((record) => record.split(',')[0])).toEqual(['all rows', 'young-north']);
    const { low, high } = fake.doc.slices[0]?.intervals['accuracy'] ?? { low: 0, high: 0 };
    expect(records[2]).toContain(`,${low},${high},wilson,`);
  });

  test('of one split are said to be without intervals, until one is selected; what isn\u2019t known of a split isn\u2019t shown', async () => {
    const fake = fakeEvaluation(1500, 12, { splits: true });
    const page = await open(fake, { state: { evaluation: fake.doc.id, part: 'spring' } });
    const interval = (slice: string): Promise<string | null> => page.locator('.slices .grid-body .grid-row', { hasText: slice }).locator('.interval').getAttribute('aria-label');
    await until('the slices', async () => (await slices(page)).length > 2);
    expect(await page.locator('.slices .grid-head [role=columnheader]').allInnerTexts()).toEqual(['slice', 'rows', 'accuracy', '95 % interval', 'outcome, all splits', 'owner']);
    expect(await page.locator('.slices .controls').innerText()).toContain('Slices of one split are kept without intervals');
    expect(await interval('all rows')).toMatch(/0\.\d+ to 0\.\d+$/);
    expect(await interval('young-north')).toContain('no interval yet: select the slice');
    await pick(page, 'young-north');
    await until('its interval', async () => /0\.\d+ to 0\.\d+$/.test((await interval('young-north')) ?? ''));
    expect(await interval('income missing')).toContain('no interval yet');
    expect(asked('evaluations.details').filter((params) => JSON.stringify(params['selection']) === JSON.stringify({ slice: 'young-north', split: 'spring' }))).toHaveLength(1);
    await shoot('split');
  });

  test('say how to begin where there are none', async () => {
    const page = await open(fakeEvaluation(200, 0));
    await page.locator('.notice vscode-button', { hasText: 'Discover slices' }).click();
    await page.locator('vscode-button', { hasText: 'Find slices' }).click();
    await page.locator('vscode-button', { hasText: 'Save as slice' }).click();
    await page.keyboard.press('Enter');
    await until('the saved slice', () => asked('evaluations.saveSlice').length === 1);
    expect(asked('evaluations.saveSlice')[0]).toMatchObject({ name: 'age=b0 & region=north', where: "age <= 29 and region = 'north'", replace: false });
  });
});

test('opens at the search where the host says so', async () => {
  const fake = fakeEvaluation(300);
  const page = await open(fake);
  await say({ kind: 'init', evaluation: fake.doc.id, show: 'discovery' });
  await page.locator('vscode-button', { hasText: 'Find slices' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Discover' }).getAttribute('aria-selected')).toBe('true');
});

describe('the pictures', () => {
  const summary = (page: Page, name: string): Promise<string | null> => page.locator('.picture-card').filter({ has: page.getByRole('heading', { name, exact: true }) }).locator('canvas').getAttribute('aria-label');

  test('draw the baseline\u2019s curves on the same rows when asked to, say whose line is whose, and keep it over a reload', async () => {
    const fake = fakeEvaluation(1500);
    const page = await open(fake);
    await pick(page, 'young-north');
    await until('the curves', async () => (await summary(page, 'ROC'))?.includes('AUC'));
    const legend = (): Promise<string[]> => page.locator('.pictures-bar .legend li').allInnerTexts();
    expect(await legend()).toEqual(['young-north', 'all rows']);
    expect(asked('evaluations.details').some((params) => params['baseline'] === true)).toBe(false);
    await page.getByRole('checkbox', { name: 'Baseline\u2019s curves' }).focus();
    await page.keyboard.press('Space');
    await until('the baseline', async () => (await summary(page, 'ROC'))?.includes('baseline: AUC'));
    expect(asked('evaluations.details').filter((params) => params['baseline'] === true)).toEqual([{ evaluation: fake.doc.id, selection: { slice: 'young-north' }, baseline: true }]);
    expect(await legend()).toEqual(['young-north', 'baseline', 'all rows']);
    await until('the choice that is kept', () => state()['baselineCurves'] === true);
    await reload();
    await until('the baseline again', async () => (await summary(page, 'Calibration'))?.includes('baseline: ECE'));
    await shoot('baseline');
  });

  test('are saved as PNG, each by itself', async () => {
    const page = await open(fakeEvaluation(600));
    await pick(page, 'young-north');
    await until('the curves', async () => (await summary(page, 'ROC'))?.includes('AUC'));
    await page.getByRole('button', { name: 'Save ROC as PNG' }).click();
    await until('the file', () => asked('host.saveFile').length === 1);
    const { name, mime, base64 } = asked('host.saveFile')[0] as { name: string; mime: string; base64: string };
    expect([name, mime]).toEqual(['car-loan-young-north-ROC.png', 'image/png']);
    expect(Buffer.from(base64, 'base64').subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  test('have no such choice where there is no baseline', async () => {
    const fake = fakeEvaluation(300);
    fake.doc.baseline = null;
    const page = await open(fake, { state: { baselineCurves: true } });
    await until('the curves', async () => (await summary(page, 'ROC')) !== null);
    expect(await page.getByRole('checkbox', { name: 'Baseline\u2019s curves' }).isVisible()).toBe(false);
    expect(asked('evaluations.details').some((params) => params['baseline'] === true)).toBe(false);
  });
});

describe('the selected rows', () => {
  test('are those of the slice, of the cell that is clicked and of the stretch that is brushed, with a chip each that takes it away', async () => {
    const page = await open(fakeEvaluation(1500));
    await pick(page, 'young-north');
    await page.locator('.confusion-cell').nth(1).click();
    const chart = page.locator('.brushable').first();
    await chart.waitFor();
    const box = await chart.boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 50, { steps: 4 });
    await page.mouse.up();
    const found = await until('the brushed rows', () => { const now = selection() as { brush?: { from: number; to: number }[] }; return now.brush && now; });
    expect(found).toMatchObject({ slice: 'young-north', truth: '0', predicted: '1', brush: [{ of: 'score' }] });
    const edge = found?.brush?.[0]?.from ?? 0;
    expect(Math.round(edge * 20) / 20).toBe(edge);
    while ((await page.locator('.chip vscode-button').count()) > 0) await page.locator('.chip vscode-button').first().click();
    await until('all rows', () => JSON.stringify(selection()) === '{}');
  });

  test('are brushed by keyboard, and given back with Escape', async () => {
    const page = await open(fakeEvaluation(800));
    await page.locator('.brushable').first().focus();
    for (const key of ['ArrowRight', 'Shift+ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await until('the stretch', () => JSON.stringify(selection()) === JSON.stringify({ brush: [{ of: 'score', from: 0.05, to: 0.15 }] }));
    await page.keyboard.press('Escape');
    await until('all rows', () => JSON.stringify(selection()) === '{}');
  });

  test('are 100,000 without a hitch: pages come as they are looked at', async () => {
    const page = await open(fakeEvaluation(100_000, 2));
    await until('the rows', async () => (await rows(page)).length > 3);
    await page.locator('.rows .grid').focus();
    const before = asked('evaluations.rows').length;
    await page.keyboard.press('Control+End');
    await until('the last page', () => asked('evaluations.rows').some((params) => Number(params['offset']) >= 99_800));
    expect(asked('evaluations.rows').length - before).toBeLessThanOrEqual(2);
    expect(await page.locator('.rows .grid-body .grid-row').count()).toBeLessThan(60);
  });

  test('one of them is explained, and rejected: what it has to be is pinned', async () => {
    const page = await open(fakeEvaluation(800));
    await until('the rows', async () => (await rows(page)).length > 3);
    await page.locator('.rows .grid').focus();
    await page.keyboard.press('Enter');
    const pane = page.locator('.row-pane');
    await pane.getByText('not causes and not additive').waitFor();
    await pane.locator('vscode-button', { hasText: 'Show' }).click();
    await pane.locator('.moved').waitFor();
    await pane.locator('vscode-button', { hasText: 'Reject' }).click();
    await pane.locator('vscode-button', { hasText: 'Pin it' }).click();
    await until('the judgement', () => asked('evaluations.judge').length === 1);
    expect(asked('evaluations.judge')[0]).toMatchObject({ judgement: 'rejected', example: (await rows(page))[0] });
    await page.locator('.rows .pinned').waitFor();
    await page.keyboard.press('Escape');
    await until('the pane closed', async () => !(await pane.isVisible()));
  });

  test('have the columns that are picked, by keyboard, in the list of flips, too, and after a reload', async () => {
    const page = await open(fakeEvaluation(800));
    await until('the rows', async () => (await rows(page)).length > 3);
    const heads = (): Promise<string[]> => page.locator('.rows .grid-head [role=columnheader]').allInnerTexts();
    expect(await heads()).toEqual(['id', 'truth', 'predicted', 'baseline', 'score', 'baseline score', 'loss', ...COLUMNS]);
    const picker = page.locator('.rows .picker');
    await page.locator('.rows vscode-button', { hasText: 'Columns' }).focus();
    await page.keyboard.press('Enter');
    for (const name of ['baseline score', 'income', 'loss']) await picker.getByRole('checkbox', { name, exact: true }).press('Space');
    await shoot('columns');
    const [popup, whole] = [await picker.boundingBox(), page.viewportSize()];
    expect(popup && whole && popup.y >= 0 && popup.y + popup.height <= whole.height && popup.x + popup.width <= whole.width).toBe(true);
    await page.keyboard.press('Escape');
    expect(await picker.isVisible()).toBe(false);
    const left = ['id', 'truth', 'predicted', 'baseline', 'score', 'age', 'region', 'scan'];
    expect(await heads()).toEqual(left);
    await until('the choice that is kept', () => (state()['rowColumns'] as string[] | null)?.length === 7);
    await reload();
    await until('the rows again', async () => (await heads()).join() === left.join());
    await page.getByRole('tab', { name: 'Flips' }).click();
    await until('the flips', async () => (await page.locator('.flips .grid-head [role=columnheader]').allInnerTexts()).join() === left.join());
    await page.locator('.flips vscode-button', { hasText: 'Columns' }).click();
    await page.locator('.flips .picker vscode-button', { hasText: 'Show all' }).click();
    await until('all of them', () => state()['rowColumns'] === null);
  });

  test('that flipped are clustered by slice, and accepted by a key', async () => {
    const page = await open(fakeEvaluation(1500));
    await page.getByRole('tab', { name: 'Flips' }).click();
    await page.locator('.clusters button', { hasText: 'young-north' }).click();
    await until('its flips', () => JSON.stringify(selection()) === JSON.stringify({ slice: 'young-north', flip: 'any' }));
    await page.locator('.flips .grid').focus();
    await page.keyboard.press('a');
    await until('the judgement', () => asked('evaluations.judge')[0]?.['judgement'] === 'accepted');
  });
});

test('comes back after a reload as it was: slice, sort, filter, brush, tab, scroll', async () => {
  const page = await open(fakeEvaluation(3000));
  await pick(page, 'income missing');
  await page.locator('.slices').getByRole('columnheader', { name: 'rows' }).click();
  await page.locator('.brushable').first().focus();
  for (const key of ['Home', 'Shift+End']) await page.keyboard.press(key);
  await until('the rows', async () => (await rows(page)).length > 3);
  await page.evaluate("document.querySelector('.rows .grid').scrollTop = 480");
  await until('the state that is kept', () => (state()['rowScroll'] as { top: number } | undefined)?.top === 480);
  const before = [await slices(page), await rows(page), selection()];
  await reload();
  await until('the same', async () => JSON.stringify([await slices(page), await rows(page), selection()]) === JSON.stringify(before));
});

test('shows an error where it happened, with a button that tries again', async () => {
  const fake = fakeEvaluation(300);
  fake.failNext('evaluations.get');
  const page = await open(fake, { waitFor: '.notice.error' });
  fake.failNext('evaluations.rows');
  await page.locator('.notice.error vscode-button').click();
  await page.locator('.rows .notice.error vscode-button').click();
  await until('rows', async () => (await rows(page)).length > 3);
});

test('says that nothing changed where the answer was kept, and computes it afresh when asked to', async () => {
  const page = await open(fakeEvaluation(300));
  await page.locator('vscode-button', { hasText: 'Evaluate again' }).click();
  await page.locator('vscode-button', { hasText: 'Compute it afresh' }).click();
  await until('both', () => asked('host.evaluateAgain').map((params) => params['fresh']).join() === 'false,true');
});

test.each(['dark', 'light', 'contrast'] as const)('every tab is whole in the %s theme, and axe finds nothing', async (theme) => {
  const page = await open(fakeEvaluation(1500), { theme });
  await pick(page, 'young-north');
  await page.locator('.warnings summary').click();
  for (const [name, ready, start] of [['Slices', '.confusion-cell'], ['Discover', '.found-table', 'Find slices'], ['Importance', '.importance-table', 'Measure'], ['Flips', '.clusters td']] as const) {
    await tab(name);
    if (start !== undefined) await press(start);
    await page.locator(ready).locator('visible=true').first().waitFor();
    const found = await faults(page);
    await shoot(`${theme}-${name.toLowerCase()}`);
    expect(found, name).toEqual([]);
  }
});

test('at 200 % zoom everything is still there', async () => {
  const page = await open(fakeEvaluation(400), { width: 640, height: 430, zoom: 2, reducedMotion: true });
  await until('the slices', async () => (await slices(page)).length > 2);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(await rows(page)).not.toHaveLength(0);
});
