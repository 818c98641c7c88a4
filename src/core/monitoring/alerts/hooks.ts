/** Programs and addresses of the person's that are told of an alert, after it is kept. What came of each is an event of the alert; none holds anything up. */
import { disposable, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import type { Log } from '../../base/log';
import { SEVERITIES, type AlertHook } from '../../config/monitoring';
import { runProgram } from '../../registry/moves/command';
import type { HookEvent, HookPayload } from './payload';
import { post, type Posted } from './webhook';

export interface Hooks extends Disposable {
  /** Those that want to hear of it, all at once. */
  tell(hooks: readonly AlertHook[], payload: HookPayload): void;
  /** whether one goes on */
  busy(): boolean;
}
export interface HookOptions { workspace: string; log: Log; /** what came of one */ ended(alert: string, text: string): void }

export function createHooks({ workspace, log, ended }: HookOptions): Hooks {
  const stop = new AbortController();
  let going = 0;
  const one = async (hook: AlertHook, payload: HookPayload): Promise<void> => {
    const { ok, text } = await (hook.webhook === undefined ? runCommand(hook, payload, { workspace, stop: stop.signal }) : post({ url: hook.webhook, body: JSON.stringify(payload), timeout: hook.timeout, stop: stop.signal }));
    const said = `${hookName(hook)}: ${text}`;
    if (!ok) log.warn(`the hook ${said} (${payload.alert.monitor}: ${payload.alert.text})`);
    if (!stop.signal.aborted) ended(payload.alert.id, said);
  };
  return {
    tell(hooks, payload) {
      for (const hook of hooks.filter((each) => wants(each, payload))) {
        going++;
        one(hook, payload).catch((error: unknown) => log.error(`the hook ${hookName(hook)} could not be run`, error)).finally(() => { going--; });
      }
    },
    busy: () => going > 0,
    ...disposable(() => stop.abort()),
  };
}

/** An address without what may be secret in it. */
export function hookName({ name, command, webhook }: AlertHook): string {
  if (name !== undefined) return name;
  return webhook === undefined ? (command ?? []).join(' ') : new URL(webhook).origin;
}

const ON: Readonly<Record<HookEvent, AlertHook['on'][number]>> = { opened: 'opened', woke: 'opened', acknowledged: 'acknowledged', snoozed: 'snoozed', resolved: 'resolved' };
/** One that wakes is told like one that opens. */
export const wants = ({ on, severity }: Pick<AlertHook, 'on' | 'severity'>, { event, alert }: HookPayload): boolean => on.includes(ON[event]) && SEVERITIES.indexOf(alert.severity) >= SEVERITIES.indexOf(severity);

async function runCommand({ command = [], timeout }: AlertHook, payload: HookPayload, { workspace, stop }: { workspace: string; stop: AbortSignal }): Promise<Posted> {
  try {
    const env = { RUNYARD_ALERT: JSON.stringify(payload), RUNYARD_EVENT: payload.event, RUNYARD_MONITOR: payload.alert.monitor, RUNYARD_SEVERITY: payload.alert.severity };
    const { outcome, status, output } = await runProgram({ command, cwd: workspace, timeout, stop, env });
    const last = output.trim().split('\n').at(-1) ?? '';
    return { ok: outcome === 'done', text: `${outcome}${status === null || status === 0 ? '' : ` with status ${status}`}${last === '' ? '' : `: ${last.slice(0, 300)}`}` };
  } catch (error) {
    return { ok: false, text: `could not be run: ${describeError(error)}` };
  }
}
