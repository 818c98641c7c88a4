import { RunyardError } from '../../core/base/errors';
import type { AlertRow } from '../../protocol/monitoring';
import { EXIT, type Invocation } from '../command';
import type { Subcommand } from '../registry/subcommand';
import { actor } from '../registry/who';
import { needed, textOf } from '../registry/words';
import { alertLine } from './alert-text';
import { momentIn, spanIn } from './moments';

type Action = 'acknowledge' | 'snooze' | 'resolve' | 'reopen';
const reason = { value: 'TEXT', help: 'why: it stays with the alert; - is standard input' };
const words = { least: 1, most: 1, what: "an alert's id, or its beginning" };

const DONE: Readonly<Record<Action, string>> = { acknowledge: 'acknowledged', snooze: 'snoozed', resolve: 'resolved', reopen: 'open again' };

async function act(call: Invocation, alert: string, how: { action: Action; reason: string; until?: number }): Promise<number> {
  const by = await actor(call.io);
  const row = await (await call.engine()).request('alerts.act', { alert, ...how, ...by });
  return said(call, row, DONE[how.action]);
}

function said(call: Invocation, row: AlertRow, what: string): number {
  call.answer(row, () => call.io.out.line(`${what}: ${alertLine(row)}`));
  return EXIT.done;
}

const given = (call: Invocation): string => {
  const text = call.text('reason');
  return text === undefined ? '' : textOf(text);
};
const mustSay = (call: Invocation): string => textOf(needed(call, 'reason', { value: 'TEXT', example: '"what it was"' }));

export const acknowledge: Subcommand = {
  name: 'acknowledge', usage: 'ID [--reason TEXT]', summary: 'say that you look after it: it is quiet from then on', options: { reason }, words,
  run: (call, [alert = '']) => act(call, alert, { action: 'acknowledge', reason: given(call) }),
};

export const snooze: Subcommand = {
  name: 'snooze', usage: 'ID --for 1d|--until TIME --reason TEXT', summary: 'quiet until then; it wakes where it still fails',
  options: { for: { value: 'TIME', help: 'how long, such as 4h or 1d' }, until: { value: 'TIME', help: 'until when, such as 2026-11-23 or 2026-11-23T08:00' }, reason },
  words,
  run(call, [alert = '']) {
    const span = spanIn(call, 'for');
    const until = momentIn(call, 'until');
    if ((span === undefined) === (until === undefined)) throw new RunyardError('bad_input', span === undefined ? "it isn't said how long" : '--for and --until say the same', 'write --for 1d, or --until 2026-11-23T08:00');
    return act(call, alert, { action: 'snooze', until: until ?? Date.now() + (span ?? 0), reason: mustSay(call) });
  },
};

export const resolve: Subcommand = {
  name: 'resolve', usage: 'ID --reason TEXT', summary: 'end it; it opens again only for a later window', options: { reason }, words,
  run: (call, [alert = '']) => act(call, alert, { action: 'resolve', reason: mustSay(call) }),
};

export const reopen: Subcommand = {
  name: 'reopen', usage: 'ID [--reason TEXT]', summary: 'open it again', options: { reason }, words,
  run: (call, [alert = '']) => act(call, alert, { action: 'reopen', reason: given(call) }),
};

const PARTS = { when: 'when it began and ended', what: 'what happened', cause: 'why', action: 'what was done' } as const;

export const incident: Subcommand = {
  name: 'incident', usage: 'ID --what TEXT [--when TEXT] [--cause TEXT] [--action TEXT]', summary: 'write the incident note that stays with it',
  options: Object.fromEntries(Object.entries(PARTS).map(([name, help]) => [name, { value: 'TEXT', help }])),
  words,
  async run(call, [alert = '']) {
    const parts = Object.fromEntries(Object.keys(PARTS).flatMap((name) => (call.text(name) === undefined ? [] : [[name, call.text(name)]])));
    if (Object.keys(parts).length === 0) throw new RunyardError('bad_input', 'the note says nothing', 'write --what TEXT, --when, --cause or --action');
    const by = await actor(call.io);
    return said(call, await (await call.engine()).request('alerts.incident', { alert, ...parts, ...by }), 'noted');
  },
};
