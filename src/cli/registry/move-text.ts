/** Promotions and roll backs as people read them in a terminal: what will change, and what came of it. */
import type { HookResult, Plan, Promotion, Rollback, SliceChange } from '../../protocol/registry';
import { outcomeText } from '../evaluation/evaluation-text';
import { ago, bytes, duration, figure, table } from '../format';
import { visible, type Terminal } from '../terminal';
import { blocking } from './gate-facts';
import { gateText } from './gate-text';
import { plural } from './words';

/** What a move would change, before it does. `now`: ms since the epoch. */
export function planText({ model, environment, from, to, since, changes, metric, fromValue, toValue, hooks, files, folder }: Plan, now: number, out: Terminal): string {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const line = (name: string, text: string): string => `  ${out.paint('dim', name.padEnd(7))} ${visible(text)}\n`;
  const live = from === null ? 'nothing, so far' : `version ${from}${since === null ? '' : `, live since ${ago((now - since) / 1000)}`}`;
  return [
    `${out.paint('bold', visible(`${model} in ${environment}`))}\n`, line('from', live), line('to', `version ${to}`),
    ...(metric === null ? [] : [line(metric, `${figure(fromValue) || 'unknown'} to ${figure(toValue) || 'unknown'}`)]),
    line('folder', `${folder}: ${plural(files.length, 'file')}, ${bytes(size)}`), ...(hooks.length === 0 ? [] : [line('then', hooks.join('; '))]), changesText(changes, { from, to, out }),
  ].join('');
}

/** What each slice's figure was and would be, in the engine's order. */
function changesText(changes: readonly SliceChange[], { from, to, out }: { from: number | null; to: number; out: Terminal }): string {
  if (changes.length === 0) return '';
  const right = true;
  const columns = [{ title: 'slice' }, { title: 'rows', right }, { title: 'metric' }, { title: from === null ? 'before' : `version ${from}`, right }, { title: `version ${to}`, right }];
  return `\n${table(columns, changes.map((one) => [one.slice, String(one.n), one.metric, figure(one.from), figure(one.to)]), out)}`;
}

export function promotionText({ promoted, forced, from, report, hooks, rolledBack, entry, folder }: Promotion, out: Terminal): string {
  const { model, version, environment } = report;
  const before = from === null ? '' : ` instead of version ${from}`;
  const stopped = blocking(report).map(({ name }) => name).join(', ');
  const what = rolledBack ? `${out.paint('red', 'rolled back')}: a hook failed, so ${visible(environment)} is ${from === null ? 'what it was' : `version ${from} again`}`
    : !promoted ? `${out.paint('red', 'not promoted')}: ${visible(`${model} ${version} to ${environment}`)}${stopped === '' ? '' : `: ${visible(stopped)} ${stopped.includes(', ') ? 'stop' : 'stops'} it`}`
      : `${forced ? out.paint('red', 'FORCED') : out.paint('green', 'promoted')}: ${visible(`${model} ${version} is live in ${environment}`)}${before}${forced && stopped !== '' ? `, against ${visible(stopped)}` : ''}`;
  const place = [...(folder === null || !promoted ? [] : [visible(folder)]), ...(entry === null ? [] : [`entry ${entry.slice(0, 12)}`])].join(', ');
  return `${gateText(report, out)}\n${hooksText(hooks, out)}${what}\n${place === '' ? '' : `${out.paint('dim', place)}\n`}`;
}

export function rollbackText({ from, to, entry, forced, checks, changes, hooks, duration: took, folder }: Rollback, { model, environment, out }: { model: string; environment: string; out: Terminal }): string {
  const looked = checks.map(({ outcome, text }) => `${outcomeText(outcome, out)}  ${visible(text)}\n`).join('');
  return `${looked}${changes.length === 0 ? '' : `${changesText(changes, { from, to, out })}\n`}${hooksText(hooks, out)}${forced ? out.paint('red', 'FORCED: rolled back') : out.paint('green', 'rolled back')}: ${visible(`${model} ${to} is live in ${environment} again`)}${from === null ? '' : `, instead of version ${from}`} (${duration(took)})\n`
    + `${out.paint('dim', `${visible(folder)}, entry ${entry.slice(0, 12)}`)}\n`;
}

function hooksText(hooks: readonly HookResult[], out: Terminal): string {
  return hooks.map(({ name, outcome, status, duration: took, output, rolledBack }) => {
    const word = outcome === 'done' ? out.paint('green', outcome) : out.paint('red', outcome);
    const about = `${status === null || status === 0 ? '' : `, exit status ${status}`}, ${duration(took)}${rolledBack ? ', the move was taken back' : ''}`;
    const said = outcome === 'done' ? '' : output.split('\n').filter((line) => line.trim() !== '').slice(-10).map((line) => `    ${visible(line)}\n`).join('');
    return `hook ${visible(name)}: ${word}${about}\n${said}`;
  }).join('');
}
