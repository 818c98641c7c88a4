import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { describeError } from '../../core/base/errors';
import { EXIT, type Command, type Invocation } from '../command';
import { bytes } from '../format';
import { DUCKDB, ONNX_RUNTIME, tryNative, type NativeModule } from '../native';

interface Check { name: string; ok: boolean; found: string; mend: string }

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'look at what Runyard needs here; say what is wrong and how to mend it',
  more: 'Exit status 1 where something is wrong.',
  example: 'runyard doctor',
  words: { least: 0, most: 0, what: '' },
  anywhere: true,
  async run(call) {
    const checks = [versions(call), nodeApi(), glibc(), ...await natives(), ...await disk(call.workspace), await git(), ...await engine(call)];
    call.answer({ ok: checks.every(({ ok }) => ok), checks }, () => {
      const { out } = call.io;
      for (const { name, ok, found, mend } of checks) {
        out.line(`${ok ? out.paint('green', 'ok   ') : out.paint('red', 'wrong')}  ${name}: ${found}`);
        if (!ok) out.line(`       ${mend}`);
      }
    });
    return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.no;
  },
};

const fine = (name: string, found: string): Check => ({ name, ok: true, found, mend: '' });

function versions({ io }: Invocation): Check {
  return fine('runyard', `${io.version}, Node ${process.versions.node}, ${process.platform}-${process.arch}`);
}

function nodeApi(): Check {
  const napi = Number(process.versions.napi ?? 0);
  return { name: 'Node-API', ok: napi >= 10, found: String(napi), mend: 'better-sqlite3 needs 10: Node 22.14 or newer; node:sqlite is used meanwhile' };
}

const reportHeader = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) });

function glibc(): Check {
  if (process.platform !== 'linux') return fine('glibc', 'not needed here');
  const parsed = reportHeader.safeParse(process.report.getReport());
  const version = parsed.success ? parsed.data.header.glibcVersionRuntime : undefined;
  if (version === undefined) return { name: 'glibc', ok: false, found: 'none (musl?)', mend: 'native modules are built for glibc; node:sqlite is used instead' };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { name: 'glibc', ok: major > 2 || minor >= 34, found: version, mend: "better-sqlite3's binary needs 2.34; node:sqlite is used instead" };
}

const PLATFORM = `${process.platform}-${process.arch}`;

/** Without them runs and their comparison work as ever; what evaluations need is missing. */
async function natives(): Promise<Check[]> {
  const check = async (module: NativeModule, mend: string): Promise<Check> => {
    const loaded = await tryNative(module);
    return { name: module.name, ok: loaded.ok, found: loaded.ok ? loaded.version : loaded.why, mend };
  };
  return Promise.all([
    check(DUCKDB, `without it no data can be read, so nothing can be evaluated: install the Runyard that is made for ${PLATFORM}`),
    check(ONNX_RUNTIME, `install the Runyard that is made for ${PLATFORM}, or let Python run the models: \`pip install onnxruntime\` into the Python named here; predictions that are there already, and commands, need neither`),
  ]);
}

/** As statfs(2) numbers them. */
const NETWORK = new Map([[0x6969, 'NFS'], [0x0bd00bd0, 'Lustre'], [0xff534d42, 'CIFS'], [0xfe534d42, 'SMB2'], [0x65735546, 'FUSE'], [0x47504653, 'GPFS']]);

async function disk(workspace: string): Promise<Check[]> {
  const facts = await statfs(workspace);
  const network = process.platform === 'linux' ? NETWORK.get(facts.type) : undefined;
  const free = facts.bavail * facts.bsize;
  return [
    { name: 'file system', ok: network === undefined, found: network ?? 'local', mend: 'a network file system: the store uses a slower journal there; keep one machine at a time on it' },
    { name: 'free space', ok: free > 1e9, found: bytes(free), mend: `less than 1 GB in ${workspace}: free some, \`runyard gc\` empties the trash` },
  ];
}

async function git(): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: 5000 });
    return fine('git', stdout.trim().replace(/^git version /, ''));
  } catch (error) {
    return { name: 'git', ok: false, found: describeError(error), mend: "without git a run's commit isn't known: install it" };
  }
}

async function engine(call: Invocation): Promise<Check[]> {
  if (!call.found) return [fine('store', `none yet in ${call.workspace}: \`runyard init\` or the first run makes it`)];
  try {
    const client = await call.engine();
    const status = await client.request('engine.status');
    const configuration = await client.request('config.get');
    return [
      fine('engine', `${status.version}, pid ${status.pid}, ${status.live} live runs, ${status.clients} connected`),
      { name: 'store', ok: status.notices.length === 0, found: `${path.relative(call.io.cwd, status.store) || '.'}, ${status.driver}, schema ${status.schema}`, mend: status.notices.join('; ') },
      await python(call),
      { name: 'runyard.yaml', ok: configuration.problems.length === 0, found: configuration.file ?? 'none, and none is needed', mend: configuration.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('; ') },
    ];
  } catch (error) {
    return [{ name: 'engine', ok: false, found: describeError(error), mend: `its log is ${path.join(call.workspace, '.runyard', 'logs', 'engine.log')}` }];
  }
}

async function python(call: Invocation): Promise<Check> {
  const client = await call.engine();
  try {
    const { interpreter, interpreterFrom } = await client.request('runs.preview', { argv: ['python', '-V'], env: { PATH: call.io.env.PATH ?? '' } });
    return { name: 'Python', ok: interpreter !== null, found: `${interpreter ?? 'none'} (${interpreterFrom})`, mend: 'put python3 on PATH, or make a .venv' };
  } catch (error) {
    return { name: 'Python', ok: false, found: 'none', mend: describeError(error) };
  }
}
