/** Runs: made, ended, found. Source: MLflow REST API, runs; mlflow.store.tracking.sqlalchemy_store. */
import path from 'node:path';
import * as z from 'zod';
import { runSpec, type SpoolEvent } from '../../../protocol/spool';
import { isLive, type RunState } from '../../../protocol/model';
import { newRunId } from '../../../core/base/ids';
import { newName } from '../../../core/tracking/names';
import { CLIENT_RUNNER } from '../../../core/store/runs';
import type { MlflowContext } from '../context';
import { invalid, missing } from '../errors';
import { int, list, pairs, required, text } from '../fields';
import { nextPage, offsetOf, pageSize, viewType } from '../paging';
import { route, type Call, type Route } from '../router';
import { checkActive, checkExperimentActive, experimentOf, readRun, say, settle } from '../runs';
import { clientFilter, clientOrder } from '../run-filter';
import { checkTags } from '../validation';
import { pairsOf, recordOf, runWriter, USER_TAG, wireInfo, type Pair } from '../wire';

const B = '/api/2.0/mlflow/runs';
/** Older clients say run_uuid. */
const byId = z.preprocess((fields: Record<string, unknown>) => ({ ...fields, run_id: fields['run_id'] ?? fields['run_uuid'] }), z.looseObject({ run_id: required }));

const STATUS = { RUNNING: 'running', SCHEDULED: 'queued', FINISHED: 'finished', FAILED: 'failed', KILLED: 'killed' } as const satisfies Record<string, RunState>;
const NUMBERED = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
const status = z.union([z.enum(NUMBERED), z.number().int().min(1).max(5).transform((n) => NUMBERED[n - 1] ?? 'RUNNING')]);

const create = z.object({ experiment_id: text.default('0'), user_id: text.optional(), run_name: text.optional(), start_time: int.optional(), tags: pairs });
const update = z.object({ run_id: text.optional(), run_uuid: text.optional(), status: status.optional(), end_time: int.optional(), run_name: text.optional() });
const search = z.object({
  experiment_ids: list(text), filter: text.default(''), run_view_type: viewType, max_results: int.optional(), order_by: list(text), page_token: text.optional(),
});

export function runRoutes(context: MlflowContext): Route[] {
  const { store } = context;
  return [
    route(`POST ${B}/create`, create, (asked, call) => createRun(context, call, asked)),
    route(`POST ${B}/update`, update, (asked, call) => updateRun(context, call, asked)),
    route(`GET ${B}/get`, byId, async ({ run_id: run }) => ({ run: runWriter(store)(await readRun(context, run)) })),
    route(`POST ${B}/delete`, byId, ({ run_id: run }) => trash(context, run, true)),
    route(`POST ${B}/restore`, byId, ({ run_id: run }) => trash(context, run, false)),
    route(`POST ${B}/search`, search, (asked) => searchRuns(context, asked)),
    route(`POST ${B}/set-tag`, z.object({ run_id: text.optional(), run_uuid: text.optional(), key: required, value: text.default('') }), ({ run_id, run_uuid, key, value }, call) => {
      const run = runOf(run_id, run_uuid);
      const [tag = { key, value }] = checkTags([{ key, value }], () => '');
      checkActive(context, run);
      say(context, call, { run, events: tagEvents([tag], context.clock()) });
      return {};
    }),
    route(`POST ${B}/delete-tag`, z.object({ run_id: required, key: required }), async ({ run_id: run, key }, call) => {
      const { tags, notes } = await readRun(context, run);
      checkActive(context, run);
      const isNote = key === 'mlflow.note.content';
      if (!Object.hasOwn(tags, key) && !(isNote && notes !== '')) throw missing(`No tag with name: ${key} in run with id ${run}`);
      const t = context.clock();
      say(context, call, { run, events: [{ e: 'tag', t, del: [key] }, ...(isNote ? [{ e: 'edit' as const, t, notes: '' }] : [])] });
      return {};
    }),
  ];
}

export function runOf(id: string | undefined, uuid: string | undefined): string {
  const run = id || uuid;
  if (!run) throw invalid("Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.");
  return run;
}

/** Tags, and what they mean: the run's name is one of them, and so are its notes. */
export function tagEvents(tags: readonly Pair[], t: number): SpoolEvent[] {
  if (tags.length === 0) return [];
  const set = recordOf(tags);
  const { 'mlflow.runName': name, 'mlflow.note.content': notes } = set;
  const edit = { ...(name ? { name } : {}), ...(notes === undefined ? {} : { notes }) };
  return [{ e: 'tag', t, set }, ...(Object.keys(edit).length > 0 ? [{ e: 'edit' as const, t, ...edit }] : [])];
}

