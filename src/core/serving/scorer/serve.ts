/** A child process of the scoring server: answers what it is asked over IPC until its parent is gone. */
import { describeError, RunyardError } from '../../base/errors';
import { compileRules } from '../rules/compile';
import { settleJournals } from '../record/settle';
import { openVersion, type OpenedVersion } from './model';
import type { Answers, FromScorer, ToScorer } from './protocol';

let opened: OpenedVersion | null = null;

async function answer(asked: ToScorer): Promise<Answers[keyof Answers]> {
  switch (asked.kind) {
    case 'open': {
      opened = await openVersion(asked.version);
      return opened.schema;
    }
    case 'score': {
      if (!opened) throw new RunyardError('internal', 'no model is open', '');
      return await opened.score(asked);
    }
    case 'rules': return await compileRules(asked);
    case 'settle': return await settleJournals(asked);
  }
}

export function serveScorer(): void {
  const send = (message: FromScorer): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (asked: ToScorer) => {
    answer(asked).then((result) => send({ kind: 'done', job: asked.job, result }), (error: unknown) => {
      const known = error instanceof RunyardError;
      if (!known) process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      send({ kind: 'failed', job: asked.job, code: known ? error.code : 'internal', message: known ? error.message : describeError(error), hint: known ? error.hint : '' });
    });
  });
  // The server ends its children itself, once they have answered; Ctrl-C in a terminal reaches all of them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));
}
