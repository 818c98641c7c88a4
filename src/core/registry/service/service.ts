/** The registry as the engine offers it: its parts put together. */
import type { Clock } from '../../base/clock';
import { disposables, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { LoadedConfig } from '../../config/load';
import { createJobTable, type Asker } from '../../evaluation/service/jobs';
import type { Evaluations } from '../../evaluation/service/service';
import type { Store } from '../../store/store';
import { verifyEntry } from '../approvals/approvals';
import { approving, gating } from '../approvals/handlers';
import { carding } from '../card/carding';
import { createGates, type GateParts } from '../gates/gate';
import { liveAt, movesOf } from '../ledger/history';
import { openLedger } from '../ledger/log';
import { moving } from '../moves/moving';
import type { RegistryContext } from '../types';
import { bringing } from '../versions/bring';
import { registryClients, type PromoteFor, type RegistryClients } from '../versions/clients';
import { followMove } from '../versions/follow';
import type { Collected } from '../versions/garbage';
import { registering } from '../versions/handlers';
import { createVersions } from '../versions/versions';
import { viewing } from '../view/handlers';
import type { EngineEvents } from '../../../protocol/engine';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { Person } from '../../../protocol/registry';
import type { RegistryHandlers } from './handlers';
import { gitIdentity } from './identity';
import { noteEvaluations } from './noting';
import { tellPulled } from './pulled';

export interface RegistryOptions {
  workspace: string; store: Store; log: Log; clock: Clock;
  loaded(): LoadedConfig;
  evaluations: Evaluations;
  /** what monitoring knows of a model's answers: see GateParts */
  feedback?: GateParts['feedback'];
  onProgress(progress: EngineEvents['evaluating']): void;
  onChanged(change: EngineEvents['registry']): void;
  onAttention(what: EngineEvents['attention']): void;
}
export interface RegistryService extends Disposable {
  handlers: RegistryHandlers;
  /** what MLflow's clients do to models */
  clients: RegistryClients;
  /** evaluations were made: those of registered versions are told in the ledger */
  evaluated(ids: readonly string[]): void;
  /** gives back the files of versions that nothing needs */
  collect(dryRun: boolean): Promise<Collected>;
  /** the files of a model that is named by its version, if need be from the folder for weights: see `bringing` */
  bring(spec: ModelSpec): Promise<void>;
  /** what monitoring asks: what was live, and the way back on an alert of severity critical */
  forMonitoring: {
    at(model: string, environment: string, t: number): number | null;
    /** oldest first */
    moves(model: string, environment: string): { t: number; version: number; what: 'promoted' | 'forced' | 'rolledBack' }[];
    /** what came of it; null where runyard.yaml doesn't switch it on */
    alert(model: string, environment: string, text: string): Promise<string | null>;
  };
  /** who asks, as git knows them, unless they say */
  identity(by?: Person): Promise<Person>;
  busy(): boolean;
}

export function createRegistryService(options: RegistryOptions): RegistryService {
  const { workspace, store, log, clock, loaded, evaluations } = options;
  const all = disposables();
  const context: RegistryContext = { workspace, store, log, clock, loaded, changed: (models) => options.onChanged({ models }), attention: options.onAttention };
  const { evaluating } = evaluations;
  const identity = async (given?: Person): Promise<Person> => given ?? await gitIdentity(workspace);
  const jobs = all.add(createJobTable(options.onProgress));
  const ledger = all.add(openLedger(context));
  const versions = createVersions(context, ledger, evaluating, identity);
  const view = viewing(context, { ledger, versions, identity, evaluations: () => evaluating.list(), signed: (entry) => verifyEntry(workspace, entry) });
  const card = carding(context, {
    ledger, versions, evaluating, detail: (model, version) => view['registry.version']({ model, version }), history: async (model) => (await view['registry.history']({ model, limit: 100_000 })).rows,
  });
  const gates = createGates(context, { ledger, versions, evaluating, checkCard: (model, version) => card.check(model, version), ...(options.feedback && { feedback: options.feedback }) });
  const moves = all.add(moving(context, { ledger, versions, gates, evaluating, identity, jobs, followMove: (move) => followMove(store.records, clock, move, loaded().config.registry) }));
  const promoteFor: PromoteFor = async (model, version, to, by) => {
    const { promoted, report } = await moves['registry.promote']({ model, version, to, by, job: `mlflow:${model}/${version}:${to}:${clock()}`, reason: 'an MLflow client asked for it', force: false });
    return promoted ? null : report.gates.filter(({ blocks }) => blocks).map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  };
  const ready = versions.swept.then(() => moves.reconcile()).catch((error: unknown) => log.error('what is live could not be brought to what the ledger says', error));
  all.add(moves.watchHealth());

  tellPulled(context, ledger, () => { versions.follow(); void moves.catchUp(); });
  const entering = registering({ context, ledger, versions, identity, detail: (model) => view['registry.model']({ model }), promoteFor });

  const handlers: RegistryHandlers = {
    ...view, ...entering,
    ...approving(context, { ledger, versions, identity }), ...gating(context, { ledger, versions, identity, gates, jobs }),
    // What is live by the ledger may have waited for these files.
    'registry.fetch': async (args, asker) => { const fetched = await entering['registry.fetch'](args, asker); await moves.catchUp(); return fetched; },
    'registry.plan': moves['registry.plan'], 'registry.promote': moves['registry.promote'], 'registry.rollback': moves['registry.rollback'],
    'registry.card': card['registry.card'], 'registry.checkCard': card['registry.checkCard'],
    'registry.cancel': async ({ job }) => ({ stopped: jobs.cancel(job) }),
  };
  return {
    handlers: afterwards(handlers, ready), clients: registryClients({ context, ledger, identity, promoteFor }),
    evaluated: (ids) => { noteEvaluations({ context, ledger, identity, evaluations: () => evaluating.list() }, ids).catch((error: unknown) => log.warn(describeError(error))); },
    collect: (dryRun) => versions.collect(dryRun), identity, bring: bringing(context, { ledger, versions }),
    forMonitoring: {
      at: (model, environment, time) => liveAt(ledger.entries(), { model, environment, time })?.version ?? null,
      moves: (model, environment) => movesOf(ledger.entries(), model, environment).flatMap(({ t, version, kind }) => (version == null ? [] : [{ t, version, what: kind as 'promoted' | 'forced' | 'rolledBack' }])),
      alert: (model, environment, text) => moves.onAlert(model, environment, text),
    },
    busy: () => jobs.busy() || moves.busy(), dispose: () => all.dispose(),
  };
}

/** The same handlers, which wait until the pointers are what the ledger says. */
function afterwards(handlers: RegistryHandlers, ready: Promise<void>): RegistryHandlers {
  const waiting = Object.entries(handlers).map(([name, handler]) => [name, async (args: never, asker?: Asker) => {
    await ready;
    return (handler as (args: never, asker?: Asker) => unknown)(args, asker);
  }]);
  return Object.fromEntries(waiting) as RegistryHandlers;
}
