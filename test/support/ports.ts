/** Another program that listens where an engine did. */
import net from 'node:net';
import { until } from './until';

/** Takes the port as soon as it is free: a killed process lets go of it a moment after it is gone. */
export async function takePort(port: number): Promise<{ close(): void }> {
  const listen = (): Promise<net.Server | null> => new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
  const server = await until(`port ${port} to be free`, listen);
  return { close: () => void server.close() };
}
