/** The engine's methods on the registry. */
import type { Asker } from '../../evaluation/service/jobs';
import type { MethodArgs, MethodName, MethodResults } from '../../../protocol/engine';

export type RegistryMethod = Extract<MethodName, `registry.${string}`>;
export type RegistryHandlers = { [M in RegistryMethod]: (args: MethodArgs<M>, asker?: Asker) => Promise<MethodResults[M]> };
