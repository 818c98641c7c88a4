/** The one place that loads the engine's client; its packages are read only when somebody asks the engine for something. */
import type { ConnectOptions, EngineClient } from '../engine/client/client';

export type { EngineClient };

/** Finds or starts the workspace's engine. @throws RunyardError engine_unreachable, store_newer and what else keeps it from starting */
export async function connect(options: ConnectOptions): Promise<EngineClient> {
  const { connectEngine } = await import('../engine/client/client');
  return connectEngine(options);
}
