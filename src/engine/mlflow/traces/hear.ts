/** Traces that ended while no engine was there: their client wrote them to the spool of its run. */
import type { SpoolEvent } from '../../../protocol/spool';
import { describeError } from '../../../core/base/errors';
import { TRACE_KEYS } from '../../../core/domain/trace';
import type { MlflowContext } from '../context';
import { readFields } from '../fields';
import { traceInfo } from './info';
import { putTrace } from './records';
import { startTrace } from './start';

/**
 * Takes it in as if it had been sent; heard again, it changes nothing. Its experiment is the one of that name (made where there is none), since its
 * number may have been made up; its file lies where its client says. What can't be read is told in the log.
 */
export function hearTrace(context: Pick<MlflowContext, 'store' | 'clock' | 'log'>, run: string, event: Extract<SpoolEvent, { e: 'trace' }>): void {
  try {
    const info = readFields(traceInfo, event.trace);
    const experiment = event.experiment ? context.store.experimentNamed(event.experiment) ?? context.store.createExperiment({ name: event.experiment, created: event.t }) : undefined;
    if (experiment) info.trace_location = { mlflow_experiment: { experiment_id: String(experiment.id) } };
    const place = info.tags[TRACE_KEYS.artifacts];
    const trace = startTrace(context, info, run);
    if (place !== undefined) putTrace(context.store, { ...trace, record: { ...trace.record, tags: { ...trace.record.tags, [TRACE_KEYS.artifacts]: place } } });
  } catch (error) {
    context.log.warn(`run ${run}: a trace can't be taken in: ${describeError(error)}`);
  }
}
