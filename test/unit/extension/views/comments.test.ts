import { expect, it } from 'vitest';
import { sectionsOf } from '../../../../src/extension/views/facts';
import { runDetail } from '../../../support/extension-rows';

it('what people said of a run stands with who and when, its lines as one', () => {
  const said = { id: '1', by: { name: '', email: 'ana@example.org' }, t: 0, text: 'why so\nslow?', on: { run: 'r' } };
  const section = sectionsOf(runDetail(), 300, [said]).find(({ key }) => key === 'comments');
  expect(section?.facts.map(({ label, value }) => [label, value])).toEqual([['ana@example.org', 'why so slow? · 5 min ago']]);
  expect(section?.facts[0]?.full).toContain('why so\nslow?');
});
