/** Traces and evaluation datasets of an mlflow.db, in the form in which a server gives them. */
import type { ForeignDatabase, ForeignRow } from '../../store/foreign';
import { isObject, objectOf, parseJson, tagsOf, type Json, type JsonObject } from '../json';
import type { EvaluationDataset, Fault, Trace } from '../model';
import { printPython } from '../spans';
import { number, paged, pairs, select, text } from './select';

const TOKENS = ['input_tokens', 'output_tokens', 'total_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation_input_tokens_above_1hr'];
const COSTS = ['input_cost', 'output_cost', 'total_cost'];
const INFO_COLUMNS = ['request_id', 'timestamp_ms', 'execution_time_ms', 'status', 'client_request_id', 'request_preview', 'response_preview', 'trace_name', 'session_id', ...TOKENS, ...COSTS];

export function* readTraces(db: ForeignDatabase, experiment: string, fault: Fault): Generator<Trace> {
  for (const rows of paged(db, 'trace_info', { columns: INFO_COLUMNS, where: 'experiment_id = ?', params: [Number(experiment)] }, 200)) {
    for (const row of rows) {
      const id = text(row, 'request_id');
      try {
        const info = infoOf(db, row, experiment);
        const spans = select(db, 'spans', { columns: ['content'], where: 'trace_id = ?', params: [id], order: 'start_time_unix_nano' });
        const artifacts = tagsOf(info['tags'])['mlflow.artifactLocation'] ?? '';
        yield { id, experiment, info, spans: spans.map((one) => parseJson(text(one, 'content'), { exact: true })).filter(isObject), artifacts };
      } catch (error) {
        fault(`trace ${id}`, error instanceof Error ? error.message : String(error));
      }
    }
  }
}

const STATES: Readonly<Record<string, string>> = { OK: 'OK', ERROR: 'ERROR', IN_PROGRESS: 'IN_PROGRESS' };

function infoOf(db: ForeignDatabase, row: ForeignRow, experiment: string): JsonObject {
  const id = text(row, 'request_id');
  const info: JsonObject = {
    trace_id: id, trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } },
    request_time: new Date(number(row, 'timestamp_ms') ?? 0).toISOString(), state: STATES[text(row, 'status')] ?? 'STATE_UNSPECIFIED',
    trace_metadata: { ...pairs(db, 'trace_request_metadata', { 'request_id = ?': [id] }), ...promoted(row) },
    tags: { ...pairs(db, 'trace_tags', { 'request_id = ?': [id] }), ...(row['trace_name'] === null ? {} : { 'mlflow.traceName': text(row, 'trace_name') }) },
    assessments: select(db, 'assessments', { columns: ASSESSMENT_COLUMNS, where: 'trace_id = ?', params: [id], order: 'created_timestamp, rowid' }).map(assessment),
  };
  const duration = number(row, 'execution_time_ms');
  if (duration !== null) info['execution_duration'] = `${duration / 1000}s`;
  for (const column of ['client_request_id', 'request_preview', 'response_preview']) if (row[column] !== null) info[column] = text(row, column);
  return info;
}

/** Newer servers keep these three of a trace's metadata in columns of their own. */
function promoted(row: ForeignRow): Record<string, string> {
  const numbers = (columns: readonly string[]): JsonObject => Object.fromEntries(columns.flatMap((column) => (number(row, column) === null ? [] : [[column, number(row, column)]])));
  const [tokens, cost] = [numbers(TOKENS), numbers(COSTS)];
  return {
    ...(row['session_id'] === null ? {} : { 'mlflow.trace.session': text(row, 'session_id') }),
    ...(Object.keys(tokens).length > 0 ? { 'mlflow.trace.tokenUsage': printPython(tokens) } : {}), ...(Object.keys(cost).length > 0 ? { 'mlflow.trace.cost': printPython(cost) } : {}),
  };
}

