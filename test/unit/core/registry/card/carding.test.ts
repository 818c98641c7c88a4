import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunyardError } from '../../../../../src/core/base/errors';
import { silentLog } from '../../../../../src/core/base/log';
import { defaultConfig } from '../../../../../src/core/config/schema';
import { carding, type Carding } from '../../../../../src/core/registry/card/carding';
import { cardFile } from '../../../../../src/core/registry/card/place';
import { nextEntry, type LedgerEntry } from '../../../../../src/core/registry/ledger/entry';
import type { EvaluationDoc } from '../../../../../src/protocol/evaluation/result';
import { detailOf, importance, kept, row } from './support';

let workspace: string;
let told: string[][];
let docs: Map<string, EvaluationDoc>;
beforeEach(() => {
  workspace = mkdtempSync(path.join(os.tmpdir(), 'runyard-cards-'));
  told = [];
  docs = new Map([kept().doc].map((doc) => [doc.id, doc]));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const entry = (last: LedgerEntry | null, version: number, t: number): LedgerEntry =>
  nextEntry('a'.repeat(16), last, { t, by: { name: 'Ana', email: '' }, kind: 'promoted', model: 'loans', version, environment: 'production', facts: { from: last?.version ?? null, reason: 'better' }, seen: {} });
const first = entry(null, 2, 1000);
const entries = [first, entry(first, 3, 2000)];

function service(over: { cards?: string } = {}): Carding {
  const config = defaultConfig();
  const loaded = { config: { ...config, registry: { ...config.registry, ...over } }, problems: [], places: {}, file: null };
  return carding({ workspace, log: silentLog, loaded: () => loaded, changed: (models) => void told.push(models) }, {
    ledger: { entries: () => entries },
    versions: { resolve: (_, ref) => (ref === 'production' ? 3 : Number(ref)) },
    evaluating: {
      get: (id) => {
        const doc = docs.get(id);
        return doc ? Promise.resolve(doc) : Promise.reject(new RunyardError('not_found', 'gone'));
      },
    },
    detail: () => Promise.resolve(detailOf([kept()])),
    history: () => [row('registered', 0), row('evaluated', 1), row('gates', 1), row('promoted', 3)],
  });
}
const cardOf = (over: { model?: string; version?: number | string; file?: string; write?: boolean } = {}) => service()['registry.card']({ model: 'loans', version: 3, write: true, ...over });
const read = (file = 'cards/loans-3.md'): string => readFileSync(path.join(workspace, file), 'utf8');

describe('writing', () => {
  test('puts the card where it belongs, tells the doors once, and changes nothing the second time', async () => {
    const made = await cardOf();
    expect(made).toMatchObject({ file: 'cards/loans-3.md', written: true, stale: 0 });
    expect(made.missing).toContain('intended-use');
    expect(read()).toBe(made.text);
    const { mtimeMs } = statSync(path.join(workspace, 'cards/loans-3.md'));
    expect(await cardOf({ version: 'production' })).toEqual({ ...made, written: false });
    expect(statSync(path.join(workspace, 'cards/loans-3.md')).mtimeMs).toBe(mtimeMs);
    expect([told, readdirSync(path.join(workspace, 'cards'))]).toEqual([[['loans']], ['loans-3.md']]);
  });
  test('tells what is live from the ledger, and no more of it than people did', async () => {
    const { text } = await cardOf();
    expect(text).toContain('`runyard rollback loans --environment production` goes back to version 2, live from 1970-01-01T00:00:01Z to 1970-01-01T00:00:02Z');
    // Else a check of the card by a gate would make it stale.
    expect(text).not.toContain('gates on day');
  });
  test('keeps a link to the file, and its rights', async () => {
    mkdirSync(path.join(workspace, 'docs'));
    writeFileSync(path.join(workspace, 'docs/real.md'), '');
    chmodSync(path.join(workspace, 'docs/real.md'), 0o600);
    symlinkSync('real.md', path.join(workspace, 'docs/card.md'));
    await cardOf({ file: 'docs/card.md' });
    expect(read('docs/real.md')).toContain('ry:card loans/3');
    expect(statSync(path.join(workspace, 'docs/real.md')).mode & 0o777).toBe(0o600);
  });
  test('only tells where it is asked to', async () => {
    const report = await cardOf({ write: false });
    expect(report).toMatchObject({ written: false, problems: [{ kind: 'missing', line: 1, message: 'there is no card of loans version 3: runyard card loans 3 writes it' }] });
    expect(readdirSync(workspace)).toEqual([]);
  });
  test.each([
    ["somebody's own file", '# Read me\n', 'is no model card'],
    ['the card of another version', '<!-- ry:card loans/2 -->\n', 'is the card of loans version 2, not of loans version 3'],
    ['a card of nobody', '<!-- ry:card loans -->\n', "doesn't say whose card it is"],
  ])('never goes over %s', async (_, text, message) => {
    writeFileSync(path.join(workspace, 'own.md'), text);
    await expect(cardOf({ file: 'own.md' })).rejects.toThrow(message);
    expect(read('own.md')).toBe(text);
  });
  test('into a folder, or a file in the way of one, is refused', async () => {
    await expect(cardOf({ file: '.' })).rejects.toMatchObject({ code: 'bad_input' });
    writeFileSync(path.join(workspace, 'cards'), '');
    await expect(cardOf()).rejects.toMatchObject({ code: 'refused' });
  });
});

test('what is kept with the evaluation of how columns matter stands in the card; what can\'t be read does not stop it', async () => {
  const folder = path.join(workspace, '.runyard/evaluations', kept().doc.id);
  mkdirSync(folder, { recursive: true });
  const at = path.join(folder, 'importance.json');
  writeFileSync(at, '{');
  expect((await cardOf()).text).toContain('No permutation importance of this evaluation is kept.');
  writeFileSync(at, JSON.stringify(importance()));
  expect((await cardOf()).text).toContain('| car_value |     0.12 |  0.01 |');
  rmSync(at);
  expect(await cardOf()).toMatchObject({ written: false, stale: 0 });
});

describe('checking', () => {
  test('holds what an editor holds against the evidence, wherever the file is and whatever is in it', async () => {
    const { text } = await cardOf();
    const report = await service()['registry.checkCard']({ file: 'elsewhere/copy.md', text: text.replace('0.890 (0.855', '0.99 (0.855') });
    expect(report).toMatchObject({ file: 'elsewhere/copy.md', stale: 1, written: false, text });
    expect(report.problems.find(({ kind }) => kind === 'stale')).toMatchObject({ section: 'evaluation', message: 'says 0.99 (0.855 to 0.917), the evidence says 0.890 (0.855 to 0.917)' });
    expect(read()).toBe(text);
  });
  test('of the file on the disk is what a gate asks for', async () => {
    await cardOf();
    const file = path.join(workspace, 'cards/loans-3.md');
    writeFileSync(file, read().replace('nothing uncommitted', 'x').replace('MIT', 'GPL'));
    expect((await service().check('loans', 3)).problems.filter(({ kind }) => kind === 'stale').map(({ message }) => message)).toEqual(['says GPL, the evidence says MIT']);
    expect(await service()['registry.checkCard']({ file })).toMatchObject({ file: 'cards/loans-3.md', stale: 1 });
  });
  test('refuses what is no card, and names what is not there', async () => {
    await expect(service()['registry.checkCard']({ file: 'x.md', text: '# Hello' })).rejects.toMatchObject({ code: 'bad_input', message: 'x.md is no model card' });
    await expect(service()['registry.checkCard']({ file: 'x.md' })).rejects.toMatchObject({ code: 'not_found', message: 'there is no file x.md' });
  });
  test('goes on without an evaluation that was deleted by hand', async () => {
    await cardOf();
    docs.clear();
    const report = await service().check('loans', 3);
    const stale = report.problems.filter(({ kind, section }) => kind === 'stale' && section !== 'privacy');
    expect(stale.map(({ replacement }) => replacement).filter((one) => one !== null)).toEqual([]);
    expect(stale[0]?.message).toContain('kept on this machine');
    expect(report.text).toBe(read());
  });
});

test.each([
  ['loans', 'cards/loans-3.md'], ['../../etc/passwd', 'cards/_._.._etc_passwd-3.md'], ['.hidden', 'cards/_hidden-3.md'], ['a:b', 'cards/a_b-3.md'], ['x'.repeat(300), `cards/${'x'.repeat(100)}-3.md`],
])('the card of %s lies in the folder for cards', (model, file) => expect(cardFile({ cards: 'cards' }, model, 3)).toBe(file));
