/** The methods that monitoring answers. */
import type { Asker } from '../../evaluation/service/jobs';
import type { MethodArgs, MethodName, MethodResults } from '../../../protocol/engine';
import type { MonitoringMethodName } from '../../../protocol/monitoring';

export type MonitoringMethod = Extract<MethodName, `drift.${string}`> | MonitoringMethodName;
export type MonitoringHandlers = { [M in MonitoringMethod]: (args: MethodArgs<M>, asker?: Asker) => Promise<MethodResults[M]> };
