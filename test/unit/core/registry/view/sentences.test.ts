import { describe, expect, test } from 'vitest';
import { LEDGER_KINDS, nextEntry, type LedgerFacts } from '../../../../../src/core/registry/ledger/entry';
import { sentenceOf } from '../../../../../src/core/registry/view/sentences';
import { facts } from './support';

const by = { name: 'Ana', email: 'ana@example.org' };
const said = (kind: LedgerFacts['kind'], of: Record<string, unknown>, rest: Partial<LedgerFacts> = {}): string =>
  sentenceOf(nextEntry('0123456789abcdef', null, { t: 1, by, kind, model: 'loan', version: 3, environment: 'production', facts: of, ...rest, seen: {} }));
const digest = 'a';

describe('an entry as people read it', () => {
  test.each([
    ['registered', facts(digest), 'Ana registered version 3 from model.onnx (digest ca978112ca1b)'],
    ['registered', facts(digest, { run: 'f'.repeat(32), source: { kind: 'run', text: 'f'.repeat(32) } }), 'Ana registered version 3 from run ffffffff (digest ca978112ca1b)'],
    ['evaluated', { evaluation: 'e', metric: 'accuracy', value: 0.92183, low: 0.884, high: 0.948, rows: 500, name: 'held out', outcome: 'pass' }, "Ana evaluated version 3 with 'held out': accuracy 0.9218 (0.884 to 0.948) on 500 rows: pass"],
    ['gates', { to: 'production', outcome: 'pass', gates: [] }, 'the gates to production for version 3, asked by Ana: pass'],
    ['gates', { to: 'production', outcome: 'fail', gates: [{ kind: 'slices', name: 'slices', outcome: 'fail', blocks: true, reason: 'purpose=car is worse' }, { kind: 'pinned', name: 'pinned', outcome: 'pass', blocks: false, reason: '' }] },
      'the gates to production for version 3, asked by Ana: fail, stopped by slices (purpose=car is worse)'],
    ['approved', { comment: 'looked at\nall of it', signature: null }, 'Ana approved version 3 for production: looked at all of it'],
    ['approved', { comment: 'fine', signature: { kind: 'git', commit: 'x' } }, 'Ana approved version 3 for production and signed it: fine'],
    ['rejected', { comment: 'no', signature: null }, 'Ana rejected version 3 for production: no'],
    ['promoted', { from: 2, reason: 'better' }, 'Ana promoted version 3 to production in place of version 2: better'],
    ['forced', { from: null, reason: 'it burns', blocked: ['slices', 'pinned'] }, 'Ana FORCED version 3 into production (nothing was live) against slices, pinned: it burns'],
    ['rolledBack', { from: 4, reason: 'complaints', cause: 'person' }, 'Ana rolled production back from version 4 to version 3: complaints'],
    ['rolledBack', { from: 4, reason: '', automatic: true, cause: 'hook' }, 'production went back by itself from version 4 to version 3, because a hook failed'],
    ['hook', { name: 'notify', outcome: 'failed', status: 2, duration: 1.2345 }, "the hook 'notify' of production failed with status 2 after 1.234 s"],
    ['hook', { name: 'notify', outcome: 'not run', output: 'another move came after' }, "the hook 'notify' of production was NOT RUN: another move came after"],
    ['hook', { name: 'smoke', outcome: 'stayed', output: 'going back failed' }, "version 3 STAYED in production although the hook 'smoke' asked for the way back: going back failed"],
    ['hook', { name: 'notify', outcome: 'done', status: 0, duration: 0.5 }, "the hook 'notify' of production was done after 0.5 s"],
    ['alias', { alias: 'champion', version: 3 }, "Ana pointed the alias 'champion' at version 3"],
    ['alias', { alias: 'champion', version: null }, "Ana took the alias 'champion' away"],
    ['described', { description: 'for cars', setTags: { team: 'risk' }, deleteTags: ['old'] }, "Ana, of version 3: described it as 'for cars', set the tag team to 'risk', took the tag old away"],
    ['deleted', {}, 'Ana deleted version 3'],
    ['comment', { id: 'c', text: 'odd', on: { model: 'loan', version: 3, slice: 'young' } }, "Ana commented on the slice 'young' of version 3: odd"],
  ] as const)('%s', (kind, of, text) => { expect(said(kind, of)).toBe(text); });

  test('going back to nothing says so', () => {
    expect(said('rolledBack', { from: 3, automatic: true, cause: 'pointer' }, { version: null })).toBe('production went back by itself from version 3 to nothing, because the files could not be put in place');
  });

  test('says something of every kind, also where its facts can\'t be read', () => {
    for (const kind of LEDGER_KINDS) expect(said(kind, { from: 'x', gates: 7, comment: 1, alias: [], name: null, setTags: 1, digest: null, evaluation: 0, reason: {} })).toMatch(/\S/);
    expect(said('registered', {})).toBe("Ana wrote 'registered' of version 3, in words that this Runyard can't read");
  });
});
