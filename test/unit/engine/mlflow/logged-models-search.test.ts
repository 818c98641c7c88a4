import { beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import { createLoggedModels } from '../../../../src/core/registry/logged-models';
import { openStore } from '../../../../src/core/store/open';
import type { Store } from '../../../../src/core/store/store';
import { readFields } from '../../../../src/engine/mlflow/fields';
import { loggedModelSearch, searchLoggedModels } from '../../../../src/engine/mlflow/logged-model-search';
import type { SpoolEvent, WireNumber } from '../../../../src/protocol/spool';
import { id, say, spec } from '../../core/store/support';

const dir = mkdtempSync(path.join(tmpdir(), 'runyard-models-'));
let store: Store;
let models: ReturnType<typeof createLoggedModels>;
const ids = new Map<string, string>();

/** Models a to e of experiment 1: acc 0.1, 0.2 (on 'set'), 0.3 and later 0.05, NaN, none; f is deleted, g is of experiment 2. */
beforeAll(() => {
  let t = 0;
  store = openStore({ dir, log: silentLog, clock: () => (t += 1) });
  models = createLoggedModels(store.records, () => (t += 1));
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    const made = models.create({ experiment: name === 'g' ? 2 : 1, name, type: name < 'c' ? 'x' : 'y', run: name === 'a' ? id(1) : '', params: { depth: name }, tags: { side: name === 'b' ? 'left' : 'right' }, location: 'mlflow-artifacts:/1' });
    ids.set(name, made.id);
  }
  models.remove(ids.get('f') ?? '');
  models.finalize(ids.get('c') ?? '', 'LOGGED_MODEL_READY');
  store.createRun(spec(1), 'running');
  const acc = (name: string, value: WireNumber, at: number, dataset?: { name: string; digest: string }): SpoolEvent => ({ e: 'm', t: at, s: 0, m: { acc: value }, model: ids.get(name), ...(dataset ? { dataset } : {}) });
  say(store, 1, acc('a', 0.1, 1), acc('b', 0.2, 1, { name: 'set', digest: 'd' }), acc('c', 0.3, 1), acc('c', 0.05, 2, { name: 'set', digest: 'other' }), acc('d', 'NaN', 1));
});
afterAll(() => {
  store.dispose();
  rmSync(dir, { recursive: true, force: true });
});

interface Page { models: { info: { name: string } }[]; next_page_token?: string }
const search = (fields: Record<string, unknown>): Page => searchLoggedModels({ store, models }, readFields(loggedModelSearch, { experiment_ids: ['1'], ...fields })) as Page;
const names = (page: Page): string => page.models.map(({ info }) => info.name).join('');

describe('logged models', () => {
  it('are those of the experiments, the newest first, without the deleted', () => {
    expect([names(search({})), names(search({ experiment_ids: ['1', '2'] })), names(search({ experiment_ids: ['x', '9'] })), names(search({ experiment_ids: [] }))]).toEqual(['edcba', 'gedcba', '', '']);
  });

  it.each([
    ["name = 'a'", 'a'], ["attributes.name != 'a'", 'edcb'], ["name IN ('a', 'b')", 'ba'], ["name NOT IN ('a', 'b')", 'edc'], ["name ILIKE 'A'", 'a'], ["model_type = 'x' AND params.depth = 'b'", 'b'],
    ["params.`depth` LIKE '%'", 'edcba'], ["tags.side = 'left'", 'b'], ["tags.nothing != 'x'", ''], [`source_run_id = '${id(1)}'`, 'a'], ["status = 'LOGGED_MODEL_READY'", 'c'], ['creation_timestamp > 0', 'edcba'],
    ['metrics.acc > 0.15', 'cb'], ['metrics.acc < 0.08', 'c'], ['metrics.acc >= 0.1 AND metrics.acc <= 0.2', 'cba'], ['metrics.nothing > 0', ''],
  ])('are found by %s', (filter, found) => {
    expect(names(search({ filter }))).toBe(found);
  });

  it('are found by what was measured on a dataset', () => {
    const on = (dataset: Record<string, string>, filter = ''): string => names(search({ filter, datasets: [dataset] }));
    expect([on({ dataset_name: 'set' }), on({ dataset_name: 'set', dataset_digest: 'd' }), on({ dataset_name: 'set' }, 'metrics.acc > 0.1'), on({ dataset_name: 'none' })]).toEqual(['cb', 'b', 'b', '']);
    expect(() => on({ dataset_digest: 'd' })).toThrow(/dataset_name/);
  });

  it.each([
    [{ field_name: 'name', ascending: true }, 'abcde'], [{ field_name: 'metrics.acc', ascending: true }, 'cabde'], [{ field_name: 'metrics.acc', ascending: 'false' }, 'bacde'],
    [{ field_name: 'metrics.acc', dataset_name: 'set', ascending: false }, 'bceda'], [{ field_name: 'metrics.acc', dataset_name: 'set', dataset_digest: 'd' }, 'bedca'],
    [{ field_name: 'creation_time' }, 'abcde'], [{ field_name: 'last_updated_timestamp', ascending: false }, 'cedba'], [{ field_name: 'status', ascending: false }, 'cedba'],
  ])('are ordered by %j', (order, found) => {
    expect(names(search({ order_by: [order] }))).toBe(found);
  });

  it.each([['bad', /Invalid order by field name: bad/], ['params.depth', /Only metrics are supported/], ['', /Invalid order by/]])('can\'t be ordered by %j', (field_name, why) => {
    expect(() => search({ order_by: [{ field_name }] })).toThrow(why);
  });

  it.each([["nme = 'x'"], ["name > 'x'"], ["metrics.acc = 'x'"], ['params.depth > 1'], ["name = 'a' OR name = 'b'"]])('refuse %s', (filter) => {
    expect(() => search({ filter })).toThrow();
  });

  it('come in pages that hold each once; a token is good for its own search only', () => {
    const asked = { max_results: 2, order_by: [{ field_name: 'name' }] };
    const first = search(asked);
    const second = search({ ...asked, page_token: first.next_page_token });
    const third = search({ ...asked, page_token: second.next_page_token });
    expect([first, second, third].map(names)).toEqual(['ab', 'cd', 'e']);
    expect(third.next_page_token).toBeUndefined();
    expect(() => search({ ...asked, filter: "name != 'a'", page_token: first.next_page_token })).toThrow(/Filter string in the page token/);
    expect(() => search({ ...asked, order_by: [], page_token: first.next_page_token })).toThrow(/Order by in the page token/);
    expect(() => search({ ...asked, experiment_ids: ['2'], page_token: first.next_page_token })).toThrow(/Experiment IDs in the page token/);
    expect(() => search({ page_token: 'zz' })).toThrow(/Invalid page token/);
    expect(() => search({ max_results: -1 })).toThrow(/max_results/);
  });
});
