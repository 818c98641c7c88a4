/** Where a model's log lies: what `runyard serve-model` or another writes for it, else what a monitor of it names. */
import { existsSync } from 'node:fs';
import type { LogPlace } from '../../domain/log-place';
import { logPlaceOf } from '../log/place';
import type { MonitoringContext } from '../types';

/** `model` is NAME@ENVIRONMENT. Throws bad_input where that is no name. */
export function logOf({ workspace, loaded }: Pick<MonitoringContext, 'workspace' | 'loaded'>, model: string): LogPlace {
  const own = logPlaceOf(workspace, { model });
  if (own.kind === 'serving' && existsSync(own.folder)) return own;
  const monitor = Object.values(loaded().config.monitoring.monitors).find((one) => one.model === model && one.log !== undefined);
  return monitor ? logPlaceOf(workspace, { model, log: monitor.log }) : own;
}
