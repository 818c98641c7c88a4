/** A run's output in a terminal of its own: colours and progress bars as the program meant them, followed while it runs; Ctrl+C stops the run. */
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../core/base/errors';
import { isLive, type RunRow } from '../protocol/model';
import { concerns } from './engine';
import { showFailure } from './base/failure';
import { formatDuration } from './base/format';
import type { Host } from './host';
import { isOthers, runSeconds, stateLooks } from './views/state';

/** What of a long output is shown; all of it lies in the run's folder. */
const TAIL = 2_000_000;
/** A program's prints aren't told of as they come: while somebody looks, the file is read on this often, in ms. */
const EVERY = 400;

interface Shown { terminal: vscode.Terminal; automatic: boolean; ended(): boolean }
const shown = new Map<string, Shown>();

/** Shows the output of a run; what was opened without being asked, and has ended, makes room for the next. */
export async function showOutput(host: Host, id: string, { focus, automatic }: { focus: boolean; automatic: boolean }): Promise<void> {
  const open = shown.get(id);
  if (open) return open.terminal.show(!focus);
  const run = await host.engine.request('runs.get', { run: id });
  if (isOthers(run)) throw new RunyardError('refused', `what ${run.name} prints isn't kept: an MLflow client made it`, 'look into the terminal that its script runs in, or start the script with "Runyard: Run Script"');
  if (automatic) for (const other of [...shown.values()]) if (other.automatic && other.ended()) other.terminal.dispose();
  const pty = follow(host, run);
  const terminal = vscode.window.createTerminal({ name: run.name, pty: pty.terminal, iconPath: new vscode.ThemeIcon('beaker'), isTransient: true });
  shown.set(run.id, { terminal, automatic, ended: pty.ended });
  const closed = vscode.window.onDidCloseTerminal((one) => {
    if (one !== terminal) return;
    shown.delete(run.id);
    closed.dispose();
  });
  terminal.show(!focus);
}

interface Followed { terminal: vscode.Pseudoterminal; ended(): boolean }

function follow(host: Host, run: RunRow & { argv: readonly string[] }): Followed {
  const written = new vscode.EventEmitter<string>();
  let at = 0;
  let over = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let reading = false;
  let subscription: vscode.Disposable | undefined;
  let waiting: NodeJS.Timeout | undefined;

  const write = (text: string): void => written.fire(text.replace(/\r?\n/g, '\r\n'));
  const say = (text: string): void => write(`\x1b[2m${text}\x1b[0m\n`);

  const read = async (): Promise<void> => {
    // What there is, in pieces, then whether that was all.
    for (;;) {
      const part = await host.engine.request('runs.log', { run: run.id, from: at });
      if (closed) return;
      if (at === 0 && part.size > TAIL) {
        at = part.size - TAIL;
        say(`… the last ${TAIL / 1e6} MB of ${(part.size / 1e6).toFixed(0)} MB; all of it is in the run's folder`);
        continue;
      }
      if (part.text !== '') write(part.text);
      const more = part.next > at && part.next < part.size;
      at = part.next;
      if (more) continue;
      if (part.ended) return finish();
      break;
    }
  };
  const finish = async (): Promise<void> => {
    const now = await host.engine.request('runs.get', { run: run.id });
    if (isLive(now.state)) return;
    over = true;
    clearTimeout(timer);
    subscription?.dispose();
    const seconds = runSeconds(now, Date.now() / 1000);
    const words = [stateLooks[now.state].word, now.exitCode ? `exit code ${now.exitCode}` : '', now.signal ?? '', now.reason, seconds === null ? '' : formatDuration(seconds)];
    const colour = now.state === 'finished' ? 32 : now.state === 'stopped' ? 33 : 31;
    write(`\n\x1b[${colour}m● ${words.filter(Boolean).join(' · ')}\x1b[0m\n`);
  };
  const tick = async (): Promise<void> => {
    if (closed || over || reading) return;
    reading = true;
    try {
      await read();
    } catch (error) {
      host.log.warn(`the output of ${run.name} could not be read: ${describeError(error)}`);
    } finally {
      reading = false;
    }
    clearTimeout(timer);
    if (!closed && !over) timer = setTimeout(() => void tick(), EVERY);
  };
  const sayWaiting = async (): Promise<void> => {
    const now = await host.engine.request('runs.get', { run: run.id }).catch(() => undefined);
    if (now?.state === 'queued' && !closed) say('It waits for its turn in the queue.');
  };
  const terminal: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    open() {
      say(`${run.experiment} / ${run.name}: ${run.argv.join(' ')}`);
      if (isLive(run.state)) say('Ctrl+C stops the run; closing this terminal does not.');
      waiting = setTimeout(() => void sayWaiting(), 1500);
      subscription = host.engine.onChanged((event) => { if (concerns(event, run.id)) void tick(); });
      void tick();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(waiting);
      subscription?.dispose();
      written.dispose();
    },
    handleInput(typed) {
      if (typed !== '\x03' || over) return;
      say('^C');
      host.engine.request('runs.stop', { run: run.id }).catch((error: unknown) => void showFailure(host, error));
    },
  };
  return { terminal, ended: () => over };
}
