/** Each gate with its evidence: looked for when a gate asks, once for a report. */
import { dirname, isAbsolute, resolve } from 'node:path';
import { RunyardError } from '../../../base/errors';
import { refuseStopped } from '../../../base/stopping';
import { loadPinned } from '../../../config/pinned';
import { gateConfig, type GateConfig, type GateOf } from '../../../config/registry';
import { chooseInterpreter } from '../../../tracking/interpreter';
import { approvalsOf } from '../../approvals/approvals';
import { authorsOf } from '../../approvals/authors';
import { runProgram } from '../../moves/command';
import { modelFile } from '../../moves/golden';
import { movesOf } from '../../ledger/history';
import type { Evaluating, Ledger, RegistryContext, Versions, Watching } from '../../types';
import type { EvaluationDoc } from '../../../../protocol/evaluation/result';
import type { FeedbackSummary } from '../../../../protocol/monitoring';
import type { CardReport, GateResult, VersionFacts } from '../../../../protocol/registry';
import { ageGate } from '../age';
import { approvalGate } from '../approval';
import { cardGate } from '../card';
import { changeGate, nothingToCompare } from '../change';
import { driftColumns, driftGate } from '../drift';
import { feedbackGate, type FeedbackGiven } from '../feedback';
import { latencyGate } from '../latency';
import { metricGate } from '../metric';
import { pinnedGate } from '../pinned';
import { reproducibleGate } from '../reproducible';
import { cannotTell, resultOf, unfit } from '../result';
import { ruleGate } from '../rule';
import { sizeGate } from '../size';
import { foundSlicesGate, searches, searchSettings, type Search } from '../found-slices';
import { slicesGate } from '../slices';
import { evaluationsFor } from './evaluation';

export interface GateParts {
  ledger: Ledger; versions: Versions; evaluating: Evaluating; checkCard(model: string, version: number): Promise<CardReport>;
  /** what people and labels say of a model in an environment, since a moment (ms), of one version's answers or of all; null where there is neither a log nor feedback */
  feedback?(asked: { model: string; environment: string; since: number | null; version: number | null }): Promise<FeedbackSummary | null>;
}
export interface About { model: string; version: number; /** environment that it comes from */ from: string | null; to: string; live: number | null; facts: VersionFacts; fresh: boolean; python: string | undefined }

/** Judges gates of one version, one after the other. What goes wrong while evidence is looked for is a reason why nobody can tell; only being stopped is thrown. */
export interface Judge { judge(gate: GateConfig): Promise<GateResult>; /** what is told of feedback where no gate asks for it; null where there is none */ told(): Promise<GateResult | null>; used(): EvaluationDoc[] }

