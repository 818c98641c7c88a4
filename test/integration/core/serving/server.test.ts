import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixture, logged, post, serve, workspace } from './support';

const CARDS = fixture('p2_multiclass_cards', 'model.onnx');
const card = { acq_channel: 'Partner1', app_channel: 'web', app_behavioral_score: 1.5, requested_credit_limit: 500, credit_bureau_score: 300, stated_income: 20_000, is_customer: true };

describe('a scoring server', () => {
  test('answers in the protocol, logs what it answered, and ends with status 0', async () => {
    const place = workspace();
    await place.promote(3, CARDS);
    const running = await serve(place);
    const first = await post(running.address, { dataframe_records: [card, { ...card, acq_channel: null }], params: { probabilities: true } }, { 'x-request-id': 'first' });
    expect(first.status).toBe(200);
    expect(first.headers.get('x-request-id')).toBe('first');
    expect(first.headers.get('x-runyard-version')).toBe('3');
    running.process.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(readdirSync(path.join(place.log, 'open'))).toEqual([]);
    const rows = await logged(place.log, 'ry_request, ry_row, ry_version, ry_role, ry_prediction, ry_p_prepaid_card AS p, acq_channel, stated_income, is_customer');
    expect(rows).toEqual([0, 1].map((row) => ({
      ry_request: 'first', ry_row: BigInt(row), ry_version: 3n, ry_role: 'live', ry_prediction: first.body.predictions?.[row], p: first.body.probabilities?.[row]?.['prepaid_card'],
      acq_channel: row === 0 ? 'Partner1' : null, stated_income: 20_000n, is_customer: 'True',
    })));
  });
});
