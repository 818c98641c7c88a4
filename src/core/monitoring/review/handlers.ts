/** The review queue as the engine's doors ask for it. */
import { createSets, setName } from '../../evaluation/service/sets';
import type { LogWindow, ReferencePlace } from '../../domain/log-place';
import { logOf } from '../feedback/place';
import { readReviews } from '../feedback/reviews';
import { personKey, standingWords } from '../feedback/standing';
import { feedbackFolder } from '../log/place';
import { referenceOf } from '../monitors/reference';
import type { MonitoringHandlers } from '../service/handlers';
import type { MonitoringContext } from '../types';
import { agreementOf } from './agreement';

export type ReviewMethod = 'review.queue' | 'review.agreement' | 'review.export';

export function reviewing(context: MonitoringContext): Pick<MonitoringHandlers, ReviewMethod> {
  const { workspace, clock, store, jobs, work, identity, changed } = context;
  return {
    'review.queue': ({ job, model, from, to, by, ...rest }, asker) => jobs.run(job, asker, async (watching) => {
      const window: LogWindow = { from: from ?? null, to: to ?? null };
      const reviewer = personKey(await identity(by));
      return { model, ...await work('reviewQueue', { ...rest, log: logOf(context, model), window, reference: referenceFor(context, model, window), reviewer }, { watching }) };
    }),
    'review.agreement': async ({ model }) => ({ model, ...agreementOf(standingWords(readReviews(feedbackFolder(workspace, model)).lines).values()) }),
    'review.export': ({ job, model, ...rest }, asker) => jobs.run(job, asker, async (watching) => {
      const done = await work('reviewExport', { ...rest, log: logOf(context, model) }, { watching });
      createSets(store.records).grow({ name: setName({ files: [rest.previous ?? rest.file], types: {} }), digest: done.digest, rows: done.rows, t: Math.round(clock() * 1000) });
      changed(['feedback']);
      return done;
    }),
  };
}

/** What a monitor of the model holds its windows against, where that is a data set; else the log before the window; null: the job takes the older half. */
export function referenceFor({ loaded }: Pick<MonitoringContext, 'loaded'>, model: string, { from }: LogWindow): ReferencePlace | null {
  const monitors = Object.values(loaded().config.monitoring.monitors).filter((one) => one.model === model);
  const files = monitors.find(({ reference }) => typeof reference === 'object' && 'data' in reference);
  if (files) return referenceOf(files, { from: 0, to: 0 }).place;
  return from === null ? null : { window: { from: null, to: from } };
}
