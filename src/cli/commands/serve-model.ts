import { RunyardError } from '../../core/base/errors';
import { EXIT, type Command, type Invocation } from '../command';
import { startServing } from '../serving/start';
import { visible } from '../terminal';

export const serveModel: Command = {
  name: 'serve-model',
  usage: 'NAME@ENVIRONMENT [--port P] [--host H]',
  summary: "answer requests with the model that is live there, in MLflow's scoring protocol, and log them",
  more: `POST /invocations takes dataframe_split, dataframe_records, instances or inputs as JSON, or CSV; GET /ping, /health and /version answer too.
What is promoted or rolled back is followed without a restart. Every answer stands in .runyard/serving/NAME/ENVIRONMENT, Parquet files by day.
Sampling, columns that aren't logged, rules, a shadow and a canary: the section serving: of runyard.yaml. Only models in ONNX are served.

  curl http://127.0.0.1:5001/invocations -H 'Content-Type: application/json' -d '{"dataframe_records": [{"age": 41, "income": 30000}]}'

It stays until Ctrl-C.`,
  example: 'runyard serve-model car-loan@production --port 5001',
  options: {
    port: { value: 'P', help: 'listen there (default: 5001; 0: any that is free)' },
    host: { value: 'H', help: 'listen on this address (default: 127.0.0.1, this machine only); no password is asked for, so whoever reaches it may ask' },
  },
  words: { least: 1, most: 1, what: 'NAME@ENVIRONMENT' },
  async run(call) {
    const [model = ''] = call.positionals;
    if (!/^[^@/]+@[^@/]+$/.test(model)) throw new RunyardError('bad_input', `'${model}' names no model in an environment`, `write ${model === '' || /[@/]/.test(model) ? 'NAME@ENVIRONMENT' : `${model}@production`}, such as car-loan@production`);
    const { err } = call.io;
    const host = call.text('host') ?? '127.0.0.1';
    const started = await startServing(['--workspace', call.workspace, '--model', model, '--version', call.io.version, '--port', String(portOf(call)), '--host', host], (line) => err.line(visible(line)));
    // from here on Ctrl-C reaches the server by us: it answers what is in, and says when it is done
    const heard = call.io.onInterrupt(() => started.stop());
    try {
      const { address, version, pid } = started.ready;
      call.answer({ address, model, version, pid }, () => call.io.out.line(`${address}/invocations answers with ${model}, version ${version}`));
      if (!/^(127(\.\d{1,3}){3}|localhost|::1)$/i.test(host)) err.line(`${host}: other machines reach it, and no password is asked for.`);
      err.line('Ctrl-C ends it.');
      const status = await started.ended;
      if (status !== 0) throw new RunyardError('internal', `the scoring server ended with ${status ?? 'a signal'}`, 'what it said stands above; what was answered is in the log');
      return EXIT.done;
    } finally {
      heard.dispose();
    }
  },
};

function portOf(call: Invocation): number {
  const given = call.text('port');
  if (given === undefined) return 5001;
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw new RunyardError('bad_input', `--port ${given} is no port`, 'write a number from 1 to 65535, or 0 for any that is free');
  return port;
}