async function createRun(context: MlflowContext, call: Call, asked: z.output<typeof create>): Promise<unknown> {
  const { store, tracker } = context;
  const experiment = experimentOf(context, asked.experiment_id);
  checkExperimentActive(experiment);
  const tags = recordOf(checkTags(asked.tags));
  const named = tags['mlflow.runName'];
  if (asked.run_name && named && asked.run_name !== named) {
    throw invalid(`Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${asked.run_name}', mlflow.runName='${named}').`);
  }
  const given = asked.run_name || named;
  // The client's word for nobody is no name.
  if (asked.user_id && asked.user_id !== 'unknown' && asked.user_id !== tags['mlflow.user']) tags[USER_TAG] = asked.user_id;
  const t = asked.start_time === undefined ? context.clock() : asked.start_time / 1000;
  const within = call.run !== null && store.hasRun(call.run) ? call.run : null;
  const adopted = within !== null && tags['mlflow.parentRunId'] === undefined && isLive(store.getRun(within).state) && tracker.clients.claim(within);
  const run = adopted ? within : newRunId();
  const events: SpoolEvent[] = [{ e: 'state', t, state: 'running', client: true }];
  if (adopted) {
    const edit = { ...(given ? { name: given } : {}), ...(experiment.id === 0 ? {} : { experiment: experiment.name }) };
    if (Object.keys(edit).length > 0) events.push({ e: 'edit', t, ...edit });
    events.push(...tagEvents(pairsOf(tags), t));
    say(context, call, { run, events });
  } else {
    const name = given ?? newName();
    const script = scriptOf(context.workspace, tags['mlflow.source.name']);
    const spec = runSpec.parse({
      format: 1, runId: run, experiment: experiment.name, name, created: t, argv: [], tags: { ...tags, 'mlflow.runName': name },
      parent: tags['mlflow.parentRunId'] ?? within ?? undefined, source: 'mlflow', script, runner: CLIENT_RUNNER,
    });
    const notes = tags['mlflow.note.content'];
    const commit = tags['mlflow.source.git.commit'];
    if (notes !== undefined) events.push({ e: 'edit', t, notes });
    if (commit !== undefined) events.push({ e: 'code', t, code: { commit, ...(tags['mlflow.source.git.branch'] ? { branch: tags['mlflow.source.git.branch'] } : {}) } });
    tracker.clients.create(spec, events, within !== null);
    context.spoke(run, call.request.socket);
  }
  return { run: runWriter(store)(await readRun(context, run)) };
}

/** The script that a client says it is, where it lies in the workspace. */
function scriptOf(workspace: string, source: string | undefined): string | undefined {
  if (source === undefined || source === '') return undefined;
  const relative = path.relative(workspace, path.resolve(workspace, source));
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.split(path.sep).join('/');
}

async function updateRun(context: MlflowContext, call: Call, asked: z.output<typeof update>): Promise<unknown> {
  const { store, tracker } = context;
  const run = runOf(asked.run_id, asked.run_uuid);
  checkActive(context, run);
  const before = await readRun(context, run);
  const events: SpoolEvent[] = [];
  const now = context.clock();
  if (asked.run_name) events.push(...tagEvents([{ key: 'mlflow.runName', value: asked.run_name }], now));
  const supervised = store.runFacts(run)?.runner !== CLIENT_RUNNER;
  if (asked.status !== undefined || asked.end_time !== undefined) {
    const state = asked.status === undefined ? (supervised ? store.saidOf(run)?.state : undefined) ?? before.state : STATUS[asked.status];
    const t = asked.end_time === undefined ? (before.ended !== null && before.state === state ? before.ended : now) : asked.end_time / 1000;
    events.push({ e: 'state', t, state, client: true });
    if (isLive(state) && !supervised) tracker.clients.follow(run);
  }
  say(context, call, { run, events });
  const row = await readRun(context, run);
  const experiment = store.experimentNamed(row.experiment);
  if (!experiment) throw missing(`No Experiment named ${row.experiment} exists`);
  context.changed([run]);
  return { run_info: wireInfo(store, row, experiment) };
}

async function trash(context: MlflowContext, run: string, trashed: boolean): Promise<Record<string, never>> {
  await settle(context, run);
  context.tracker.clients.say(run, [{ e: 'edit', t: context.clock(), trashed }]);
  await context.tracker.clients.flush(run);
  context.changed([run]);
  return {};
}

const VIEWS = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'trashed', ALL: 'all' } as const;
async function searchRuns(context: MlflowContext, asked: z.output<typeof search>): Promise<unknown> {
  const { store, tracker } = context;
  const limit = pageSize(asked.max_results, { otherwise: 1000, most: 50_000 });
  const offset = offsetOf(asked.page_token);
  await tracker.clients.flush();
  const experiments = asked.experiment_ids.flatMap((id) => store.experimentById(Number(id))?.name ?? []);
  const { rows, total } = store.search({
    experiments, filter: clientFilter(asked.filter), orderBy: clientOrder(asked.order_by), limit, offset, view: VIEWS[asked.run_view_type],
  });
  return { runs: rows.map(runWriter(store)), ...nextPage(offset, rows.length, total) };
}

