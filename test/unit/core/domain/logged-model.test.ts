import { describe, expect, it } from 'vitest';
import { hear, type Heard, type LoggedModel } from '../../../../src/core/domain/logged-model';
import { wireModel } from '../../../../src/protocol/logged-model';

const ID = `m-${'0'.repeat(32)}`;
const said = (t: number, info: Record<string, unknown> = {}, more: Partial<Heard> = {}): Heard =>
  ({ t, experiment: 3, model: wireModel.parse({ info: { model_id: ID, name: 'net', last_updated_timestamp_ms: t * 1000, ...info }, data: { params: [{ key: 'p', value: '1' }] } }), ...more });
const known = (...all: Heard[]): LoggedModel | undefined => all.reduce<LoggedModel | undefined>((before, one) => hear(before, one) ?? before, undefined);

describe('what a spool tells of a logged model', () => {
  it('makes it, with what is absent empty', () => {
    expect(known(said(5, { source_run_id: null, model_type: null, last_updated_timestamp_ms: '5000' }))).toEqual({
      id: ID, experiment: 3, name: 'net', type: '', status: 'LOGGED_MODEL_PENDING', statusMessage: '', run: '', artifacts: '', created: 0, updated: 5000, deleted: false, params: { p: '1' }, tags: {}, heard: 5,
    });
  });

  it('changes nothing when it is told again, late or in another order', () => {
    const events = [said(1, { tags: [{ key: 'a', value: '1' }] }), said(2, { status: 'LOGGED_MODEL_READY' }), said(3, { tags: [{ key: 'b', value: '2' }] }, { delTags: ['a'] })];
    const once = known(...events);
    expect(once).toMatchObject({ tags: { b: '2' }, status: 'LOGGED_MODEL_PENDING', heard: 3 });
    expect(known(...events, ...events)).toEqual(once);
    expect(known(...events, said(2))).toEqual(once);
  });

  it('gives way to what the engine was told later', () => {
    const made = known(said(1));
    const here = { ...(made as LoggedModel), status: 'LOGGED_MODEL_READY' as const, updated: 9000, heard: 9 };
    expect(hear(here, said(5, { status: 'LOGGED_MODEL_UPLOAD_FAILED' }))).toBeNull();
    expect(hear(here, said(10, { last_updated_timestamp_ms: 8000 }))).toBeNull();
    expect(hear({ ...here, updated: 1000 }, said(5))).toBeNull();
    expect(hear({ ...here, deleted: true }, said(11))).toMatchObject({ deleted: true, heard: 11 });
  });

  it('is refused where it is no model', () => {
    for (const info of [{}, { model_id: 'm-1' }, { model_id: ID, status: 'READY' }]) expect(wireModel.safeParse({ info }).success).toBe(false);
  });
});
