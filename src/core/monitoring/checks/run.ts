/** A monitor's checks, one after another, over what was looked at. Pure. */
import { checkName } from '../../config/monitor-checks';
import type { CheckConfig, MonitorConfig } from '../../config/monitoring';
import type { CheckResult } from '../../../protocol/monitoring';
import { command } from './command';
import { drift } from './drift';
import { estimated } from './estimated';
import { fresh } from './fresh';
import { latency } from './latency';
import { predictions } from './predictions';
import { realised } from './realised';
import { rows } from './rows';
import { rules } from './rules';
import { schema } from './schema';
import type { CheckOf, Finding, Looked } from './types';

type Table = { readonly [K in CheckConfig['check']]: (check: CheckOf<K>, looked: Looked, at: number) => Finding[] };
const TABLE: Table = { drift, predictions, schema, estimated, realised, rows, fresh, latency, rules, command };

/** In the order of the monitor's checks. Keys are the check's name, and `NAME:SUBJECT` where it looks at several things: the same from window to window. */
export function runChecks({ checks, severity }: Pick<MonitorConfig, 'checks' | 'severity'>, looked: Looked): CheckResult[] {
  return checks.flatMap((check, at) => {
    const look = TABLE[check.check] as (check: CheckConfig, looked: Looked, at: number) => Finding[];
    const name = checkName(check);
    return look(check, looked, at).map(({ part, ...found }): CheckResult => {
      const which = part ?? found.subject;
      return { key: which === '' ? name : `${name}:${which}`, check: check.check, severity: check.severity ?? severity, at, ...found, subject: found.subject || subjectOf(check) };
    });
  });
}

/** What a check with one finding looks at, as people call it; '' where its kind says it all. */
function subjectOf(check: CheckConfig): string {
  if (check.check === 'estimated' || check.check === 'realised') return check.slice === undefined ? check.metric : `${check.metric} in ${check.slice}`;
  if (check.check === 'command') return check.name ?? check.command.join(' ');
  return check.check === 'rules' ? check.rule ?? '' : '';
}
