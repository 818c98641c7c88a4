/** A model's way through its environments in a real editor: registered, refused for one slice, approved by another person, promoted, rolled back. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { linearModel } from '../support/onnx-linear';
import { shippedCli, shippedCliMeanwhile } from '../support/runs';
import { answerPathDialog, answerQuickInput, clickTreeItem, expectAccessible, notification, openContainer, openWorkbench, runCommand, screenshot, temporaryWorkspace, webviewFrame, type Workbench } from '../support/workbench';
import { until } from '../support/until';

/** Of 50,000 rows some thousand do: the slice that gets worse has some hundred of them. */
const ROWS = 8000;
const MODEL = 'car-loan';
const config = `version: 1
evaluations:
  ${MODEL}:
    model: model.onnx
    data: data/current.csv
    label: repaid
    positive: 1
slices:
  high-income:
    where: salary_range = '60K+ €'
  low-income:
    where: salary_range = '0 - 20K €'
registry:
  share: registry
  edges:
    - {to: staging}
    - to: production
      gates:
        - {gate: change, cannotTell: pass}
        - {gate: slices}
        - {gate: pinned}
        - {gate: approval, people: 1}
`;

let workbench: Workbench;
let page: Page;
const folder = temporaryWorkspace(MODEL);
const at = (...names: string[]): string => path.join(folder, ...names);
const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
/** Who sits at the keyboard. */
const become = (name: string): void => {
  git('config', 'user.name', name);
  git('config', 'user.email', `${name.toLowerCase()}@example.org`);
};
const manifest = (environment: string): { version: number; by: { name: string }; reason: string } | undefined => {
  const file = at('.runyard', 'models', MODEL, environment, 'manifest.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: number; by: { name: string }; reason: string }) : undefined;
};

beforeAll(async () => {
  for (const name of ['model.onnx', 'model_v2.onnx', 'model_v2_ok.onnx']) copyFileSync(path.join(root, 'test', 'fixtures', 'reference', 'p4_large_car_loan', name), at(name));
  writeFileSync(at('data', 'current.csv'), `${readFileSync(at('data', 'current.csv'), 'utf8').split('\n').slice(0, ROWS + 1).join('\n')}\n`);
  writeFileSync(at('runyard.yaml'), config);
  writeFileSync(at('.gitignore'), '*.onnx\ndata/\n');
  git('init', '-q');
  become('Ana');
  git('add', '.');
  git('commit', '-qm', 'start');
  writeFileSync(at('export.py'), 'import runyard\nrunyard.log_artifact("model_v2.onnx")\n');
  const ran = shippedCli(folder)('run', '--experiment', 'export', '--', 'python3', 'export.py');
  if (ran.status !== 0) throw new Error(ran.stderr);
  workbench = await openWorkbench({ folder });
  page = workbench.page;
  await openContainer(page);
});

afterAll(async () => {
  await workbench?.close();
});

/** A row of the Models tree by how its spoken label begins. */
const row = (label: string): Locator => page.locator(`.part.sidebar .monaco-list-row[role="treeitem"][aria-label^="${label}"]`).first();
const dialog = (): Locator => page.locator('.monaco-dialog-box');
const widget = (): Locator => page.locator('.quick-input-widget:visible');
const status = (): Locator => page.locator('.statusbar-item[id="runyard.runyard.runyard.live"], .statusbar-item[id*="runyard.live"]').first();
/** A button of a notification that is there, or is still to come. */
const press = async (text: RegExp, button: string): Promise<void> => {
  await notification(page, text).locator('.monaco-button', { hasText: button }).click({ timeout: 60_000 });
};
const confirm = async (button: string): Promise<string> => {
  await dialog().waitFor();
  const text = await dialog().innerText();
  await dialog().locator('.monaco-button', { hasText: button }).first().click();
  return text;
};
/** Says why, and yes to what will change; answers what the dialog said. */
const promote = async (reason: string): Promise<string> => {
  await widget().getByText('Why, for the ledger').waitFor();
  await answerQuickInput(page, { type: reason });
  return confirm('Promote');
};
const register = (file: string): number => {
  const { status: code, stdout, stderr } = shippedCli(folder)('models', 'register', MODEL, '--file', file, '--json');
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { version: number }).version;
};
const prompt = (text: RegExp): Promise<void> => widget().getByText(text).waitFor();
/** A menu that has just opened takes no click, lest the one that opened it counts. */
const chooseInMenu = async (text: string): Promise<void> => {
  const item = page.locator('.monaco-menu .action-item', { hasText: text }).first();
  await until('a menu that took the click', () => item.click({ timeout: 2000 }).then(() => item.waitFor({ state: 'hidden', timeout: 1000 })).then(() => true, () => false));
};
const clear = (): Promise<void> => runCommand(page, 'Notifications: Clear All Notifications');

