/** Logged models: made, filled, found. Source: MLflow REST API, logged models; mlflow.server.handlers, mlflow.store.tracking.sqlalchemy_store (3.17). */
import * as z from 'zod';
import { MODEL_STATUSES } from '../../../protocol/logged-model';
import { createLoggedModels, uniqueParams } from '../../../core/registry/logged-models';
import { newName } from '../../../core/tracking/names';
import type { MlflowContext } from '../context';
import { invalid } from '../errors';
import { flag, pairs, required, text } from '../fields';
import { loggedModelSearch, searchLoggedModels } from '../logged-model-search';
import { wireLoggedModel } from '../registry-wire';
import { route, type Call, type Route } from '../router';
import { checkActive, checkExperimentActive, experimentOf, readRun, say } from '../runs';
import { checkTags } from '../validation';
import { artifactLocation, recordOf } from '../wire';
import { tagEvents } from './runs';

const L = '/api/2.0/mlflow/logged-models';
const byId = z.object({ model_id: required });
const create = z.object({ experiment_id: required, name: text.optional(), model_type: text.default(''), source_run_id: text.default(''), params: pairs, tags: pairs });
const status = z.union([z.enum(MODEL_STATUSES), z.union([z.number().int(), z.string().regex(/^\d$/).transform(Number)]).pipe(z.number().min(0).max(3)).transform((n) => MODEL_STATUSES[n] ?? 'LOGGED_MODEL_PENDING')]);

export function loggedModelRoutes(context: MlflowContext): Route[] {
  const { store } = context;
  const models = createLoggedModels(store.records, context.clock);
  const whole = (id: string, deleted = true): unknown => ({ model: wireLoggedModel(models.get(id, { deleted }), store.modelMetrics(id)) });
  /** A change that is made once all that was said of the model before is known. */
  const after = <T extends { model_id: string }>(change: (input: T) => void) => async (input: T, call: Call): Promise<Record<string, never>> => {
    await heard(context, call, input.model_id);
    change(input);
    return {};
  };
  return [
    route(`POST ${L}`, create, (asked) => {
      const experiment = experimentOf(context, asked.experiment_id);
      checkExperimentActive(experiment);
      const made = models.create({
        experiment: experiment.id, name: asked.name || newName(), type: asked.model_type, run: asked.source_run_id, location: artifactLocation(experiment),
        params: uniqueParams(asked.params), tags: recordOf(asked.tags),
      });
      return whole(made.id);
    }),
    route(`POST ${L}/search`, loggedModelSearch, async (asked, call) => {
      await heard(context, call);
      return searchLoggedModels({ store, models }, asked);
    }),
    route(`GET ${L}/:model_id`, byId.extend({ allow_deleted: flag.default(false) }), async ({ model_id: id, allow_deleted: deleted }, call) => {
      await heard(context, call, id);
      return whole(id, deleted);
    }),
    route(`PATCH ${L}/:model_id`, byId.extend({ status }), async ({ model_id: id, status: next }, call) => {
      await heard(context, call, id);
      const { run } = models.finalize(id, next);
      if (store.hasRun(run)) context.changed([run]);
      return whole(id);
    }),
    route(`DELETE ${L}/:model_id`, byId, after(({ model_id: id }) => models.remove(id))),
    route(`POST ${L}/:model_id/params`, byId.extend({ params: pairs }), after(({ model_id: id, params }) => models.addParams(id, params))),
    route(`PATCH ${L}/:model_id/tags`, byId.extend({ tags: pairs }), after(({ model_id: id, tags }) => models.tag(id, recordOf(tags)))),
    route(`DELETE ${L}/:model_id/tags/:tag_key`, byId.extend({ tag_key: required }), after(({ model_id: id, tag_key: key }) => models.untag(id, key))),
    route('POST /api/2.0/mlflow/runs/log-model', z.object({ run_id: required, model_json: required }), (asked, call) => recordModel(context, call, asked)),
  ];
}

/** What was said of models in runs' spools is in the store: by clients that spoke here, by the run the client is part of, and by those that have to do with the model. */
async function heard({ store, tracker }: MlflowContext, call: Call, model?: string): Promise<void> {
  await tracker.clients.flush();
  const runs = new Set(model === undefined ? [] : store.runsOfModel(model).map(({ run }) => run));
  if (call.run !== null) runs.add(call.run);
  for (const run of runs) if (store.hasRun(run)) await tracker.clients.flush(run);
}

const description = z.looseObject({ artifact_path: z.unknown(), flavors: z.record(z.string(), z.unknown()), utc_time_created: z.unknown(), run_id: z.unknown() });
const NEEDED = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];
const HISTORY = 'mlflow.log-model.history';

/** How clients before 3.0 told of a model: as an entry of a list in a tag of its run. */
async function recordModel(context: MlflowContext, call: Call, { run_id: run, model_json: json }: { run_id: string; model_json: string }): Promise<unknown> {
  const said = parse(json);
  if (typeof said !== 'object' || said === null) throw invalid(`Malformed model info. \n ${json} \n is not a valid JSON.`);
  const lacking = NEEDED.filter((key) => !Object.hasOwn(said, key));
  if (lacking.length > 0) throw invalid(`Model json is missing mandatory fields: ${lacking.join(', ')}`);
  const model = description.safeParse(said);
  if (!model.success) throw invalid("Invalid value for parameter 'model_json' supplied: its flavors are not an object");
  const { artifact_path, flavors, utc_time_created, run_id, model_uuid = null } = model.data;
  const { tags } = await readRun(context, run);
  checkActive(context, run);
  const before = parse(tags[HISTORY] ?? '[]');
  const entry = { run_id, artifact_path, utc_time_created, model_uuid, flavors: Object.fromEntries(Object.entries(flavors).map(([name, one]) => [name, withoutConfig(one)])) };
  say(context, call, { run, events: tagEvents(checkTags([{ key: HISTORY, value: JSON.stringify([...(Array.isArray(before) ? before as unknown[] : []), entry]) }]), context.clock()) });
  await context.tracker.clients.flush(run);
  return {};
}

const withoutConfig = (flavor: unknown): unknown =>
  (typeof flavor === 'object' && flavor !== null && !Array.isArray(flavor) ? Object.fromEntries(Object.entries(flavor).filter(([key]) => key !== 'config')) : flavor);

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined; // the caller says what it needed
  }
}
