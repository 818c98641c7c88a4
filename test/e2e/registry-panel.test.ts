/** The registry panel in a real browser, with its real bundle and content security policy, over a made-up host. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { faults } from '../support/axe';
import { fakeRegistry } from '../support/panel/fake-registry';
import { panelStage } from '../support/panel/stage';
import { until } from '../support/until';

const { open, asked, say, state, reload, press, tab, shoot } = panelStage({ name: 'registry', title: 'Registry' });
const stage = (page: Page, name: string) => page.locator('.stage', { has: page.getByRole('button', { name, exact: true }) });

test.each(['dark', 'light', 'contrast'] as const)('every tab is whole in the %s theme, and axe finds nothing', async (theme) => {
  const page = await open(fakeRegistry(), { theme });
  await press('Ask the gates');
  await page.locator('.gate details').nth(0).locator('summary').click();
  await page.locator('.evidence-table').waitFor();
  await page.locator('.slices .grid-body .grid-row').first().waitFor();
  for (const name of ['Candidate', 'Timeline', 'Versions', 'Comments']) {
    await tab(name);
    if (name === 'Timeline') await page.locator('.events .grid-body .grid-row').nth(2).click();
    if (name === 'Versions') await page.locator('.version-facts .plan').locator('visible=true').first().waitFor();
    const found = await faults(page);
    await shoot(`${theme}-${name.toLowerCase()}`);
    expect(found, name).toEqual([]);
  }
});

test.each(['light', 'contrast'] as const)('forms, a move, a conflict and long lists of what people said have nothing that axe finds in the %s theme', async (theme) => {
  const side = (version: number) => ({ version, by: { name: 'Bo Chen', email: '' }, t: Date.now() - 5e6, clone: 'badcafe012345678' });
  const fake = fakeRegistry({ conflicts: [{ model: 'car-loan', environment: 'production', text: 'Two clones moved production without knowing of each other', hint: 'promote the one that is to be live', first: side(3), second: side(2) }] });
  await fake.answer('registry.approve', { version: 4, to: 'production', judgement: 'rejected', comment: 'young people in the north lose', sign: true });
  const page = await open(fake, { theme, height: 1400 });
  await page.locator('.approvals .said').getByText('young people in the north lose').waitFor();
  await press('Reject');
  await press('Verify ledger');
  await page.getByText('The ledger is whole').waitFor();
  await press('Promote\u2026');
  await press('Promote v4');
  await press('Force');
  const found = await faults(page);
  await shoot(`${theme}-busy`);
  expect(found).toEqual([]);
});

describe('a promotion', () => {
  test('says what will change before it, is stopped by the slice, and is forced only by a step of its own', async () => {
    const page = await open(fakeRegistry());
    await press('Promote\u2026');
    const pane = page.locator('.move');
    await pane.getByText('production: v3 \u2192 v4').waitFor();
    await shoot('plan');
    expect(await pane.innerText()).toMatch(/young-north[\s\S]*reload: systemctl[\s\S]*/);
    expect(asked('host.promote')).toEqual([]);
    await press('Promote v4 to production');
    await pane.getByText('Nothing changed: 2 of 5 gates stop it.').waitFor();
    expect(await stage(page, 'production').innerText()).toContain('v3');
    await press('Force');
    const force = pane.locator('vscode-button', { hasText: 'Promote although gates stop it' });
    await pane.locator('vscode-checkbox').click();
    expect(await force.getAttribute('disabled')).not.toBeNull();
    await pane.locator('textarea').fill('the old one is down');
    await shoot('force');
    await force.click();
    await pane.getByText('v4 is live in production').waitFor();
    await shoot('promoted');
    expect(asked('host.promote').map(({ force: forced, expect: live, reason }) => [forced, live, reason])).toEqual([[false, 3, ''], [true, 3, 'the old one is down']]);
    await until('the mark', async () => (await stage(page, 'production').innerText()).includes('forced'));
  });
});

