/** Feedback as the engine's doors ask for it. */
import { existsSync } from 'node:fs';
import { RunyardError } from '../../base/errors';
import type { MethodResults } from '../../../protocol/engine';
import type { FeedbackSummary } from '../../../protocol/monitoring';
import type { MonitoringHandlers } from '../service/handlers';
import type { MonitoringContext } from '../types';
import { feedbackFolder, servingFolder } from '../log/place';
import { labelSaid } from './judge';
import { rowKey } from './keys';
import { logOf } from './place';
import { addReview, readReviews } from './reviews';
import { personKey, standingWords } from './standing';
import type { summarise } from './summary';

export type FeedbackMethod = 'feedback.import' | 'feedback.summary' | 'feedback.judge' | 'feedback.undo';

export function feedingBack(context: MonitoringContext): Pick<MonitoringHandlers, FeedbackMethod> {
  const { workspace, clock, jobs, work, ask, identity, changed } = context;
  const now = (): number => Math.round(clock() * 1000);
  const inOrder = turns();
  const undo: MonitoringHandlers['feedback.undo'] = async ({ model, request, row, by }) => {
    const who = await identity(by);
    const folder = feedbackFolder(workspace, model);
    const own = standingWords(readReviews(folder).lines).get(rowKey(request, row))?.some((word) => personKey(word.by) === personKey(who)) ?? false;
    if (!own) return { undone: false };
    addReview(folder, { request, row, by: who, t: now(), undone: true });
    changed(['feedback']);
    return { undone: true };
  };
  return {
    'feedback.import': ({ job, model, by, ...args }, asker) => jobs.run(job, asker, async (watching) => {
      const who = await identity(by);
      const report = await work('importLabels', { ...args, log: logOf(context, model), by: who.name, now: now() }, { watching });
      if (!args.dryRun && report.joined > report.same) changed(['feedback']);
      return report;
    }),
    'feedback.summary': async ({ model, since }) => feedbackOf(context, model, { since: since ?? null, version: null }),
    'feedback.judge': (args) => inOrder(args.model, now(), async (t) => {
      const { model, request, row, judgement, answer, comment, source, seed, time, by } = args;
      const who = await identity(by);
      const log = logOf(context, model);
      const found = (await ask('logRow', { log, request, row, time })) ?? (time === undefined ? null : await ask('logRow', { log, request, row }));
      if (!found) throw new RunyardError('not_found', `the log of ${model} has no request ${request}${row === 0 ? '' : ` with a row ${row}`}`, 'take the request as the log names it (its column ry_request, unless runyard.yaml says another)');
      const { prediction, version, time: moment } = found;
      const folder = feedbackFolder(workspace, model);
      addReview(folder, { request, row, judgement, ...labelSaid({ judgement, answer }, found), comment, source: source ?? null, seed, by: who, t, prediction, version, time: moment });
      changed(['feedback']);
      return { judged: standingWords(readReviews(folder).lines).size };
    }),
    'feedback.undo': (args) => inOrder(args.model, now(), () => undo(args)),
  };
}

/** One after the other for each model, in the order in which they were asked: the later of two words on a row is the last one, and a word is there when it is taken back. */
function turns(): <T>(model: string, t: number, work: (t: number) => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (model, t, work) => {
    const done = (last.get(model) ?? Promise.resolve()).then(() => work(t));
    // Who asked hears of a failure; the next one goes on.
    last.set(model, done.catch(() => undefined));
    return done;
  };
}

type About = Parameters<typeof summarise>[1];
/** What feedback says of a model in an environment. */
export async function feedbackOf({ workspace, ask }: Pick<MonitoringContext, 'workspace' | 'ask'>, model: string, about: About): Promise<MethodResults['feedback.summary']> {
  return { model, ...await ask('feedbackFacts', { folder: feedbackFolder(workspace, model), ...about }) };
}

/** The same for the registry's gates; null where there is neither a log nor feedback. */
export async function feedbackForGates(context: Pick<MonitoringContext, 'workspace' | 'ask'>, { model, environment, ...about }: { model: string; environment: string } & About): Promise<FeedbackSummary | null> {
  const name = `${model}@${environment}`;
  if (![servingFolder(context.workspace, name), feedbackFolder(context.workspace, name)].some((folder) => existsSync(folder))) return null;
  return feedbackOf(context, name, about);
}
