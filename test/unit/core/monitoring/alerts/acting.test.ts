import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../support/until';
import type { AlertEvent, AlertRow } from '../../../../../src/protocol/monitoring';
import type { HookPayload } from '../../../../../src/core/monitoring/alerts/payload';
import { ana, DAY, MONDAY, world, type World } from '../monitors/support';

let here: World;
const servers: Server[] = [];
afterEach(async () => {
  here.end();
  await Promise.all(servers.splice(0).map((one) => new Promise((resolve) => { one.closeAllConnections(); one.close(resolve); })));
});
const yaml = (hooks = '', more = ''): string => `monitors: { a: { model: m@production, checks: [{ rows: 50 }], runbook: 'Look at the feed.', hooks: [${hooks}]${more} } }\nonCall: { start: 2026-11-09, people: [Ana, Bo] }\n`;
/** An alert is open. */
async function failing(text = yaml()): Promise<AlertRow> {
  here = world(text);
  here.rows.set(MONDAY, 5);
  const { opened: [row] } = await here.ask('monitors.run', { job: 'first' });
  if (!row) throw new Error('no alert opened');
  return row;
}
const act = (row: AlertRow, how: object): Promise<AlertRow> => here.ask('alerts.act', { alert: row.id, ...how });
const eventsOf = async (row: AlertRow): Promise<AlertEvent[]> => (await here.ask('alerts.get', { alert: row.id })).events;
const hookEvents = (row: AlertRow, count: number): Promise<string[]> => until(`${count} hooks to be told of`, async () => {
  const found = (await eventsOf(row)).filter(({ what }) => what === 'hook').map(({ text }) => text);
  return found.length >= count && found;
});
async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ url: string; heard: HookPayload[] }> {
  const heard: HookPayload[] = [];
  const made = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => { if (body !== '') heard.push(JSON.parse(body) as HookPayload); answer(request, response); });
  });
  servers.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const address = made.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, heard };
}

