import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { MethodResults } from '../../../../src/protocol/engine';
import { until } from '../../../support/until';
import { start, type Ran } from '../../cli/support';
import { eachLab } from '../../engine/support';

const set = (file: string): string => path.resolve(import.meta.dirname, '../../../fixtures/reference/p1_binary_breast_cancer', file);
const config = (slices: string): string => `version: 1
registry:
  environments: [production]
  edges: [{to: production, gates: [{gate: card, sections: [Privacy, Evaluation]}]}]
  personal: {mean radius: rounded before it is stored}
evaluations:
  tumours: {model: ${set('model.onnx')}, data: ${set('current.csv')}, label: benign, positive: 1, replicates: 100}
slices:
  large: {where: "\\"mean radius\\" > 15"}
${slices}`;

const here = eachLab(({ workspace }) => writeFileSync(path.join(workspace, 'runyard.yaml'), config('')));
const by = { name: 'Ana Gil', email: 'ana@example.org' };
const of = { model: 'tumours', version: 1 };
const runyard = (...words: string[]): Promise<Ran> => start(here.cli, here.workspace, words).done;
const file = (): string => path.join(here.workspace, 'cards', 'tumours-1.md');
const card = (): string => readFileSync(file(), 'utf8');
const stale = ({ problems }: MethodResults['registry.card']): string[] => problems.filter(({ kind }) => kind === 'stale').map(({ message }) => message);

test('a card is written from a real evaluation, keeps what a person wrote, tells what became stale, and lets a gate pass once it is fresh', async () => {
  const engine = await here.connect();
  const evaluate = async (job: string) => (await engine.request('evaluations.run', { job, configured: 'tumours' })).evaluation;
  const look = (): Promise<MethodResults['registry.card']> => engine.request('registry.card', { ...of, write: false });
  await engine.request('registry.register', { model: 'tumours', file: set('model.onnx'), licence: 'CC-BY-4.0', by });
  const empty = await runyard('card', 'tumours', '1', '--check');
  expect(empty).toEqual({ status: 1, err: '', out: 'cards/tumours-1.md:1:1: missing: there is no card of tumours version 1: runyard card tumours 1 writes it\n1 missing\n' });

  const first = await evaluate('a');
  expect(await runyard('card', 'tumours', 'latest')).toEqual({
    status: 0, out: '', err: 'runyard: cards/tumours-1.md is written\nrunyard: only a person can write 6 sections of it: intended use, out of scope use, training data, limits, displacement and impact, monitoring plan\n',
  });
  // The figure of the reference files, with Wilson's interval.
  expect(card()).toContain(`<!-- ry:evaluation/tumours/accuracy @${first.id.slice(0, 16)} -->0.922 (0.884 to 0.948)<!-- /ry -->`);
  expect(card()).toMatch(/^\| large +\| +\d+ \|/m);
  expect(card()).toMatch(/^\| mean radius \| the model reads it \| rounded before it is stored \|$/m);
  expect(card()).toContain('-->CC-BY-4.0<!-- /ry -->');

  // A person writes, and changes a figure by hand.
  writeFileSync(file(), card().replace('<!-- ry:write limits -->', '<!-- ry:write limits -->\nWe never tried it on children.').replace('0.922 (0.884 to 0.948)', '0.95'));
  const edited = await engine.request('registry.checkCard', { file: file() });
  expect([stale(edited), edited.missing.includes('limits')]).toEqual([['says 0.95, the evidence says 0.922 (0.884 to 0.948)'], false]);
  const gate = await engine.request('registry.gate', { ...of, to: 'production', job: 'b', by });
  expect([gate.outcome, gate.gates[0]?.evidence[0]?.text]).toEqual(['fail', expect.stringMatching(/^cards\/tumours-1\.md:\d+: says 0\.95, the evidence says 0\.922/)]);

  // Another slice: a newer evaluation, and another card.
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), config('  small: {where: "\\"mean radius\\" <= 10"}\n'));
  await until('the other slice to be seen', async () => (await evaluate('c')).id !== first.id);
  expect(stale(await look())[0]).toContain('there is a newer evaluation');
  expect((await runyard('card', 'tumours', '1')).status).toBe(0);
  expect(card()).toMatch(/^\| small +\| +\d+ \|/m);
  expect(card()).toContain('<!-- ry:write limits -->\nWe never tried it on children.\n');
  const whole = card();
  expect(await engine.request('registry.card', of)).toMatchObject({ written: false, stale: 0, text: whole });
  expect((await runyard('card', 'tumours', '1', '-o', '-')).out).toBe(whole);

  // The gate has what it wants; what it writes into the ledger itself doesn't make the card stale, a promotion does.
  const promoted = await engine.request('registry.promote', { ...of, to: 'production', job: 'd', reason: 'fresh', by });
  expect([promoted.promoted, promoted.report.outcome]).toEqual([true, 'pass']);
  expect(stale(await look()).at(-1)).toMatch(/^the history grew by 1: .*production/);
  await engine.request('registry.card', of);
  expect(card()).toMatch(/^\| production +\| this version \| \d{4}-/m);
}, 120_000);
