import { expect, it } from 'vitest';
import { sectionsOf } from '../../../../src/extension/views/facts';
import { runDetail } from '../../../support/extension-rows';

const section = (models: Parameters<typeof runDetail>[0]): ReturnType<typeof sectionsOf>[number] | undefined => sectionsOf(runDetail(models), 0).find(({ key }) => key === 'models');

it('a run\'s details name the models that it made and read', () => {
  const facts = section({ models: [
    { io: 'output', id: 'm-1', name: 'net', status: 'LOGGED_MODEL_READY', step: 3 }, { io: 'output', id: 'm-2', name: 'half', status: 'LOGGED_MODEL_PENDING', step: 0 },
    { io: 'input', id: 'm-3', name: 'm-3', status: 'LOGGED_MODEL_STATUS_UNSPECIFIED', step: 0 },
  ] })?.facts;
  expect(facts?.map(({ label, value, full }) => [label, value, full])).toEqual([['net', 'made · step 3 · ready', 'models:/m-1'], ['half', 'made · not whole yet', 'models:/m-2'], ['m-3', 'read', 'models:/m-3']]);
});

it('a run without models has no such section', () => {
  expect(section({})).toBeUndefined();
});