describe('what a person does with an alert', () => {
  it('is kept with who, when and why', async () => {
    const row = await failing();
    expect(row).toMatchObject({ onCall: 'Bo', state: 'open', opened: here.now });
    here.now += 60_000;
    expect(await act(row, { action: 'acknowledge', by: ana })).toMatchObject({ state: 'acknowledged' });
    here.now += 60_000;
    expect(await act(row, { action: 'snooze', until: here.now + DAY, reason: ' the feed is late ', by: ana })).toMatchObject({ state: 'snoozed', snoozedUntil: here.now + DAY });
    expect(await act(row, { action: 'resolve', reason: 'mended', by: ana })).toMatchObject({ state: 'resolved', resolved: here.now, snoozedUntil: null });
    expect(await act(row, { action: 'reopen', reason: 'not mended', by: ana })).toMatchObject({ state: 'open', resolved: null });
    expect((await eventsOf(row)).map(({ what, by, text }) => [what, by?.name ?? null, text])).toEqual([
      ['opened', null, 'rows: 5 rows, fewer than 50 (on call: Bo)'], ['acknowledged', 'Ana', ''], ['snoozed', 'Ana', 'until 2026-11-18 00:02 UTC: the feed is late'], ['resolved', 'Ana', 'mended'], ['reopened', 'Ana', 'not mended'],
    ]);
  });

  it('needs a reason to snooze or resolve, and a time that lies ahead', async () => {
    const row = await failing();
    await expect(act(row, { action: 'resolve', reason: '  ' })).rejects.toMatchObject({ code: 'bad_input', message: 'to resolve an alert needs a reason' });
    await expect(act(row, { action: 'snooze', until: here.now + 1 })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(act(row, { action: 'snooze', reason: 'x' })).rejects.toMatchObject({ message: 'to snooze an alert needs a time until when' });
    await expect(act(row, { action: 'snooze', reason: 'x', until: here.now })).rejects.toMatchObject({ message: 'the snooze would be over already' });
    expect(await eventsOf(row)).toHaveLength(1);
  });

  it('is refused for one that is over, and said once where it is so already', async () => {
    const row = await failing();
    await act(row, { action: 'acknowledge' });
    await act(row, { action: 'acknowledge' });
    await act(row, { action: 'resolve', reason: 'x' });
    await act(row, { action: 'resolve', reason: 'y' });
    await expect(act(row, { action: 'acknowledge' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await eventsOf(row)).map(({ what }) => what)).toEqual(['opened', 'acknowledged', 'resolved']);
    // A later window opens another one: then the old one stays what it is.
    here.now += DAY;
    here.rows.set(MONDAY + DAY, 5);
    await here.ask('monitors.run', { job: 'next' });
    await expect(act(row, { action: 'reopen' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await here.ask('alerts.list')).alerts).toHaveLength(1);
  });

  it('of one that a person resolved, the same window opens none', async () => {
    const row = await failing();
    await act(row, { action: 'resolve', reason: 'a test' });
    await here.ask('monitors.run', { job: 'again' });
    expect([(await here.ask('alerts.list')).alerts, here.alerts.length]).toEqual([[], 1]);
  });

  it('is found by the beginning of its id', async () => {
    const row = await failing();
    expect((await here.ask('alerts.get', { alert: row.id.slice(0, 6) })).row.id).toBe(row.id);
    await expect(async () => here.ask('alerts.get', { alert: 'nope' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('may be a note of the incident, whose parts replace what was there', async () => {
    const row = await failing();
    await here.ask('alerts.incident', { alert: row.id, when: 'today', what: 'no rows', by: ana });
    const after = await here.ask('alerts.incident', { alert: row.id, cause: 'the feed', what: 'few rows', by: ana });
    expect(after.incident).toEqual({ when: 'today', what: 'few rows', cause: 'the feed', action: '', by: ana, t: here.now });
    expect((await eventsOf(row)).filter(({ what }) => what === 'incident').map(({ text }) => text)).toEqual(['no rows', 'few rows']);
    await expect(here.ask('alerts.incident', { alert: row.id })).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('outlives the engine', async () => {
    const row = await failing();
    await act(row, { action: 'snooze', until: here.now + DAY, reason: 'x' });
    here.restart();
    expect((await here.ask('alerts.list')).alerts).toMatchObject([{ id: row.id, state: 'snoozed' }]);
  });
});

describe('hooks', () => {
  it('are told as JSON what happened, by whom, without a row of data', async () => {
    const { url, heard } = await server((_, response) => response.writeHead(204).end());
    const row = await failing(yaml(`{ webhook: '${url}/x?key=1', on: [opened, resolved] }`));
    expect(await hookEvents(row, 1)).toEqual([expect.stringMatching(new RegExp(`^${url}: answered 204 in \\d+\\.\\d s$`)) as string]);
    await act(row, { action: 'acknowledge' });
    await act(row, { action: 'resolve', reason: 'mended', by: ana });
    await hookEvents(row, 2);
    expect(heard.map(({ event, by, reason }) => [event, by, reason])).toEqual([['opened', null, ''], ['resolved', 'Ana', 'mended']]);
    expect(heard[0]).toEqual({
      format: 1, event: 'opened', by: null, reason: '', runbook: 'Look at the feed.',
      alert: { id: row.id, monitor: 'a', check: 'rows', subject: '', severity: 'warning', state: 'open', text: 'rows: 5 rows, fewer than 50', model: 'm@production', version: 3, opened: row.opened, updated: row.updated, windows: 1, snoozedUntil: null, resolved: null, onCall: 'Bo' },
    });
  });

  it('that hang, fail or lead elsewhere hold up nothing: each is an event', async () => {
    const elsewhere = await server((_, response) => response.end());
    const bad = await server(({ url = '' }, response) => {
      if (url === '/hang') return;
      if (url === '/away') response.writeHead(307, { location: `${elsewhere.url}/steal` }).end();
      else if (url === '/near') response.writeHead(308, { location: '/fine' }).end();
      else if (url === '/round') response.writeHead(307, { location: '/round' }).end();
      else response.writeHead(url === '/fine' ? 200 : 500).end('no');
    });
    const hooks = ['hang', 'error', 'away', 'near', 'round'].map((name) => `{ name: ${name}, webhook: '${bad.url}/${name}', timeout: ${name === 'hang' ? 0.2 : 20} }`);
    const row = await failing(yaml([...hooks, "{ name: nobody, webhook: 'http://127.0.0.1:9/', timeout: 20 }"].join(', ')));
    expect(here.watch.busy()).toBe(true);
    expect((await hookEvents(row, 6)).map((text) => text.replace(/ in \d.*/, '')).sort()).toEqual([
      `away: answered 307, a redirect to ${elsewhere.url}: refused, it is another address than runyard.yaml names`, 'error: answered 500', 'hang: did not answer within 0.2 s', 'near: answered 200',
      expect.stringMatching(/^nobody: could not be reached: /) as string, 'round: answered 307, a redirect, the 4th in a row: given up',
    ]);
    expect(elsewhere.heard).toEqual([]);
    await until('nothing to go on', () => !here.watch.busy());
  });

  it('as a program get the alert in their environment', async () => {
    const program = JSON.stringify([process.execPath, '-e', "require('fs').writeFileSync('told.json', process.env.RUNYARD_ALERT); console.log(process.env.RUNYARD_EVENT, process.env.RUNYARD_MONITOR, process.env.RUNYARD_SEVERITY); process.exit(4)"]);
    const row = await failing(yaml(`{ name: mine, command: ${program} }, { name: none, command: [no-such-program] }, { name: loud, severity: critical, command: [no-such-program] }`));
    expect((await hookEvents(row, 2)).sort()).toEqual(['mine: failed with status 4: opened a warning', 'none: not found: spawn no-such-program ENOENT']);
    expect(JSON.parse(readFileSync(path.join(here.workspace, 'told.json'), 'utf8'))).toMatchObject({ format: 1, alert: { id: row.id } });
  });
});
