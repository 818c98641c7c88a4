/** From a source to a sink: the order of things, how many at a time, what is counted, and what happens to what can't be read. */
import { describeError, RunyardError } from '../base/errors';
import type { CopyProgress, CopyReport, Count, Kind } from '../../protocol/exchange';
import type { Artifact, Experiment, Fault, Outcome, Run, Sink, Source, Tally } from './model';

export interface CopyOptions { signal?: AbortSignal; onProgress?: (progress: CopyProgress) => void; /** runs, models and traces at a time */ parallel?: number }

const MOST_FAILURES = 500;
const none = (): Count => ({ made: 0, completed: 0, same: 0, failed: 0 });

export interface Copying {
  /** Give it to the source, so that what it can't read is in the report. */
  fault: Fault;
  run(source: Source, sink: Sink): Promise<CopyReport>;
}

/** Throws cancelled where it is asked to stop: what was copied stays, and the next time goes on from there. Other errors come from a source or sink that is out of order as a whole. */
export function createCopy({ signal, onProgress, parallel = 4 }: CopyOptions = {}): Copying {
  const report: CopyReport = {
    from: '', to: '', counts: { experiments: none(), runs: none(), models: none(), registered: none(), traces: none(), datasets: none() },
    points: 0, files: 0, bytes: 0, failed: 0, failures: [], leftOut: [],
  };
  const fault: Fault = (where, why) => {
    report.failed += 1;
    if (report.failures.length < MOST_FAILURES) report.failures.push({ where, why });
  };
  const stopIfAsked = (): void => { if (signal?.aborted) throw new RunyardError('cancelled', 'the copy was stopped', 'start it again: it goes on from where it was'); };
  const tell = (kind: CopyProgress['kind'], what: string): void => {
    const done = kind === 'links' ? 0 : Object.values(report.counts[kind]).reduce((sum: number, count: number) => sum + count, 0);
    onProgress?.({ kind, done, what, points: report.points, files: report.files, bytes: report.bytes, failed: report.failed });
  };
  const tally = (kind: Kind, what: string): Tally => ({
    points(count) { stopIfAsked(); report.points += count; tell(kind, what); },
    file(_path, bytes) { stopIfAsked(); report.files += 1; report.bytes += bytes; tell(kind, what); },
    fault,
  });
  /** One thing: a failure of its own is told and doesn't stop the rest. */
  const put = async (kind: Kind, what: string, work: (one: Tally) => Promise<Outcome>): Promise<boolean> => {
    stopIfAsked();
    try {
      report.counts[kind][await work(tally(kind, what))] += 1;
      return true;
    } catch (error) {
      if (isFatal(error)) throw error;
      report.counts[kind].failed += 1;
      fault(what, describeError(error));
      return false;
    } finally {
      tell(kind, what);
    }
  };
  /** A list that can't be read on is told, and the next one is begun. */
  const list = async <T>(what: string, items: AsyncIterable<T>, work: (item: T) => Promise<unknown>, atATime = parallel): Promise<void> =>
    guarded(what, fault, () => each(items, atATime, work));

  return {
    fault,
    async run(source, sink) {
      report.from = source.title;
      report.to = sink.title;
      const experiments: Experiment[] = [];
      for await (const experiment of source.experiments()) if (await put('experiments', `experiment ${experiment.name}`, () => sink.putExperiment(experiment))) experiments.push(experiment);
      const linked: Run[] = [];
      for (const experiment of experiments) {
        await list(`runs of experiment ${experiment.name}`, source.runs(experiment), async (run) => {
          const contents = { points: () => source.points(run), artifacts: () => source.artifacts({ kind: 'run', of: run }) };
          const fine = await put('runs', `run ${run.name || run.id}`, (one) => sink.putRun(run, contents, one));
          // Histories and tags of a run that has no models aren't held on to.
          if (fine && run.modelInputs.length + run.modelOutputs.length > 0) linked.push({ ...run, params: {}, tags: {}, datasets: [] });
        });
      }
      for (const experiment of experiments) {
        await list(`models of experiment ${experiment.name}`, source.models(experiment), (model) => {
          const contents = { artifacts: () => source.artifacts({ kind: 'model', of: model }) };
          return put('models', `model ${model.name} (${model.id})`, (one) => sink.putModel(model, contents, one));
        });
      }
      for (const run of linked) {
        stopIfAsked();
        await guarded(`the models of run ${run.name || run.id}`, fault, () => sink.linkRun(run));
      }
      tell('links', '');
      // Versions of one model take their numbers one after the other.
      await list('registered models', source.registered(), (model) => put('registered', `registered model ${model.name}`, () => sink.putRegistered(model, fault)), 1);
      for (const experiment of experiments) {
        await list(`traces of experiment ${experiment.name}`, source.traces(experiment), (trace) => {
          const contents = { artifacts: (): AsyncIterable<Artifact> => source.artifacts({ kind: 'trace', of: trace }) };
          return put('traces', `trace ${trace.id}`, (one) => sink.putTrace(trace, contents, one));
        });
      }
      await list('evaluation datasets', source.evaluationDatasets(), (dataset) => put('datasets', `evaluation dataset ${dataset.name}`, () => sink.putEvaluationDataset(dataset)), 1);
      const refused = await sink.finish(fault);
      report.leftOut = [...(await source.leftOut()), ...refused];
      return report;
    },
  };
}

/** What makes going on senseless: stopped, the disk is full, the other side is gone. */
const isFatal = (error: unknown): boolean => error instanceof RunyardError && ['cancelled', 'disk_full', 'engine_unreachable', 'store_corrupt'].includes(error.code);

async function guarded(where: string, fault: Fault, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isFatal(error)) throw error;
    fault(where, describeError(error));
  }
}

/** So many at a time; the first error stops the rest and is thrown once those under way are over. */
export async function each<T>(items: AsyncIterable<T>, parallel: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const under = new Set<Promise<unknown>>();
  let failure: { error: unknown } | null = null;
  try {
    for await (const item of items) {
      const one: Promise<unknown> = work(item).catch((error: unknown) => { failure ??= { error }; }).finally(() => under.delete(one));
      under.add(one);
      if (under.size >= parallel) await Promise.race(under);
      if (failure) break;
    }
  } finally {
    await Promise.all(under);
  }
  if (failure) throw (failure as { error: unknown }).error;
}