test('the empty tree says what belongs there, and its button leads to the first version', async () => {
  await page.locator('.part.sidebar .pane-header', { hasText: 'Models' }).click();
  const welcome = page.locator('.pane', { hasText: 'Models appear here' }).last();
  await welcome.waitFor();
  await screenshot(page, 'models-empty');
  await welcome.locator('.monaco-button', { hasText: 'Register Model' }).click();
  await widget().locator('.monaco-list-row', { hasText: /^.*model\.onnx/ }).first().waitFor();
  await screenshot(page, 'models-register-source');
  await answerQuickInput(page, { type: 'model.onnx', pick: 'model.onnx' });
  await widget().getByText('What the model is called').waitFor();
  await answerQuickInput(page, { type: '../evil' });
  await widget().getByText(/begins with a letter/).waitFor();
  await answerQuickInput(page, { type: MODEL });
  await widget().locator('.monaco-list-row', { hasText: 'a new model' }).waitFor();
  await screenshot(page, 'models-register');
  await answerQuickInput(page, {});
  await notification(page, /car-loan version 1 is registered/).waitFor();
  await row('version 1,').waitFor();
  await row('production, nothing is live').waitFor();
});

test('a first version waits for another person, whose approval is asked for and lets it go live', async () => {
  await press(/version 1 is registered/, 'Promote');
  await answerQuickInput(page, { pick: 'production' });
  expect(await promote('the first one')).toContain('production now: nothing is live');
  await notification(page, /waits for approval/).waitFor({ timeout: 90_000 });
  await row('v1 to production').waitFor();
  await until('an item in the status bar', async () => (await status().innerText()).includes('1 to approve'));
  await screenshot(page, 'models-waiting');
  // Its author isn't offered to approve it; where they do all the same it counts nothing, and is refused.
  await notification(page, /your own version: somebody else has to approve it/).waitFor();
  expect(await notification(page, /waits for approval/).locator('.monaco-button', { hasText: 'Approve' }).count()).toBe(0);
  await row('v1 to production').hover();
  await row('v1 to production').locator('[aria-label^="Approve"]').click();
  await answerQuickInput(page, { type: 'it is mine' });
  await widget().locator('.monaco-list-row', { hasText: 'under your name in git' }).waitFor();
  await answerQuickInput(page, {});
  await notification(page, /author/).waitFor();
  become('Ben');
  await clear();
  await row('v1 to production').hover();
  await row('v1 to production').locator('[aria-label^="Approve"]').click();
  await answerQuickInput(page, { type: 'looked at every slice' });
  await widget().locator('.monaco-list-row', { hasText: 'under your name in git' }).waitFor();
  await answerQuickInput(page, {});
  await press(/you approved car-loan 1/, 'Promote');
  await promote('the first one');
  await notification(page, /Promoted car-loan 1 to production/).waitFor({ timeout: 60_000 });
  expect(manifest('production')).toMatchObject({ version: 1, by: { name: 'Ben' }, reason: 'the first one' });
  await row('production, version 1').waitFor();
  await until('what is live in the status bar', async () => (await status().innerText()).includes('car-loan 1 in production'));
});

test('a version that is better overall is refused for the slice on which it is worse, which is named', async () => {
  become('Ana');
  expect(register('model_v2.onnx')).toBe(2);
  await clear();
  await row('version 2,').click({ button: 'right' });
  await chooseInMenu('Promote');
  await answerQuickInput(page, { pick: 'production' });
  await widget().getByText('Why, for the ledger').waitFor();
  await answerQuickInput(page, { type: 'better overall' });
  await dialog().waitFor();
  await screenshot(page, 'models-confirm');
  expect(await confirm('Promote')).toMatch(/production now: version 1[\s\S]*production then: version 2/);
  const refused = notification(page, /was not promoted to production/);
  await refused.waitFor({ timeout: 90_000 });
  expect(await refused.innerText()).toContain('high-income');
  await screenshot(page, 'models-refused');
  await refused.locator('.monaco-button', { hasText: 'Show Gates' }).click();
  const report = await webviewFrame(page, 'Preview');
  await report.getByText('high-income').first().waitFor();
  await screenshot(page, 'models-gates');
  expect(manifest('production')?.version).toBe(1);
});

