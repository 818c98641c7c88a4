import { describe, expect, it } from 'vitest';
import { clientFilter, clientOrder } from '../../../../src/engine/mlflow/run-filter';

describe('a search of MLflow\'s', () => {
  it.each([
    ["status = 'FINISHED'", "attributes.`client_status` = 'FINISHED'"], ["attr.status LIKE 'F%'", "attributes.`client_status` IN ('finished', 'failed', 'lost')"], ["status LIKE 'f%'", "attributes.`run_id` IN ('')"],
    ["attributes.status ILIKE 'run%'", "attributes.`client_status` IN ('running')"], ['start_time > 1003000', 'attributes.`start_time` > 1003'], ["metrics.`a b` >= 0.5 AND params.x != 'y'", "metrics.`a b` >= 0.5 AND params.`x` != 'y'"],
    ["status = 'none'", "attributes.`run_id` IN ('')"], ["status != 'none' and metrics.a > 1", 'metrics.`a` > 1'],
    ["run_id IN ('a', 'b')", "attributes.`run_id` IN ('a', 'b')"], ["run_id IN ('a',)", "attributes.`run_id` IN ('a')"], ['tags.x IS NOT NULL', 'tags.`x` IS NOT NULL'],
  ])('%s is read', (asked, ours) => expect(clientFilter(asked)).toBe(ours));

  it.each([["metrics.a IS NULL", /for params and tags/], ['params.lr = 0.1', /quoted string/], ["params.lr IN ('a')", /list of quoted/], ["status IN ('FINISHED')", /list of quoted/]])('%s is outside the grammar', (asked, why) => {
    expect(() => clientFilter(asked)).toThrowError(why);
  });

  it('is newest first after what it asks for', () => expect(clientOrder(['status DESC'])).toEqual(['attributes.`client_status` DESC', 'attributes.start_time DESC', 'attributes.run_id']));
});