describe('a roll back', () => {
  test('goes to any version that was live, and says what was checked', async () => {
    const page = await open(fakeRegistry());
    await stage(page, 'production').locator('vscode-button', { hasText: 'Roll back' }).click();
    const pane = page.locator('.move');
    await pane.getByText('production: v3 \u2192 v1').waitFor();
    await pane.locator('vscode-dropdown').click();
    await shoot('rollback');
    await pane.locator('vscode-option', { hasText: 'v2' }).click();
    await pane.getByText('production: v3 \u2192 v2').waitFor();
    await pane.locator('textarea').fill('complaints');
    await press('Roll back to v2');
    await pane.getByText('v2 is live in production again').waitFor();
    expect(await pane.innerText()).toContain('it predicts what it did: 100 of 100 rows');
    expect(asked('host.rollback')).toMatchObject([{ environment: 'production', to: 2, expect: 3, force: false, reason: 'complaints' }]);
    await until('what is live', async () => (await stage(page, 'production').innerText()).includes('v2'));
  });

  test('that somebody was faster with says so, and looks again', async () => {
    const fake = fakeRegistry();
    fake.failNext('host.rollback', 'conflict', 'version 2 is live in production now: Bo Chen promoted it', 'look at what is live now');
    const page = await open(fake, { init: { show: { environment: 'production', part: 'rollback' } } });
    await press('Roll back to v1');
    await page.locator('.move .notice.error').waitFor();
    expect(await page.locator('.move').innerText()).toContain('Bo Chen promoted it');
    const plans = asked('registry.plan').length;
    await press('Look again');
    await until('another plan', () => asked('registry.plan').length === plans + 1);
    await page.keyboard.press('Escape');
    await until('the pane closed', async () => !(await page.locator('.move').isVisible()));
  });
});

describe('the candidate', () => {
  test('is held against what is live: worst slice first, gates with evidence, what was asked before is known after a reload', async () => {
    const page = await open(fakeRegistry());
    const names = (): Promise<string[]> => page.locator('.slices .grid-body [role=rowheader] .text').allInnerTexts();
    await until('the slices', async () => (await names()).slice(0, 2).join() === 'all rows,young-north');
    await press('Ask the gates');
    await page.locator('.gate.blocks.fail').getByText('young-north is worse').waitFor();
    expect(await page.locator('.gate').allInnerTexts()).toMatchObject([/fail[\s\S]*slices/, /cannot tell[\s\S]*approval/, /cannot tell[\s\S]*latency[\s\S]*lets it pass/, /pass[\s\S]*change/, /pass[\s\S]*pinned/].map((one) => expect.stringMatching(one)));
    await page.locator('.gate.blocks summary').first().click();
    await page.locator('.evidence-table .link', { hasText: 'young-north' }).click();
    await page.locator('.slices .grid-row.selected', { hasText: 'young-north' }).waitFor();
    await until('the state', () => state()['slice'] === 'young-north');
    await reload();
    await page.locator('.gates-summary', { hasText: '2 of 5 gates stop it' }).waitFor();
    expect(await page.locator('.gates-summary').innerText()).toContain('by Ana Lima; ask again to see the evidence');
    await page.locator('.slices .grid-row.selected', { hasText: 'young-north' }).waitFor();
  });

  test('is approved with a comment that survives a reload; refusals stay where they happened', async () => {
    const fake = fakeRegistry();
    fake.failNext('registry.approve', 'refused', 'Ana Lima is the author of version 4', 'ask somebody else');
    const page = await open(fake);
    await press('Approve\u2026');
    const form = page.locator('form[aria-label=Approve]');
    await form.locator('textarea').fill('looked at young-north with Eva');
    await until('the draft', () => JSON.stringify(state()['drafts']).includes('Eva'));
    await reload();
    await press('Approve\u2026');
    await page.keyboard.press('Control+Enter');
    await form.getByText('is the author of version 4').waitFor();
    await press('Try again');
    await page.locator('.approvals .said').getByText('looked at young-north with Eva').waitFor();
    expect(asked('registry.approve').at(-1)).toMatchObject({ version: 4, to: 'production', judgement: 'approved', sign: false });
    await until('what waits', async () => (await stage(page, 'production').innerText()).includes('1 of 2 approvals'));
  });

  test('whose gates take long shows how far they are, and is stopped', async () => {
    const fake = fakeRegistry();
    const go = fake.hold('host.gate');
    const page = await open(fake);
    await press('Ask the gates');
    await until('the question', () => asked('host.gate').length === 1);
    await say({ kind: 'progress', progress: { job: asked('host.gate')[0]?.['job'], phase: 'scoring', done: 500, total: 1500 } });
    await page.getByText('scoring: 500 of 1,500').waitFor();
    fake.failNext('host.gate', 'cancelled', 'stopped');
    await page.locator('.judged .work vscode-button').click();
    await until('the stop', () => asked('registry.cancel').length === 1);
    go();
    await until('the end', async () => !(await page.locator('.judged .work').isVisible()));
    expect(await page.locator('.judged .notice.error').count()).toBe(0);
  });

  test('that nobody evaluated has one button that does it', async () => {
    await open(fakeRegistry({ evaluated: false }));
    await press('Evaluate it');
    await until('the question', () => asked('host.evaluate').length === 1);
    expect(asked('host.evaluate')[0]).toMatchObject({ version: 4, environment: 'production' });
  });
});