test('forcing it wants a reason that says something, and a second yes to what is passed over', async () => {
  await runCommand(page, 'Runyard: Promote');
  await answerQuickInput(page, { pick: 'version 2' });
  await answerQuickInput(page, { pick: 'production' });
  await promote('');
  await press(/was not promoted to production/, 'Force');
  await answerQuickInput(page, { type: 'must' });
  await widget().getByText(/ten characters/).waitFor();
  await answerQuickInput(page, { type: 'the partner needs it today' });
  await dialog().waitFor();
  await screenshot(page, 'models-force');
  expect(await dialog().innerText()).toMatch(/Passed over[\s\S]*high-income[\s\S]*for ever/);
  await dialog().locator('.monaco-button', { hasText: 'Cancel' }).click();
  expect(manifest('production')?.version).toBe(1);
});

test('one that is worse nowhere goes live once it is approved; the panel and the tree show it', async () => {
  expect(register('model_v2_ok.onnx')).toBe(3);
  become('Ben');
  const { status: code, stderr } = shippedCli(folder)('approve', MODEL, '3', '--to', 'production', '--comment', 'worse nowhere');
  expect(code, stderr).toBe(0);
  await clear();
  await runCommand(page, 'Runyard: Promote');
  await answerQuickInput(page, { pick: 'version 3' });
  await answerQuickInput(page, { pick: 'production' });
  await promote('worse nowhere, approved');
  await notification(page, /Promoted car-loan 3 to production; version 1 was live/).waitFor({ timeout: 90_000 });
  await row('production, version 3').waitFor();
  expect(manifest('production')?.version).toBe(3);
  await clear();
  await runCommand(page, 'View: Close All Editors');
  await row('production, version 3').click();
  const frame = await webviewFrame(page, `Registry: ${MODEL}`);
  await frame.getByText('production').first().waitFor();
  await frame.getByText(/version 3|v3/).first().waitFor();
  await screenshot(page, 'models-live');
  await expectAccessible(frame);
});

test('what somebody forces from a terminal is told in the editor, and stays marked', async () => {
  const { status: code, stderr } = shippedCli(folder)('promote', MODEL, '2', '--to', 'production', '--force', '--reason', 'the partner needs it today', '--yes');
  expect(code, stderr).toBe(0);
  await notification(page, /Ben forced car-loan version 2 into production.*the partner needs it today/).waitFor();
  await row('production, version 2 · forced').waitFor();
  const frame = await webviewFrame(page, `Registry: ${MODEL}`);
  await until('the panel with what is live now', async () => /v2\s+live since/.test(await frame.locator('body').innerText()));
  await screenshot(page, 'models-forced');
  await clear();
});

test('one step goes back, and says what was verified; the history has every line of it', async () => {
  await row('production, version 2').hover();
  await row('production, version 2').locator('[aria-label^="Roll Back"]').first().click();
  await dialog().waitFor();
  await screenshot(page, 'models-rollback');
  expect(await confirm('Roll Back')).toMatch(/production now: version 2[\s\S]*production then: version 3/);
  await notification(page, /car-loan is back at version 3 in production, in \d+\.\d s/).waitFor({ timeout: 60_000 });
  expect(manifest('production')?.version).toBe(3);
  await row('production, version 3').waitFor();
  await press(/is back at version 3/, 'Show History');
  const history = await webviewFrame(page, 'Preview');
  await history.getByText(/rolled production back/).first().waitFor();
  expect(await history.locator('body').innerText()).toMatch(/⚠ Ben forced/i);
  await screenshot(page, 'models-history');
  expect(shippedCli(folder)('models', 'verify').status).toBe(0);
});

test('a run\u2019s artifact is registered from the run; bytes that are a version already stay that version', async () => {
  await clickTreeItem(page, /just now|min ago/, { button: 'right' });
  await chooseInMenu('Register as Model');
  await answerQuickInput(page, { pick: MODEL });
  await widget().getByText('model_v2.onnx of').waitFor();
  await answerQuickInput(page, {});
  await notification(page, /these bytes are car-loan version 2 already/).waitFor();
  await clear();
});

