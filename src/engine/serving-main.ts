/**
 * The scoring server's program: `serving.js --workspace DIR --model NAME@ENVIRONMENT --version V [--host H] [--port P]`. One line of JSON on standard output says how the start went
 * ({ready, address ...} | {error}); what happens later is said on standard error. SIGINT and SIGTERM end it, once what is in is answered.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeError, RunyardError } from '../core/base/errors';
import { followConfig, readServing } from '../core/serving/follow/config';
import { startServer } from '../core/serving/server';
import { partsOf } from '../core/monitoring/log/place';
import { workspaceRoot } from './client/address';
import { connectEngine } from './client/client';

const here = path.dirname(fileURLToPath(import.meta.url));
const say = (text: string): void => void process.stderr.write(`${new Date().toISOString()} ${text}\n`);
const tell = (line: object, then?: () => void): void => void process.stdout.write(`${JSON.stringify(line)}\n`, then);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { workspace: { type: 'string' }, model: { type: 'string' }, version: { type: 'string', default: '0.0.0' }, host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '0' } } });
  if (values.workspace === undefined || values.model === undefined) throw new RunyardError('bad_input', 'the scoring server needs --workspace DIR and --model NAME@ENVIRONMENT', 'start it with `runyard serve-model`');
  const workspace = workspaceRoot(values.workspace);
  const { model, version } = values;
  const [name] = partsOf(model);
  const config = readServing(workspace, model);
  const server = await startServer({ workspace, model, version, host: values.host, port: Number(values.port), script: path.join(here, 'scorer.js'), config, say, find: (number) => folderOf(number) });
  const following = followConfig(workspace, { model, changed: (next) => server.configure(next), say });
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {
    if (closing) return;
    closing = true;
    following.dispose();
    server.close().then(() => process.exit(0), (error: unknown) => { say(describeError(error)); process.exit(1); });
  });
  tell({ ready: true, address: server.address, model, version: server.live, pid: process.pid });

  /** A version that no environment points at: the engine knows where its files are. */
  async function folderOf(number: number): Promise<{ version: number; folder: string; files: Record<string, { digest: string; size: number }> }> {
    const client = await connectEngine({ workspace, version, clientName: 'serving', enginePath: path.join(here, 'engine.js') });
    try {
      const { folder, facts } = await client.request('registry.version', { model: name, version: number });
      if (folder === null) throw new RunyardError('not_found', `the files of ${name} version ${number} aren't on this machine`, `runyard models fetch ${name} ${number}`);
      return { version: number, folder: path.resolve(workspace, folder), files: Object.fromEntries(facts.files.map((file) => [file.path, { digest: file.digest, size: file.size }])) };
    } finally {
      client.dispose();
    }
  }
}

process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
main().catch((error: unknown) => {
  const known = error instanceof RunyardError;
  tell({ error: { code: known ? error.code : 'internal', message: known ? error.message : describeError(error), hint: known ? error.hint : '' } }, () => process.exit(1));
});