describe('the timeline', () => {
  test('is a list by keyboard, too: filtered, opened, saved', async () => {
    const page = await open(fakeRegistry(), { state: { model: 'car-loan', tab: 'timeline' } });
    const texts = (): Promise<string[]> => page.locator('.events .grid-body .grid-row').allInnerTexts();
    await until('the events', async () => (await texts()).length > 3);
    expect(await page.locator('.timeline canvas').getAttribute('aria-label')).toMatch(/25 events.*production: v3 since/);
    await page.locator('.events .filter input').fill('forced');
    await until('the forced one', async () => (await texts()).length === 1);
    await page.locator('.events .grid').focus();
    await page.keyboard.press('Enter');
    await page.locator('.events aside').getByText('the old one is down, agreed with Bo').first().waitFor();
    await page.keyboard.press('Escape');
    await until('the details gone', async () => !(await page.locator('.events aside').isVisible()));
    await press('Save CSV');
    await press('Save PNG');
    await until('both', () => asked('host.saveFile').length === 2);
    const [csv, png] = asked('host.saveFile');
    expect(String(csv?.['text']).split('\r\n')).toHaveLength(3);
    expect(String(png?.['base64']).length).toBeGreaterThan(1000);
  });

  test('names what is clicked, and goes back to what it was', async () => {
    const page = await open(fakeRegistry({ entries: 3000 }), { state: { model: 'car-loan', tab: 'timeline' } });
    await until('the events', async () => (await page.locator('.events .controls').innerText()).includes('3,025 events'));
    expect(await page.locator('.events .grid-body .grid-row').count()).toBeLessThan(60);
    const box = await page.locator('.timeline canvas').boundingBox();
    // The bar of what is live in production: its lane is the last one, its end is now.
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 60, (box?.y ?? 0) + (box?.height ?? 0) * 0.63);
    await page.locator('.events aside h2', { hasText: 'promoted v3, production' }).waitFor();
    await shoot('timeline-many');
    await until('the state', () => typeof state()['event'] === 'string');
    await reload();
    await page.locator('.events aside h2', { hasText: 'promoted v3, production' }).waitFor();
  });
});

