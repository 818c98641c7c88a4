import type { EngineClient } from '../../engine/client/client';
import type { MethodResults } from '../../protocol/engine';
import { RunyardError } from '../../core/base/errors';
import { EXIT, type Command, type Invocation } from '../command';

export const serve: Command = {
  name: 'serve',
  usage: '[--port P] [--no-token]',
  summary: "keep the engine up for MLflow's clients, and say where they find it",
  more: `It listens on 127.0.0.1 only. Scripts started by runyard or from VS Code's terminal have both words set already; in another shell:

  eval "$(runyard serve --print)"

Without --print it stays until Ctrl-C.`,
  example: 'runyard serve --port 5000',
  options: {
    port: { value: 'P', help: 'listen there too (default: the port of this workspace)' },
    'no-token': { help: 'whoever reaches the port may read and write: for a machine that is yours alone' },
    print: { help: 'only print the words, as lines that a shell can read; the engine ends some seconds after its last client' },
  },
  words: { least: 0, most: 0, what: '' },
  anywhere: true,
  async run(call) {
    const port = portOf(call);
    const ask = (client: EngineClient): Promise<MethodResults['mlflow.serve']> => client.request('mlflow.serve', { ...(port === undefined ? {} : { port }), token: !call.flag('no-token') });
    const client = await call.engine();
    const { uri, token } = await ask(client);
    const words = call.flag('no-token') ? [`MLFLOW_TRACKING_URI=${uri}`] : [`MLFLOW_TRACKING_URI=${uri}`, `MLFLOW_TRACKING_TOKEN=${token}`];
    if (call.flag('no-token')) call.io.err.line('No token is asked for: every program on this machine can read and change this workspace.');
    call.answer({ uri, token: call.flag('no-token') ? null : token, workspace: client.hello.workspace }, () => {
      for (const word of words) call.io.out.line(call.flag('print') ? `export ${word}` : word);
    });
    if (call.flag('print')) return EXIT.done;
    call.io.err.line(`Serving ${client.hello.workspace}. Ctrl-C ends it.`);
    return untilEnded({ call, client, ask, said: uri });
  },
};

function portOf(call: Invocation): number | undefined {
  const given = call.text('port');
  if (given === undefined) return undefined;
  const port = Number(given);
  if (!/^\d+$/.test(given) || port < 1 || port > 65_535) throw new RunyardError('bad_input', `--port ${given} is no port`, 'write a number from 1 to 65535');
  return port;
}

interface Serving { call: Invocation; client: EngineClient; ask(client: EngineClient): Promise<MethodResults['mlflow.serve']>; said: string }

/** Stays connected, so that the engine stays; an engine that went away is asked again for the same once it is back. */
function untilEnded({ call, client, ask, said }: Serving): Promise<number> {
  let known = said;
  const again = async (): Promise<void> => {
    const { uri, token } = await ask(client);
    if (uri === known) return;
    known = uri;
    call.io.err.line(`The address is another one now: MLFLOW_TRACKING_URI=${uri}${call.flag('no-token') ? '' : ` MLFLOW_TRACKING_TOKEN=${token}`}`);
  };
  return new Promise((resolve, reject) => {
    const states = client.onState((state, error) => {
      if (state === 'connected') again().catch(reject);
      if (state === 'closed') reject(error ?? new RunyardError('engine_unreachable', 'the engine is gone'));
    });
    const heard = call.io.onInterrupt(() => {
      heard.dispose();
      states.dispose();
      resolve(EXIT.done);
    });
  });
}
