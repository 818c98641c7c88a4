/** Stays with an import or export: says how far it is, stops it on Ctrl-C, and tells what it came to. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { RunyardError } from '../core/base/errors';
import { disposables } from '../core/base/disposable';
import type { EngineClient } from '../engine/client/client';
import { KINDS, type CopyProgress, type CopyReport, type Kind } from '../protocol/exchange';
import { EXIT, type Invocation } from './command';
import { bytes } from './format';
import { visible } from './terminal';

const NAMES: Readonly<Record<Kind, string>> = {
  experiments: 'experiments', runs: 'runs', models: 'logged models', registered: 'registered models', traces: 'traces', datasets: 'evaluation datasets',
};

export interface Copy { job: string; credentials: { token?: string; username?: string; password?: string } }

/** Exit status: done; no where something could not be copied; interrupted. */
export async function copyWith(call: Invocation, ask: (client: EngineClient, copy: Copy) => Promise<CopyReport>): Promise<number> {
  const client = await call.engine();
  const job = randomUUID();
  const all = disposables();
  let interrupted = false;
  all.add(call.io.onInterrupt(() => {
    interrupted = true;
    call.io.err.line('runyard: stopping; what was copied stays');
    client.request('mlflow.stopCopy', { job }).catch((error: unknown) => call.io.err.line(`runyard: ${String(error)}`));
  }));
  const progress = shownProgress(call);
  all.add(client.on('copying', ({ job: of, ...now }) => { if (of === job) progress.show(now); }));
  try {
    const report = await ask(client, { job, credentials: credentialsOf(call.io.env) });
    progress.clear();
    call.answer(report, () => tell(call, report));
    return report.failed > 0 ? EXIT.no : EXIT.done;
  } catch (error) {
    progress.clear();
    if (!interrupted) throw error;
    call.io.err.line('runyard: stopped; the same command goes on from here');
    return EXIT.interrupted;
  } finally {
    all.dispose();
  }
}

function credentialsOf(env: NodeJS.ProcessEnv): Copy['credentials'] {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: username, MLFLOW_TRACKING_PASSWORD: password } = env;
  return { ...(token ? { token } : {}), ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

/** `mlflow` and what comes after it. Paths become absolute: the engine has a folder of its own. Throws bad_input. */
export function placeOf(call: Invocation): string {
  const [tool, place = ''] = call.positionals;
  if (tool !== 'mlflow') throw new RunyardError('bad_input', `Runyard doesn't know ${tool ?? ''}`, 'write mlflow');
  const database = /^sqlite:\/\/\/(.+)$/.exec(place)?.[1];
  if (database !== undefined) return path.resolve(call.io.cwd, database);
  return /^[a-z][a-z0-9+.-]+:/i.test(place) ? place : path.resolve(call.io.cwd, place);
}

/** One line that is written over, on a terminal only. */
function shownProgress({ io: { err }, json }: Invocation): { show(now: CopyProgress): void; clear(): void } {
  const on = err.isTerminal && !json;
  let shown = false;
  return {
    show({ kind, done, what, points, files, failed }) {
      if (!on) return;
      shown = true;
      const text = [`${done} ${kind === 'links' ? 'links' : NAMES[kind]}`, `${points} points`, `${files} files`, ...(failed > 0 ? [`${failed} not copied`] : []), visible(what)].join(', ');
      err.write(`\r\u001b[K${text.slice(0, err.columns - 1)}`);
    },
    clear() { if (shown) err.write('\r\u001b[K'); shown = false; },
  };
}

function tell({ io: { out, err } }: Invocation, report: CopyReport): void {
  out.line(`${visible(report.from)} -> ${visible(report.to)}`);
  for (const kind of KINDS) {
    const { made, completed, same, failed } = report.counts[kind];
    if (made + completed + same + failed === 0) continue;
    const parts = [[made, 'copied'], [completed, 'completed'], [same, 'there already'], [failed, 'not copied']].filter(([count]) => count !== 0);
    out.line(`${NAMES[kind]}: ${parts.map(([count, word]) => `${count} ${word}`).join(', ')}`);
  }
  if (report.points + report.files > 0) out.line(`${report.points} points, ${report.files} files (${bytes(report.bytes)})`);
  for (const one of report.leftOut) err.line(`left out: ${visible(one)}`);
  for (const { where, why, alike } of grouped(report.failures)) err.line(`not copied: ${visible(where)}: ${visible(why)}${alike > 0 ? ` (and ${alike} more for the like)` : ''}`);
  if (report.failed > report.failures.length) err.line(`and ${report.failed - report.failures.length} more`);
}

/** Failures for the same reason are told once, by the first of them: reasons that differ in ids and numbers alone are the same. */
function grouped(failures: CopyReport['failures']): { where: string; why: string; alike: number }[] {
  const found = new Map<string, { where: string; why: string; alike: number }>();
  for (const failure of failures) {
    const reason = failure.why.replace(/[0-9a-f]{8,}|\d+/g, '#');
    const first = found.get(reason);
    if (first) first.alike += 1;
    else found.set(reason, { ...failure, alike: 0 });
  }
  return [...found.values()];
}