describe('versions', () => {
  const first = (page: Page): Promise<string> => page.locator('.versions .grid-body [role=rowheader]').first().innerText();
  test('are 10,000 without a hitch: sorted, filtered, looked at by keyboard', async () => {
    const page = await open(fakeRegistry({ versions: 10_000 }), { state: { model: 'car-loan', tab: 'versions' } });
    await until('the newest', async () => (await first(page)) === 'v10000');
    expect(await page.locator('.versions .grid').getAttribute('aria-rowcount')).toBe('10001');
    expect(await page.locator('.versions .grid-body .grid-row').count()).toBeLessThan(60);
    await page.locator('.versions').getByRole('columnheader', { name: 'version' }).click();
    await until('the oldest', async () => (await first(page)) === 'v1');
    await page.locator('.versions .filter input').fill('v9999');
    await until('the one', async () => (await page.locator('.versions .controls').innerText()).includes('1 of 10,000 versions'));
    await page.locator('.versions .grid').focus();
    for (const key of ['ArrowDown', 'Enter']) await page.keyboard.press(key);
    await until('the candidate', () => state()['version'] === 9999);
    expect(await page.locator('.candidate').isVisible()).toBe(true);
  });

  test('come back after a reload where they were', async () => {
    const page = await open(fakeRegistry({ versions: 400 }), { state: { model: 'car-loan', tab: 'versions', versionSort: { key: 'version', descending: false } } });
    await until('the oldest', async () => (await first(page)) === 'v1');
    await page.evaluate("document.querySelector('.versions .grid').scrollTop = 2400");
    await until('the state', () => (state()['versionScroll'] as { top: number } | undefined)?.top === 2400);
    await reload();
    await until('the place', async () => (await page.evaluate("document.querySelector('.versions .grid')?.scrollTop")) === 2400);
  });
});

describe('what isn\u2019t there', () => {
  test('no version: says what one is, and registers it', async () => {
    const page = await open(fakeRegistry({ versions: 0 }));
    await page.getByText('No version of car-loan yet').waitFor();
    await shoot('empty');
    await page.locator('.none vscode-button').click();
    await until('the form', () => asked('host.register').length === 1);
  });

  test('nothing live: promotes the first one without anything to be worse than', async () => {
    const page = await open(fakeRegistry({ versions: 1, nothingLive: true }));
    await page.getByText('nothing is live there: there is nothing that it could be worse than').waitFor();
    await press('Promote\u2026');
    await page.locator('.move').getByText('nothing \u2192 v1').waitFor();
  });

  test('an answer: says so where it happened, and asks again', async () => {
    const fake = fakeRegistry();
    for (const method of ['registry.model', 'registry.history', 'evaluations.get']) fake.failNext(method);
    const page = await open(fake, { waitFor: '.notice.error' });
    await press('Try again');
    await page.locator('.comparison .notice.error vscode-button').click();
    await page.locator('.slices .grid-body .grid-row').first().waitFor();
  });
});

test('a conflict of two clones is a banner with a way out', async () => {
  const side = (version: number, clone: string) => ({ version, by: { name: 'Bo Chen', email: '' }, t: Date.now() - 5e6, clone });
  const page = await open(fakeRegistry({ conflicts: [{ model: 'car-loan', environment: 'production', text: 'Two clones moved production without knowing of each other', hint: 'say which one holds: make it live once more', first: side(3, 'c0ffee0123456789'), second: side(2, 'badcafe012345678') }] }));
  await page.locator('.conflict').getByText('Two clones moved production').waitFor();
  await shoot('conflict');
  await press('Keep v2');
  await page.locator('.move').getByText('production: v3 \u2192 v2').waitFor();
});

test('long names and many environments stay within the page at 200 % zoom', async () => {
  const page = await open(fakeRegistry({ name: 'a-very-long-model-name-that-somebody-generated-from-all-of-the-settings-of-a-sweep', environments: ['integration-of-the-northern-branches', 'staging', 'canary', 'production-of-the-northern-branches'] }), { width: 640, height: 430, zoom: 2, reducedMotion: true });
  await page.locator('.slices .grid-body .grid-row').first().waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await press('Ask the gates');
  await page.locator('.gate').first().waitFor();
  await shoot('zoom', { fullPage: true });
  await press('Promote\u2026');
  await page.locator('.move .plan').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await shoot('zoom-move');
  await tab('Timeline');
  await page.locator('.events .grid-body .grid-row').first().waitFor();
  await shoot('zoom-timeline', { fullPage: true });
});
