/** Who is at the other end of a loopback connection (Linux): the kernel's table of sockets, and whose open files they are. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { systemCode } from '../base/errors';
import { procStat, type ProcessId, type ProcStat } from './process';

/** The ports of a connection to this machine itself: the other program's, and ours. */
export interface Ends { theirs: number; ours: number }

/** Programs that pass on what others say, by a tunnel or for one call of a script: that they live or end tells nothing of the others. */
const PASSES_ON = /^(?:sshd|ssh|docker-proxy|rootlesskit|slirp4netns|pasta|socat|nginx|haproxy|envoy|kubectl|curl|wget|http|https|xh|hurl)$|^sshd-/;
/** The event loop isn't held longer than this at a stretch, in milliseconds. */
const SLICE_MS = 4;

/** The processes behind connections, in their order; null for one that can't be told: another system, a container, a tunnel, gone by now. */
export async function processesBehind(connections: readonly Ends[]): Promise<(ProcessId | null)[]> {
  if (process.platform !== 'linux') return connections.map(() => null);
  const table = socketsOf([await textOf('/proc/net/tcp'), await textOf('/proc/net/tcp6')].join('\n'));
  const inodes = connections.map(({ theirs, ours }) => table.get(`${theirs}:${ours}`));
  const holders = await holdersOf(new Set(inodes.filter((one) => one !== undefined)));
  return inodes.map((inode) => {
    const found = inode === undefined ? undefined : holders.get(inode);
    return found && !PASSES_ON.test(nameOf(found.pid)) ? { pid: found.pid, startTime: found.startTime } : null;
  });
}

/** "local port:remote port" to inode, of connections within this machine that are open. Source: Linux, Documentation/networking/proc_net_tcp. */
export function socketsOf(table: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', state, , , , , , inode = '0'] = line.trim().split(/\s+/);
    if ((state !== '01' && state !== '08') || inode === '0' || !isLoopback(local) || !isLoopback(remote)) continue;
    found.set(`${portOf(local)}:${portOf(remote)}`, inode);
  }
  return found;
}

const portOf = (address: string): number => parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
/** 127.x.y.z as the table writes it (each word little-endian), plain or mapped into IPv6. */
const isLoopback = (address: string): boolean => /^(?:[0-9A-F]{6}7F|0{16}FFFF0000[0-9A-F]{6}7F):/.test(address);

/** The process of each inode that opened it: one that inherited it from its parent isn't. Newest processes are looked at first. */
async function holdersOf(wanted: Set<string>): Promise<Map<string, ProcStat>> {
  const found = new Map<string, ProcStat>();
  if (wanted.size === 0) return found;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => b - a);
  let slice = performance.now();
  for (const pid of pids) {
    if (found.size === wanted.size) break;
    for (const inode of socketsHeldBy(pid)) {
      if (!wanted.has(inode) || found.has(inode)) continue;
      const first = firstHolder(pid, inode);
      if (first) found.set(inode, first);
    }
    if (performance.now() - slice < SLICE_MS) continue;
    await turn();
    slice = performance.now();
  }
  return found;
}

function firstHolder(pid: number, inode: string): ProcStat | null {
  let holder = procStat(pid);
  for (let parent = holder && procStat(holder.ppid); parent && parent.pid > 1 && socketsHeldBy(parent.pid).includes(inode); parent = procStat(parent.ppid)) holder = parent;
  return holder;
}

/** Inodes of a process's sockets; empty where it is gone or another user's. */
function socketsHeldBy(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return quietly(() => readdirSync(folder), []).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(quietly(() => readlinkSync(`${folder}/${fd}`), ''))?.[1] ?? []);
}

const nameOf = (pid: number): string => quietly(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), '');

function quietly<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return otherwise;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return '';
  }
}
