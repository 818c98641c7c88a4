import { once } from 'node:events';
import { spawn } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { processesBehind, socketsOf } from '../../../../src/core/tracking/connections';
import { startTimeOf } from '../../../../src/core/tracking/process';

test('the table of sockets gives the inode by both ports, of open loopback connections only', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 100 0 0 10 0
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 22 1 0 20 4 30 10 -1
   2: 0100007F:C351 0100007F:1F90 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0
   3: 0200A8C0:C352 0300A8C0:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 33 1 0 20 4 30 10 -1
   4: 0000000000000000FFFF00000100007F:C353 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000 1000 0 44 1 0 20 4 30 10 -1`;
  expect([...socketsOf(table)]).toEqual([['50000:8080', '22'], ['50003:8080', '44']]);
});

test.runIf(process.platform === 'linux')('the process behind a connection is told with its start time', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ['-e', `require('net').connect(${port}, '127.0.0.1')`], { stdio: 'ignore' });
  try {
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    const ends = { theirs: socket.remotePort ?? 0, ours: port };
    const pid = child.pid ?? 0;
    expect(await processesBehind([ends, { theirs: 1, ours: port }])).toEqual([{ pid, startTime: startTimeOf(pid) }, null]);
    socket.destroy();
  } finally {
    child.kill('SIGKILL');
    server.close();
  }
});

test.runIf(process.platform === 'linux')('a child that inherited the connection is not taken for the one that opened it', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const script = `import os, socket, time
s = socket.create_connection(("127.0.0.1", ${port}))
if os.fork() == 0:
    s.sendall(b"forked")
time.sleep(60)`;
  const child = spawn('python3', ['-c', script], { stdio: 'ignore', detached: true });
  try {
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    await once(socket, 'data');
    expect((await processesBehind([{ theirs: socket.remotePort ?? 0, ours: port }]))[0]?.pid).toBe(child.pid);
    socket.destroy();
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    server.close();
  }
});
