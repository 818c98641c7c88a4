/** The review panel in a real browser, with its real bundle and content security policy, over a made-up host. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faults } from '../support/axe';
import { fakeReview } from '../support/panel/fake-review';
import { panelStage } from '../support/panel/stage';
import { until } from '../support/until';

const { open, asked, state, reload, shoot } = panelStage({ name: 'review', title: 'Review' });
const words = (): Record<string, unknown>[] => asked('feedback.judge').map(({ request, judgement, answer, comment, source }) => ({ request, judgement, ...(answer !== undefined && { answer }), ...(comment !== '' && { comment }), source }));
const at = (page: Page, request: string): Promise<void> => page.locator('.view:not([hidden]) .row-facts .fact', { hasText: request }).first().waitFor();
const said = async (count: number): Promise<void> => void (await until('words', () => words().length === count));

test.each(['dark', 'light', 'contrast'] as const)('every part is whole in the %s theme, and axe finds nothing', async (theme) => {
  const page = await open(fakeReview(), { theme });
  await at(page, 'req-1000');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await at(page, 'req-1003');
  await page.keyboard.press('2');
  await shoot(`${theme}-queue`);
  expect(await faults(page)).toEqual([]);
  for (const [tab, seen] of [['All rows', '.browse-row'], ['Agreement', '.pairs']] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await page.locator(seen).first().waitFor();
    await shoot(`${theme}-${tab.replace(' ', '-').toLowerCase()}`);
    expect(await faults(page), tab).toEqual([]);
  }
});

test('rows are judged by keys alone, one after the other, taken back, and commented on', async () => {
  const fake = fakeReview();
  const page = await open(fake);
  await at(page, 'req-1000');
  await page.keyboard.press('1');
  await at(page, 'req-1001');
  expect(await page.locator('.others').innerText()).toContain('you see how once you have');
  await page.keyboard.press('2');
  await page.locator('.ask', { hasText: 'Which one is right?' }).waitFor();
  await page.keyboard.press('d');
  await at(page, 'req-1002');
  await page.keyboard.press('c');
  await page.locator('.view:not([hidden]) .comment input').waitFor();
  await page.keyboard.type('12 years there');
  await page.keyboard.press('Escape');
  await page.keyboard.press('3');
  await at(page, 'req-1003');
  await said(3);
  expect(words()).toEqual([
    { request: 'req-1000', judgement: 'right', source: 'flagged' }, { request: 'req-1001', judgement: 'wrong', answer: 'default', source: 'shadow' },
    { request: 'req-1002', judgement: 'unsure', comment: '12 years there', source: 'uncertain' },
  ]);
  await page.keyboard.press('u');
  await at(page, 'req-1002');
  await until('taken back', () => !fake.judged.has('req-1002'));
  await page.keyboard.press('k');
  await page.locator('.others', { hasText: 'Bo Chen: wrong (repaid)' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await shoot('keys');
  await page.keyboard.press('1');
  await page.keyboard.press('Escape');
  expect(words()).toHaveLength(3);
});

test('of two classes wrong is the other one; of numbers the right one is asked for', async () => {
  const page = await open(fakeReview({ classes: ['no', 'yes'], task: 'binary' }));
  await at(page, 'req-1000');
  await page.keyboard.press('2');
  await at(page, 'req-1001');
  await page.locator('.class', { hasText: 'yes' }).click();
  await at(page, 'req-1002');
  await said(2);
  expect(words()).toMatchObject([{ judgement: 'wrong', answer: 'yes' }, { judgement: 'right' }]);
  const numbers = await open(fakeReview({ task: 'regression', classes: [] }));
  await at(numbers, 'req-1000');
  await numbers.keyboard.press('2');
  await numbers.locator('.ask input').waitFor();
  await until('the field', () => numbers.evaluate('document.activeElement?.tagName === "VSCODE-TEXT-FIELD"'));
  await numbers.keyboard.type('1300');
  await shoot('number');
  await numbers.keyboard.press('Enter');
  await at(numbers, 'req-1001');
  await said(1);
  expect(words()).toMatchObject([{ judgement: 'wrong', answer: 1300 }]);
});

test('a word that isn\'t kept is told, and its row comes back', async () => {
  const fake = fakeReview();
  const page = await open(fake);
  await at(page, 'req-1000');
  fake.failNext('feedback.judge', 'bad_input', 'there is no room on the disk', 'make room');
  await page.keyboard.press('1');
  await page.locator('.word-fault', { hasText: 'there is no room on the disk (make room)' }).waitFor();
  await at(page, 'req-1000');
});

test('what is shown survives a reload; when all is judged there is what to do next', async () => {
  const page = await open(fakeReview({ rows: 3 }));
  await at(page, 'req-1000');
  await page.keyboard.press('j');
  await at(page, 'req-1001');
  await until('kept', () => state()['row'] === '0 req-1001');
  await reload();
  await at(page, 'req-1001');
  for (const _ of [1, 2, 3]) await page.keyboard.press('1');
  await page.getByText('Nothing left to review').waitFor();
  await shoot('nothing-left');
  await page.locator('vscode-button', { hasText: 'Export as an evaluation set' }).first().click();
  await page.getByText('holdout-v3.parquet: 1,240 rows, 1200 of before and 40 reviewed').waitFor();
});

test('without a log it says how one comes to be; any row can be found and judged', async () => {
  const none = await open(fakeReview({ rows: 0, disagree: false }));
  await none.getByText('Nothing of car-loan@production is logged yet').waitFor();
  await shoot('no-log');
  await none.locator('vscode-button', { hasText: 'Serve the model' }).click();
  await until('served', () => asked('host.serve').length === 1);
  await none.getByRole('tab', { name: 'Agreement' }).click();
  await none.getByText('Nobody has reviewed anything yet').waitFor();
  const page = await open(fakeReview());
  await page.getByRole('tab', { name: 'All rows' }).click();
  await page.locator('.browse-row').nth(7).waitFor();
  await page.locator('.browse .filter vscode-text-field').click();
  await page.keyboard.type('1004');
  await until('one row', async () => await page.locator('.browse-row').count() === 1);
  await page.locator('.browse-row').click();
  await page.keyboard.press('Escape');
  await page.locator('.view:not([hidden]) vscode-button', { hasText: 'Right (1)' }).click();
  await said(1);
  expect(words()[0]).toEqual({ request: 'req-1004', judgement: 'right', source: undefined });
});
