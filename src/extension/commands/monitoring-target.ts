/** What a command of monitoring is about: what the call names, else the one row that is selected in the Monitoring tree. */
import { monitoringTarget, type MonitoringTarget } from '../monitoring/pick';
import type { MonitoringView } from '../views/monitoring';
import type { CommandArgs } from './targets';

/** `key`: what a lone text is. */
export function aimed(view: MonitoringView, [first]: CommandArgs, key: Parameters<typeof monitoringTarget>[1] = 'monitor'): MonitoringTarget {
  const target = monitoringTarget(first, key);
  if (Object.keys(target).length > 0) return target;
  return view.selection.length === 1 ? monitoringTarget(view.selection[0]) : {};
}
