import { existsSync } from 'node:fs';
import type { EngineClient } from '../../engine/client/client';
import { evaluationJson } from '../../protocol/evaluation/json';
import type { EvaluationDoc, Outcome } from '../../protocol/evaluation/result';
import { EXIT, type Command, type Invocation } from '../command';
import { asking, Interrupted, pythonOf } from '../evaluation/ask';
import { evaluationText } from '../evaluation/evaluation-text';
import { inspect } from '../evaluation/inspect';
import { list } from '../evaluation/list';
import { LOOK_OPTIONS, lookCloser } from '../evaluation/look';
import { SUBJECT_OPTIONS } from '../evaluation/options';
import { askedOf } from '../evaluation/request';
import { saidInOptions } from '../evaluation/said';
import type { Given } from '../evaluation/words';

export const evaluate: Command = {
  name: 'evaluate',
  usage: '[NAME] [--model MODEL --data FILES --label COLUMN] [-- CMD ARGS...]',
  summary: 'say how good a model is on labelled data, where it is bad, and whether it is better than another',
  more: 'NAME is an evaluation of runyard.yaml; options go before what it says. The same thing asked again is answered from what is kept.\n'
    + 'A command after -- is the model: it reads rows as JSONL and writes a line of JSON for each, or {rows} and {predictions} in it name Parquet files.\n'
    + 'Exit status: 1 where a slice, a limit or a pinned example fails or the model is worse than the baseline, 3 where it cannot be told.',
  example: 'runyard evaluate --model model.onnx --baseline champion.onnx --data test.csv --label repaid --id loan_id',
  options: {
    ...SUBJECT_OPTIONS,
    inspect: { help: 'only say what would be evaluated: columns, types, which feeds which input, and what is wrong' },
    list: { help: 'the evaluations that are kept (of NAME)' },
    show: { value: 'EVALUATION', help: 'one that is kept: an id, the start of one, @last or @last:NAME' },
    ...LOOK_OPTIONS,
  },
  words: { least: 0, most: Infinity, what: '' },
  takesRest: true,
  anywhere: true,
  async run(call) {
    if (call.flag('list')) return list(call);
    if (call.flag('inspect')) return inspect(call);
    try {
      const { evaluation, cached } = await evaluated(call);
      const closer = await lookCloser(call, evaluation);
      call.answer({ ...evaluationJson(evaluation, cached), ...closer.json }, () => {
        const { out } = call.io;
        out.write(evaluationText(evaluation, { cached, now: Date.now() }, out));
        closer.write(out);
      });
      return statusOf(evaluation.outcome);
    } catch (error) {
      if (error instanceof Interrupted) return EXIT.interrupted;
      throw saidInOptions(error);
    }
  },
};

export const statusOf = (outcome: Outcome): number => ({ pass: EXIT.done, fail: EXIT.no, 'cannot tell': EXIT.cannotTell })[outcome];

export interface Evaluated { evaluation: EvaluationDoc; cached: boolean }

/** The kept one that --show names, else the answer to what was asked. Throws Interrupted. */
export async function evaluated(call: Invocation): Promise<Evaluated> {
  const kept = call.text('show');
  if (kept !== undefined) return { evaluation: await (await call.engine()).request('evaluations.get', { evaluation: kept }), cached: true };
  const { fresh, ...asked } = askedOf(givenOf(call));
  return asking(call, async (client, job) => {
    const request = await withRun(client, asked.request);
    return client.request('evaluations.run', { ...asked, request, job, fresh, ...await pythonOf(call, client) });
  });
}

/** A run may be named as everywhere; the evaluation keeps its id. */
async function withRun(client: EngineClient, request: Record<string, unknown>): Promise<Record<string, unknown>> {
  return typeof request.run === 'string' ? { ...request, run: (await client.request('runs.get', { run: request.run })).id } : request;
}

const givenOf = (call: Invocation): Given => ({ ...call, cwd: call.io.cwd, exists: existsSync });