const ASSESSMENT_COLUMNS = [
  'assessment_id', 'trace_id', 'name', 'assessment_type', 'value', 'error', 'created_timestamp', 'last_updated_timestamp', 'source_type', 'source_id', 'run_id', 'span_id', 'rationale',
  'overrides', 'valid', 'assessment_metadata',
];

function assessment(row: ForeignRow): JsonObject {
  const value = parseJson(text(row, 'value'));
  const plain = value === null || typeof value !== 'object';
  const kind = text(row, 'assessment_type');
  const said: JsonObject = {
    assessment_id: text(row, 'assessment_id'), assessment_name: text(row, 'name'), trace_id: text(row, 'trace_id'),
    source: { source_type: text(row, 'source_type'), source_id: text(row, 'source_id') },
    create_time: new Date(number(row, 'created_timestamp') ?? 0).toISOString(), last_update_time: new Date(number(row, 'last_updated_timestamp') ?? 0).toISOString(),
    valid: row['valid'] !== 0,
  };
  if (kind === 'expectation') said['expectation'] = plain ? { value } : { serialized_value: { serialization_format: 'JSON_FORMAT', value: printPython(value) } };
  else if (kind === 'issue') said['issue'] = value;
  else said['feedback'] = { value, ...(row['error'] === null ? {} : { error: parseJson(text(row, 'error')) }) };
  for (const column of ['rationale', 'span_id', 'overrides', 'run_id']) if (row[column] !== null && row[column] !== '') said[column] = text(row, column);
  if (row['assessment_metadata'] !== null) said['metadata'] = parseJson(text(row, 'assessment_metadata'));
  return said;
}

const DATASET_COLUMNS = ['dataset_id', 'name', 'schema', 'profile', 'digest', 'created_time', 'last_update_time', 'created_by', 'last_updated_by'];
const RECORD_TEXTS = ['dataset_record_id', 'dataset_id', 'source_id', 'source_type', 'created_by', 'last_updated_by'];
const RECORD_JSON = ['inputs', 'expectations', 'tags', 'source'];

export function* readDatasets(db: ForeignDatabase): Generator<EvaluationDataset> {
  for (const row of select(db, 'evaluation_datasets', { columns: DATASET_COLUMNS, order: 'rowid' })) {
    const id = text(row, 'dataset_id');
    const tags = pairs(db, 'evaluation_dataset_tags', { 'dataset_id = ?': [id] });
    const where = "source_type = 'evaluation_dataset' AND destination_type = 'experiment' AND source_id = ?";
    const records = select(db, 'evaluation_dataset_records', {
      columns: [...RECORD_TEXTS, ...RECORD_JSON, 'outputs', 'created_time', 'last_update_time'], where: 'dataset_id = ?', params: [id], order: 'rowid',
    });
    yield {
      id, name: text(row, 'name'), tags, experiments: select(db, 'entity_associations', { columns: ['destination_id'], where, params: [id] }).map((one) => text(one, 'destination_id')),
      doc: { ...kept(row, DATASET_COLUMNS), tags: printPython(tags) }, records: records.map(recordOf),
    };
  }
}

const kept = (row: ForeignRow, columns: readonly string[]): JsonObject => Object.fromEntries(columns.flatMap((column): [string, Json][] => (row[column] === null || row[column] === undefined ? [] : [[column, row[column]]])));

function recordOf(row: ForeignRow): JsonObject {
  const json = Object.fromEntries(RECORD_JSON.filter((column) => row[column] !== null).map((column) => [column, parseJson(text(row, column), { exact: true })]));
  const outputs = row['outputs'] === null ? {} : objectOf(parseJson(text(row, 'outputs'), { exact: true }));
  return { ...kept(row, [...RECORD_TEXTS, 'created_time', 'last_update_time']), ...json, ...('mlflow_wrapped' in outputs ? { outputs: outputs['mlflow_wrapped'] ?? null } : {}) };
}