export function gather(context: RegistryContext, parts: GateParts, about: About, watching: Watching): Judge {
  const { model, version, live, facts } = about;
  const { versions, evaluating } = parts;
  const loaded = context.loaded();
  const evaluations = evaluationsFor({ ...about, loaded, entries: parts.ledger.entries() }, evaluating, watching);
  const folder = once(() => versions.folder(model, version));
  /** Both, so that the evaluation finds them: fetched where they aren't here. */
  const files = once(async () => {
    await folder();
    if (live !== null && live !== version) await versions.folder(model, live);
  });

  /** `without`: what can be said where no evaluation is known of the version at all. */
  async function evaluated(gate: Extract<GateConfig, { evaluation?: string | undefined }>, judge: (doc: EvaluationDoc) => GateResult | Promise<GateResult>, without?: () => GateResult | null): Promise<GateResult> {
    await files();
    const found = await evaluations.find(gate.evaluation);
    if (found.doc) return judge(found.doc);
    const said = found.none ? without?.() : null;
    if (said) return said;
    return found.unfit ? unfit(gate, found.reason, found.hint) : cannotTell(gate, found.reason, found.hint);
  }
  async function slices(gate: GateOf<'slices'>, doc: EvaluationDoc): Promise<GateResult> {
    const against = { doc, live, version };
    if (!evaluating.discover || !searches(gate, against)) return slicesGate(gate, against);
    const search = await evaluating.discover(doc.id, searchSettings(gate, doc), watching).then((found): Search => ({ found }), (error: unknown): Search => {
      if (watching.signal.aborted || !(error instanceof RunyardError) || error.code === 'cancelled') throw error;
      return { failed: error.message };
    });
    return foundSlicesGate(gate, against, search);
  }
  async function latency(gate: GateOf<'latency'>): Promise<GateResult> {
    const path = modelFile({ folder: await folder(), facts });
    const found = await files().then(() => evaluations.find());
    const data = found.doc && { spec: found.doc.request.data, label: found.doc.request.label, id: found.doc.request.id, mapping: found.doc.request.model.mapping ?? (found.doc.model.kind === 'onnx' ? found.doc.model.mapping : undefined) };
    return latencyGate(gate, (await evaluating.probe({ file: path, data, latency: gate.rows, python: about.python ?? null }, watching)).latency);
  }
  async function drift(gate: GateOf<'drift'>, doc: EvaluationDoc): Promise<GateResult> {
    const columns = driftColumns(gate, doc);
    if (columns !== undefined && !Array.isArray(columns)) return columns;
    const recent = typeof gate.recent === 'string' ? [gate.recent] : gate.recent;
    return driftGate(gate, doc, await evaluating.drift({ reference: doc.request.data, current: { files: recent, types: doc.request.data.types }, columns }, watching));
  }
  async function rule(gate: GateOf<'rule'>): Promise<GateResult> {
    const liveFolder = live === null ? '' : await versions.folder(model, live).catch((error: unknown) => {
      if (error instanceof RunyardError) return '';
      throw error;
    });
    const env = { RUNYARD_MODEL: model, RUNYARD_VERSION: String(version), RUNYARD_ENVIRONMENT: about.to, RUNYARD_FOLDER: await folder(), RUNYARD_LIVE_FOLDER: liveFolder };
    const ended = await runProgram({ command: withPython(gate.command, context.workspace, about.python), cwd: context.workspace, env, timeout: gate.timeout, stop: watching.signal });
    refuseStopped(watching.signal);
    return ruleGate(gate, ended);
  }
  async function approval(gate: GateOf<'approval'>): Promise<GateResult> {
    const authors = await authorsOf(context.workspace, facts);
    const approvals = await approvalsOf(parts.ledger.entries(), { model, version, environment: about.to, digest: facts.digest }, { workspace: context.workspace, authors });
    return approvalGate(gate, { approvals, authors, model, version, environment: about.to });
  }
  /** Of all answers where it goes to, and of its own there and where it comes from. */
  const feedback = once(async () => {
    const found: FeedbackGiven[] = [];
    for (const [environment, only] of [[about.to, null], [about.to, version], ...(about.from === null ? [] : [[about.from, version] as const])] as const) {
      const since = movesOf(parts.ledger.entries(), model, environment).at(-1)?.t ?? null;
      const summary = await parts.feedback?.({ model, environment, since, version: only });
      if (summary) found.push({ environment, version: only, since, summary });
    }
    return found;
  });
  async function judge(gate: GateConfig): Promise<GateResult> {
    switch (gate.gate) {
      case 'metric': return evaluated(gate, (doc) => metricGate(gate, doc));
      case 'change': return evaluated(gate, (doc) => changeGate(gate, { doc, live, version, metrics: loaded.config }), () => nothingToCompare(gate, about));
      case 'slices': return evaluated(gate, (doc) => slices(gate, doc), () => nothingToCompare(gate, about));
      case 'pinned': return evaluated(gate, (doc) => pinnedGate(gate, doc), () => (loadPinned(context.workspace).pinned.length > 0 ? null : resultOf(gate, { outcome: 'pass', reason: 'nobody has pinned an example' })));
      case 'drift': return evaluated(gate, (doc) => drift(gate, doc));
      case 'age': return evaluated(gate, (doc) => ageGate(gate, doc, context.clock() * 1000));
      case 'latency': return latency(gate);
      case 'size': return sizeGate(gate, facts);
      case 'reproducible': return reproducibleGate(gate, facts);
      case 'rule': return rule(gate);
      case 'card': return cardGate(gate, await parts.checkCard(model, version));
      case 'approval': return approval(gate);
      case 'feedback': return feedbackGate(gate, { version, given: await feedback() });
    }
  }
  const safely: Judge['judge'] = async (gate) => {
    try {
      return await judge(gate);
    } catch (error) {
      if (watching.signal.aborted || !(error instanceof RunyardError) || error.code === 'cancelled') throw error;
      return cannotTell(gate, error.message, error.hint);
    }
  };
  return {
    used: evaluations.used, judge: safely,
    async told() {
      const found = await feedback().catch((error: unknown) => {
        if (watching.signal.aborted || !(error instanceof RunyardError)) throw error;
        return null;
      });
      return found?.length === 0 ? null : safely(TOLD);
    },
  };
}

/** What tells of feedback and asks for nothing. */
const TOLD = gateConfig.parse({ gate: 'feedback', cannotTell: 'pass' });

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** `python` alone is the one that runs would get. */
function withPython(command: readonly string[], workspace: string, given: string | undefined): readonly string[] {
  const [program = '', ...args] = command;
  if (!/^python3?$/.test(program)) return command;
  const found = chooseInterpreter({ workspace, ...(given !== undefined && { given }), env: process.env })?.path;
  if (found === undefined) return command;
  return [isAbsolute(found) || dirname(found) === '.' ? found : resolve(workspace, found), ...args];
}
