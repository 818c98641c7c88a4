import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CardEvidence } from '../../../../../src/core/registry/card/evidence';
import { cardHead } from '../../../../../src/core/registry/card/layout';
import { readMarks } from '../../../../../src/core/registry/card/marks';
import { apply, review } from '../../../../../src/core/registry/card/review';
import { WRITINGS } from '../../../../../src/core/registry/card/sections';
import { detailOf, evidence, hash, importance, kept, row } from './support';

const refreshed = (text: string, of: CardEvidence): string => apply(text, review(text, of).edits);
const fresh = (of: CardEvidence): string => refreshed(cardHead(of, 'loans/3'), of);
const RUNS = { numRuns: 25 };

const name = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('a|b', '<!-- /ry -->', 'x\ny', '`', '--', '_', 'ü')).filter((one) => one !== '__proto__');
const evaluation = fc.record({ name, id: fc.integer().map((seed) => hash(String(seed)).slice(0, 32)), value: fc.double({ min: 0, max: 1, noNaN: true }), slices: fc.uniqueArray(name, { maxLength: 25 }), kept: fc.boolean() }).map((made) => {
  const { doc } = kept();
  const figures = { n: 400, accuracy: made.value };
  const [, one] = doc.slices;
  if (!one) throw new Error('no slice');
  return kept({ id: made.id, name: made.name, overall: { ...doc.overall, figures }, slices: made.slices.map((slice, at) => ({ ...one, name: slice, figures: { n: 10 + at, accuracy: (at * made.value) / 25 } })) }, made.kept ? importance() : null);
});
/** Any state of a version. */
const state: fc.Arbitrary<CardEvidence> = fc.record({ evaluations: fc.uniqueArray(evaluation, { maxLength: 3, selector: (one) => one.name }), comment: name, licence: name, events: fc.array(name, { maxLength: 4 }), personal: fc.dictionary(name, name, { maxKeys: 3 }) }).map((made) => {
  const plain = evidence();
  const detail = detailOf(made.evaluations);
  return evidence({
    evaluations: made.evaluations, detail: { ...detail, facts: { ...detail.facts, licence: made.licence }, approvals: detail.approvals.map((one) => ({ ...one, comment: made.comment })) },
    history: made.events.map((text, at) => row('approved', at, { text })), config: { ...plain.config, personal: made.personal },
  });
});

/** What people might type, and what looks like ours but isn't whole. */
const fragment = fc.oneof(
  fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\n\n', '# A heading', '| a | b |', '```', '-->', '<!--', '<!-- ry:', '<!-- /ry -->', '<!-- ry:nothing/at/all -->', '<!-- ry:evaluation/loans/accuracy', '<!-- ry:section limits', '<!-- /ry:', '<!-- a note -->'),
);
const said = fc.array(fragment, { maxLength: 8 }).map((all) => all.join(''));

describe('for any state', () => {
  test('a card that was just made has nothing stale or broken in it', () => {
    fc.assert(fc.property(state, (of) => void expect(review(fresh(of), of).problems.filter(({ kind }) => kind !== 'missing')).toEqual([])), RUNS);
  });
  test('a second time changes nothing', () => {
    fc.assert(fc.property(state, (of) => void expect(refreshed(fresh(of), of)).toBe(fresh(of))), RUNS);
  });
  test('a card of another state comes to be fresh in one step', () => {
    fc.assert(fc.property(state, state, (before, after) => {
      const text = refreshed(fresh(before), after);
      // What was taken from an evaluation that isn't kept any more stands as it was.
      expect(review(text, after).problems.filter(({ kind, replacement }) => kind !== 'missing' && replacement !== null)).toEqual([]);
      expect(refreshed(text, after)).toBe(text);
    }), RUNS);
  });
});

describe('whatever a person writes', () => {
  // Also whole figures of ours, in sentences that only a person may change.
  const bound = fc.tuple(said, fc.constantFrom('', '<!-- ry:version/licence @ab -->ours<!-- /ry -->', '<!-- ry:config/personal -->\n\nx\n\n<!-- /ry -->'), said).map((parts) => parts.join(''));
  const texts = fc.array(bound.filter((text) => !text.includes('/ry:write')), { minLength: WRITINGS.length, maxLength: WRITINGS.length });
  test('in their sections stays, byte for byte, when the state changes', () => {
    fc.assert(fc.property(state, state, texts, (before, after, words) => {
      const text = WRITINGS.reduce((card, { id }, at) => card.replace(`<!-- ry:write ${id} -->`, () => `<!-- ry:write ${id} -->\n${words[at] ?? ''}\n`), fresh(before));
      const next = refreshed(text, after);
      const of = (card: string): string[] => readMarks(card).writings.map(({ from, to }) => card.slice(from, to));
      expect(of(next)).toEqual(of(text));
      expect(of(next)).toHaveLength(WRITINGS.length);
    }), RUNS);
  });
  test('between sections, and before and behind them, is never taken out', () => {
    fc.assert(fc.property(state, state, fc.array(said, { minLength: 1, maxLength: 5 }), (before, after, words) => {
      const anchors = fresh(before).split(/(?=<!-- ry:section)/);
      const text = anchors.map((part, at) => `${part}${words[at % words.length] ?? ''}`).join('');
      // Only figures are taken out; all else is put in between.
      const { figures } = readMarks(text);
      const others = review(text, after).edits.filter(({ start, end }) => start !== end && !figures.some((one) => one.start === start && /^\s*$/.test(text.slice(one.end, end))));
      expect(others).toEqual([]);
      const sorted = review(text, after).edits.toSorted((a, b) => a.start - b.start);
      expect(sorted.filter(({ start }, at) => start < (sorted[at - 1]?.end ?? 0))).toEqual([]);
      const next = refreshed(text, after);
      expect(refreshed(next, after)).toBe(next);
    }), RUNS);
  });
});
