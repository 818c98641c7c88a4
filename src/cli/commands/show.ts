import path from 'node:path';
import type { RunDetail } from '../../protocol/model';
import { EXIT, type Command, type Io } from '../command';
import { passThrough, statusOf } from '../follow';
import { ago, bytes, duration, figure, stateText, table } from '../format';
import { tail } from '../tail';

export const show: Command = {
  name: 'show',
  usage: 'RUN',
  summary: 'show everything known of a run',
  example: 'runyard show @best:metrics.val_auc',
  words: { least: 1, most: 1, what: 'a run' },
  async run(call) {
    const client = await call.engine();
    const run = await client.request('runs.get', { run: call.positionals[0] ?? '' });
    call.answer(run, () => writeRun(run, call.io));
    return EXIT.done;
  },
};

export const logs: Command = {
  name: 'logs',
  usage: 'RUN [--follow]',
  summary: "print a run's output",
  more: "With --follow the exit status is the run's.",
  example: 'runyard logs @last --follow',
  options: { follow: { short: 'f', help: 'go on until the run is over' } },
  words: { least: 1, most: 1, what: 'a run' },
  async run(call) {
    const client = await call.engine();
    const run = await client.request('runs.get', { run: call.positionals[0] ?? '' });
    if (call.json) {
      const pieces: Uint8Array[] = [];
      tail(path.join(run.folder, 'stdout.log'), (piece) => pieces.push(piece)).pull();
      call.io.out.line(JSON.stringify({ run: run.id, state: run.state, text: Buffer.concat(pieces).toString('utf8') }, null, 2));
      return EXIT.done;
    }
    if (run.argv.length === 0) call.io.err.line(`${run.name} was logged by an MLflow client: what it prints is in its own terminal.`);
    if (call.flag('follow')) return statusOf(await passThrough(client, run, { sink: call.io.out }));
    tail(path.join(run.folder, 'stdout.log'), (piece) => call.io.out.write(piece)).pull();
    return EXIT.done;
  },
};

function writeRun(run: RunDetail, { out }: Io): void {
  const now = Date.now() / 1000;
  const fact = (name: string, value: string | null | undefined): void => {
    if (value) out.line(`${out.paint('dim', name.padEnd(12))} ${value}`);
  };
  out.line(`${out.paint('bold', run.name)}  ${stateText(out, run.state)}${run.pinned ? '  pinned' : ''}${run.trashed ? '  in the trash' : ''}`);
  fact('id', run.id);
  fact('experiment', run.experiment);
  fact('reason', run.reason);
  fact('started', run.started === null ? null : `${new Date(run.started * 1000).toISOString()} (${ago(now - run.started)})`);
  fact('took', run.started === null ? null : duration((run.ended ?? now) - run.started));
  fact('exit', run.signal ?? (run.exitCode === null ? null : String(run.exitCode)));
  fact('source', run.source === 'mlflow' ? `MLflow client${run.tags['mlflow.source.name'] ? `, ${run.tags['mlflow.source.name']}` : ''}` : run.source);
  fact('command', run.argv.join(' '));
  fact('in', run.cwd);
  fact('commit', run.commit && `${run.commit.slice(0, 12)}${run.branch ? ` on ${run.branch}` : ''}${run.dirty ? ', with uncommitted changes' : ''}`);
  fact('python', run.environment.python);
  fact('folder', run.folder);
  fact('notes', run.notes);
  const section = (title: string, text: string): void => {
    if (text) out.write(`\n${out.paint('bold', title)}\n${text}`);
  };
  const record = (values: Record<string, string>): string => Object.entries(values).map(([key, value]) => `  ${key} = ${value}\n`).join('');
  section('Params', record(run.params));
  section('Tags', record(run.tags));
  const metrics = Object.entries(run.metrics).map(([key, { value, step, min, max, count }]) => [`  ${key}`, figure(value), String(step), figure(min), figure(max), String(count)]);
  const columns = [{ title: '  metric' }, ...['last', 'step', 'min', 'max', 'points'].map((title) => ({ title, right: true }))];
  section('Metrics', metrics.length > 0 ? table(columns, metrics, out) : '');
  section('Datasets', run.datasets.map(({ role, name, digest, rows }) => `  ${role} ${name}${rows === null ? '' : `, ${rows} rows`}${digest ? `, ${digest.slice(0, 20)}` : ''}\n`).join(''));
  section('Models', run.models.map(({ io, name, id, status }) => `  ${io} ${name} ${id}${status ? `, ${status.toLowerCase()}` : ''}\n`).join(''));
  section('Artifacts', run.artifacts.map((file) => `  ${file.path} (${file.kind}, ${bytes(file.size)})\n`).join(''));
  section('Problems', run.problems.map(({ file, line, text }) => `  ${file}:${line}: ${text}\n`).join(''));
}
