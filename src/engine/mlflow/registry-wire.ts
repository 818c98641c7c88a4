/** The registry's documents as MLflow writes them; what is empty is left out. Source: mlflow/protos/model_registry.proto, service.proto. */
import type { LoggedModel } from '../../core/domain/logged-model';
import type { ModelVersion, RegisteredModel } from '../../core/registry/documents';
import { aliasesOf } from '../../core/registry/registry';
import type { ModelMetric } from '../../core/store/models';
import { milliseconds, pairsOf, wireValue } from './wire';

const unless = <T>(empty: boolean, fields: T): T | Record<string, never> => (empty ? {} : fields);
const list = (name: string, items: readonly unknown[]): Record<string, readonly unknown[]> => unless(items.length === 0, { [name]: items });

export function wireModel(model: RegisteredModel, latest: readonly ModelVersion[]): Record<string, unknown> {
  return {
    name: model.name, creation_timestamp: model.created, last_updated_timestamp: model.updated, ...unless(model.description === '', { description: model.description }),
    ...list('latest_versions', latest.map((one) => wireVersion(one))), ...list('tags', pairsOf(model.tags)),
    ...list('aliases', Object.entries(model.aliases).sort(([a], [b]) => (a < b ? -1 : 1)).map(([alias, version]) => ({ alias, version: String(version) }))),
  };
}

/** `model` brings the aliases: lists leave them out. */
export function wireVersion(one: ModelVersion, model?: RegisteredModel): Record<string, unknown> {
  return {
    name: one.name, version: String(one.version), creation_timestamp: one.created, last_updated_timestamp: one.updated, ...(one.user === null ? {} : { user_id: one.user }),
    current_stage: one.stage, ...(one.description === null ? {} : { description: one.description }), source: one.source, run_id: one.run, status: one.status,
    ...unless(one.statusMessage === '', { status_message: one.statusMessage }), ...list('tags', pairsOf(one.tags)), run_link: one.runLink,
    ...(model ? list('aliases', aliasesOf(model, one.version)) : {}),
  };
}

export function wireLoggedModel(model: LoggedModel, metrics: readonly ModelMetric[]): Record<string, unknown> {
  return {
    info: {
      model_id: model.id, experiment_id: String(model.experiment), name: model.name, creation_timestamp_ms: model.created, last_updated_timestamp_ms: model.updated,
      artifact_uri: model.artifacts, status: model.status, ...unless(model.statusMessage === '', { status_message: model.statusMessage }), model_type: model.type, source_run_id: model.run,
      ...list('tags', pairsOf(model.tags)),
    },
    data: { ...list('params', pairsOf(model.params)), ...list('metrics', metrics.map((one) => wireMetric(model.id, one))) },
  };
}

const wireMetric = (model: string, { key, value, t, step, run, datasetName, datasetDigest }: ModelMetric): Record<string, unknown> => ({
  key, value: wireValue(value), timestamp: milliseconds(t), step, ...unless(datasetName === '', { dataset_name: datasetName, dataset_digest: datasetDigest }), model_id: model, run_id: run,
});
