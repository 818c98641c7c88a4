/** Tags of traces: which may be set, and how. Source: mlflow.server.handlers, mlflow.utils.validation._validate_trace_tag. */
import { TRACE_KEYS } from '../../../core/domain/trace';
import type { MlflowContext } from '../context';
import { invalid, missing, MlflowError } from '../errors';
import { checkName, cutTo } from '../validation';
import { putTrace, traceOf } from './records';

const ARCHIVAL_FAILURE = 'mlflow.trace.archivalFailure';
/** The server's own. */
const IMMUTABLE = new Set<string>([TRACE_KEYS.spansIn, 'mlflow.trace.archiveLocation', ARCHIVAL_FAILURE]);
const LONGEST_NAME = 4096;

/** What is wrong with a tag's key; undefined where nothing is. */
export function checkTraceTag(key: string): MlflowError | undefined {
  try {
    checkName(key, 'key');
    return undefined;
  } catch (error) {
    if (error instanceof MlflowError) return error;
    throw error;
  }
}

/** Throws INVALID_PARAMETER_VALUE for a name that is too long: it is what traces are told apart by. */
export function checkTraceName(name: string | undefined): void {
  if (name !== undefined && name.length > LONGEST_NAME) throw invalid(`'Trace name' exceeds the maximum length of ${LONGEST_NAME} characters`);
}

export function setTag({ store }: MlflowContext, id: string, { key, value }: { key: string; value: string }): Record<string, never> {
  if (IMMUTABLE.has(key)) throw invalid(`Tag '${key}' is immutable and cannot be set on a trace.`);
  const fault = checkTraceTag(key);
  if (fault) throw fault;
  if (key === TRACE_KEYS.name) checkTraceName(value);
  const trace = traceOf(store, id);
  putTrace(store, { ...trace, record: { ...trace.record, tags: { ...trace.record.tags, [key]: cutTo(value, 8000) } } });
  return {};
}

export function deleteTag({ store }: MlflowContext, id: string, key: string): Record<string, never> {
  if (IMMUTABLE.has(key) && key !== ARCHIVAL_FAILURE) throw invalid(`Tag '${key}' is immutable and cannot be deleted on a trace.`);
  const trace = traceOf(store, id);
  if (!Object.hasOwn(trace.record.tags, key)) throw missing(`No trace tag with key '${key}' for trace with ID '${id}'`);
  const { [key]: _gone, ...tags } = trace.record.tags;
  putTrace(store, { ...trace, record: { ...trace.record, tags } });
  return {};
}