test.each([['light', 'Light Modern'], ['contrast', 'High Contrast']])('tree and panel are readable in the theme %s', async (name, theme) => {
  await runCommand(page, 'Preferences: Color Theme');
  await answerQuickInput(page, { type: theme, pick: theme });
  await until('another theme', async () => (await page.locator('.monaco-workbench').getAttribute('class'))?.includes(name === 'light' ? 'vs' : 'hc-black') ?? false);
  await row('production, version 3').click();
  const frame = await webviewFrame(page, `Registry: ${MODEL}`);
  await frame.getByText('balanced accuracy').first().waitFor();
  await screenshot(page, `models-${name}`);
});

test('an approval is signed by the key that git signs with; where git can\u2019t, what was typed is kept until it can', async () => {
  await clear();
  git('config', 'gpg.format', 'ssh');
  await row('version 2,').click({ button: 'right' });
  await chooseInMenu('Approve');
  await answerQuickInput(page, { pick: 'production' });
  await prompt(/What you looked at/);
  await answerQuickInput(page, { type: 'looked at it again' });
  await answerQuickInput(page, { pick: 'Approve and Sign' });
  await notification(page, /git can.t sign/).waitFor();
  await screenshot(page, 'models-cannot-sign');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ben', '-f', at('.git', 'key')]);
  writeFileSync(at('.git', 'signers'), `ben@example.org ${readFileSync(at('.git', 'key.pub'), 'utf8')}`);
  git('config', 'user.signingkey', at('.git', 'key.pub'));
  git('config', 'gpg.ssh.allowedSignersFile', at('.git', 'signers'));
  await press(/git can.t sign/, 'Try Again');
  await notification(page, /you approved car-loan 2 for production, signed\./).waitFor();
});

/** Another clone of the same repository. */
const other = temporaryWorkspace();

test('what another clone did comes with a pull: where the two disagree is told, with the way out', async () => {
  cpSync(at('registry'), path.join(other, 'registry'), { recursive: true });
  writeFileSync(path.join(other, 'runyard.yaml'), 'version: 1\nregistry: {share: registry, environments: [staging, production], edges: [{to: production, gates: []}]}\n');
  writeFileSync(path.join(other, 'another.onnx'), linearModel([1, 2]));
  const theirs = shippedCliMeanwhile(other, [['models', 'register', MODEL, '--file', 'another.onnx'], ['promote', MODEL, '4', '--to', 'production', '--reason', 'from afar', '--yes']]);
  const { status: code, stderr } = shippedCli(folder)('rollback', MODEL, '--environment', 'production', '--to', '1');
  expect(code, stderr).toBe(0);
  await theirs;
  await clear();
  cpSync(path.join(other, 'registry'), at('registry'), { recursive: true, filter: (file) => !file.endsWith('.jsonl') || !existsSync(at(path.relative(other, file))) });
  await press(/production of car-loan was moved in two places/, 'Settle');
  const frame = await webviewFrame(page, `Registry: ${MODEL}`);
  await frame.locator('vscode-button', { hasText: 'Keep v4' }).waitFor();
  await screenshot(page, 'models-conflict');
});

test('weights that only another machine has are fetched from a folder that is picked', async () => {
  await clear();
  await runCommand(page, 'Runyard: Fetch Weights');
  await answerQuickInput(page, { pick: 'version 4' });
  await press(/files of car-loan version 4 are not on this machine/, 'Choose a Folder');
  await widget().getByText('The folder that holds car-loan 4').waitFor();
  await screenshot(page, 'models-fetch-folder');
  await answerPathDialog(page, other);
  await notification(page, /weights of car-loan 4 are on this machine/).waitFor();
  await screenshot(page, 'models-fetched');
  await until('the version to be here', async () => !(await row('version 4,').getAttribute('aria-label'))?.includes('weights not here'));
});

test('a card is written: what only a person can say is asked for, in it and among the problems', async () => {
  await runCommand(page, 'Runyard: Write Model Card');
  await answerQuickInput(page, { pick: 'version 4' });
  await press(/only a person can write intended use/, 'Show Problems');
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'only a person can write what the model is for' }).waitFor();
  await screenshot(page, 'models-card');
});
