import { describe, expect, test } from 'vitest';
import type { HistoryRow, LiveRow, ModelDetail, VersionRow } from '../../../../../src/protocol/registry';
import { choices, looked, stagesOf, wereLive } from '../../../../../webview/registry/model/pipeline';

const by = { name: 'Ana', email: '' };
const liveRow = (environment: string, version: number | null): LiveRow => ({ environment, version, since: version, by, reason: '', forced: false, whole: true });
const version = (number: number, live: string[] = []): VersionRow => ({ model: 'm', version: number, created: number, author: by, description: '', tags: {}, aliases: [], digest: '', size: 1, run: null, licence: '', live, was: [], here: true, evaluation: null });
function detail(more: { live?: LiveRow[]; versions?: VersionRow[]; waiting?: ModelDetail['model']['waiting'] } = {}): ModelDetail {
  const versions = more.versions ?? [version(1, ['production']), version(2, ['staging']), version(3)];
  return {
    model: { name: 'm', description: '', versions: versions.length, latest: versions.at(-1)?.version ?? null, updated: 0, aliases: {}, live: more.live ?? [liveRow('staging', 2), liveRow('production', 1)], waiting: more.waiting ?? [] },
    versions, environments: [{ name: 'staging', from: [null], gates: [] }, { name: 'production', from: ['staging', 'canary'], gates: ['slices'] }], comments: [], conflicts: [],
  };
}
const move = (environment: string, number: number | null, kind = 'promoted'): HistoryRow => ({ hash: '', clone: '', n: 0, t: 0, by, kind, model: 'm', version: number, environment, text: '', forced: false, facts: {} });

describe('the pipeline', () => {
  test('has an arrow where the edge is allowed, and names the other ways in', () => {
    const [staging, production] = stagesOf(detail(), []);
    expect([staging?.arrow, staging?.others, production?.arrow, production?.others]).toEqual([true, ['anywhere'], true, ['canary']]);
  });

  test('offers a way back only where another version was live', () => {
    expect(stagesOf(detail(), [move('production', 1), move('staging', 1), move('staging', 2)]).map((stage) => stage.back)).toEqual([true, false]);
  });

  test('an environment without a live version is empty, not version null', () => {
    expect(stagesOf(detail({ live: [liveRow('staging', null)] }), []).map((stage) => stage.live)).toEqual([null, null]);
  });

  test('knows what was live, the last one first, each once; approvals are no moves', () => {
    expect(wereLive([move('a', 1), move('a', 2), move('b', 9), move('a', 7, 'approved'), move('a', 1, 'rolledBack'), move('a', null, 'rolledBack')], 'a')).toEqual([1, 2]);
  });
});

describe('what is looked at first', () => {
  const none = { version: null, environment: null };
  test('is what waits for somebody', () => {
    expect(looked(detail({ waiting: [{ model: 'm', version: 2, environment: 'production', have: 0, need: 1, since: 0 }] }), none)).toEqual({ version: 2, environment: 'production' });
  });
  test('else the newest version, for the last environment that it isn\u2019t live in', () => {
    expect(looked(detail(), none)).toEqual({ version: 3, environment: 'production' });
    expect(looked(detail({ versions: [version(1, ['production'])] }), none)).toEqual({ version: 1, environment: 'staging' });
  });
  test('is the next stage of a version that is live in the one before', () => {
    expect(looked(detail(), { version: 2, environment: null })).toEqual({ version: 2, environment: 'production' });
  });
  test('is what was chosen as long as it exists', () => {
    expect(looked(detail(), { version: 1, environment: 'staging' })).toEqual({ version: 1, environment: 'staging' });
    expect(looked(detail(), { version: 99, environment: 'gone' })).toEqual({ version: 3, environment: 'production' });
  });
  test('is nothing where there is no version', () => {
    expect(looked(detail({ versions: [], live: [] }), none).version).toBeNull();
  });
});

test('the list of candidates is short but never lacks one that matters', () => {
  const many = Array.from({ length: 500 }, (_, at) => version(at + 1));
  expect(choices(detail({ versions: many }), 3, [77])).toEqual([500, 499, 498, 77, 2, 1]);
});
