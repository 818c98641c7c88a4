/** Every gate that a version has to pass on its way into an environment. */
import { liveAt, movesOf } from '../ledger/history';
import { canonical } from '../ledger/entry';
import { factsOf } from '../ledger/facts';
import type { Gates, RegistryContext } from '../types';
import { figureAt, type EvaluationDoc } from '../../../protocol/evaluation/result';
import type { GateReport, Person } from '../../../protocol/registry';
import { edgeTaken } from './edge';
import { gather, type GateParts } from './evidence/gather';
import { outcomeOfGates } from './result';

export type { GateParts } from './evidence/gather';

export function createGates(context: RegistryContext, parts: GateParts): Gates {
  const { ledger, versions } = parts;
  const now = (): number => Math.round(context.clock() * 1000);

  return {
    async report({ model, version, to, fresh = false, python, by, quiet = false }, watching) {
      const started = now();
      const { from, gates: wanted } = edgeTaken(context.loaded().config.registry, ledger.entries(), { model, version, to });
      const facts = await versions.facts(model, version);
      const live = liveAt(ledger.entries(), { model, environment: to })?.version ?? null;
      const gathering = gather(context, parts, { model, version, from, to, live, facts, fresh, python }, watching);
      const gates: GateReport['gates'] = [];
      for (const [i, gate] of wanted.entries()) {
        watching.progress('gates', i, wanted.length);
        gates.push(await gathering.judge(gate));
      }
      const told = wanted.some(({ gate }) => gate === 'feedback') ? null : await gathering.told();
      if (told) gates.push(told);
      watching.progress('gates', wanted.length, wanted.length);
      const report: GateReport = {
        model, version, environment: to, from, live, t: started, outcome: outcomeOfGates(gates), gates, evaluations: gathering.used().map(({ id }) => id), duration: Math.max(0, (now() - started) / 1000),
      };
      if (!quiet) note(report, { by, evaluations: gathering.used() });
      return report;
    },
  };

  /** What was found out goes into the ledger, once: looking again at the same is no news. */
  function note(report: GateReport, { by, evaluations }: { by: Person; evaluations: readonly EvaluationDoc[] }): void {
    const { model, version, environment, outcome, gates } = report;
    const known = new Set(ledger.entries().flatMap((entry) => (entry.model === model && entry.version === version ? (factsOf('evaluated', entry)?.evaluation ?? []) : [])));
    for (const doc of evaluations) if (!known.has(doc.id)) ledger.append({ by, kind: 'evaluated', model, version, environment: null, facts: evaluatedFacts(doc) });
    const facts = { to: environment, outcome, gates: gates.map(({ kind, name, outcome: of, blocks, reason }) => ({ kind, name, outcome: of, blocks, reason })), evaluations: report.evaluations };
    if (!isNews(facts, report)) return;
    ledger.append({ by, kind: 'gates', model, version, environment, facts });
    context.changed([model]);
    const blocking = gates.filter(({ blocks }) => blocks);
    if (blocking.length === 0 || blocking.some(({ kind, outcome: of }) => kind !== 'approval' || of === 'fail')) return;
    context.attention({ kind: 'approval', model, version, environment, text: `version ${version} of ${model} waits for approval to move to ${environment}: ${blocking.map(({ reason }) => reason).join('; ')}` });
  }

  function isNews(facts: Told, { model, version, environment }: GateReport): boolean {
    const last = ledger.entries().findLast((entry) => entry.kind === 'gates' && entry.model === model && entry.version === version && entry.environment === environment);
    const before = last && factsOf('gates', last);
    if (!last || !before || canonical(essence(before)) !== canonical(essence(facts))) return true;
    // After another move they are about another live version.
    const moved = movesOf(ledger.entries(), model, environment).at(-1);
    return moved !== undefined && ledger.entries().findLastIndex(({ hash }) => hash === moved.hash) > ledger.entries().findLastIndex(({ hash }) => hash === last.hash);
  }
}

interface Told { outcome: string; gates: readonly { name: string; outcome: string; blocks: boolean }[]; evaluations: readonly string[] }
/** Without the words: how long something took this time is no news. */
const essence = ({ outcome, gates, evaluations }: Told): unknown => ({ outcome, evaluations, gates: gates.map(({ name, outcome: of, blocks }) => ({ name, outcome: of, blocks })) });

function evaluatedFacts(doc: EvaluationDoc): Record<string, unknown> {
  const { metric } = doc.main;
  const interval = doc.overall.intervals[metric];
  return {
    evaluation: doc.id, digest: doc.model.digest, dataDigest: doc.data.digest, metric, value: figureAt(doc.overall.figures, metric), low: interval?.low ?? null, high: interval?.high ?? null,
    outcome: doc.outcome, name: doc.name, rows: doc.data.rows,
  };
}
