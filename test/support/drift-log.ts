/** A workspace with a log in which things change: one day like the other, then incomes rise, then a branch is new, then figures go missing. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { normal, random } from './random';

export const DAY = 86_400_000;

const HEAD = ['income', 'branch', 'age', 'loan_length', 'debt_ratio', 'a_column_with_a_name_that_is_as_long_as_names_of_columns_can_be', 'score', 'predicted', 'repaid'];

/** `drift`: days since things began to change; 0 and below: nothing has. */
function row(draw: () => number, drift: number): (string | number)[] {
  const since = (day: number): number => Math.max(0, drift - day + 1);
  const income = Math.round(38_000 + 9000 * normal(draw) + 3000 * since(1));
  const branch = draw() < 0.04 * since(3) ? 'online' : (['north', 'south', 'east', 'west'][Math.floor(draw() * 4)] ?? 'north');
  const age = 18 + Math.floor(draw() * 60);
  const length = 12 + Math.floor(draw() * 48);
  const ratio = draw() < 0.02 + 0.06 * since(4) ? '' : (0.2 + 0.5 * draw()).toFixed(3);
  const score = 1 / (1 + Math.exp(-(0.3 + 1.6 * normal(draw) * Math.max(0.35, 1 - 0.12 * since(2)))));
  return [income, branch, age, length, ratio, normal(draw).toFixed(3), score.toFixed(4), score > 0.5 ? 1 : 0, draw() < score ? 1 : 0];
}

/** reference.csv, and log.csv of so many whole days before `today` (ms, a midnight of UTC) and what there is of it until `now`; labels of the last two days aren't there yet. */
export function writeDriftLog(folder: string, { today, now, days, rows }: { today: number; now: number; days: number; rows: number }): void {
  const draw = random(7);
  const reference = Array.from({ length: 2500 }, () => row(draw, 0));
  writeFileSync(path.join(folder, 'reference.csv'), `${[HEAD, ...reference].map((cells) => cells.join(',')).join('\n')}\n`);
  const lines = [['time', 'id', ...HEAD].join(',')];
  for (let day = 0; day <= days; day += 1) {
    const begin = today - (days - day) * DAY;
    const length = day === days ? now - begin : DAY;
    for (let n = 0; n < rows; n += 1) {
      const cells = row(draw, day - days + 6);
      if (day >= days - 1) cells[cells.length - 1] = '';
      lines.push([new Date(begin + Math.floor((length * n) / rows)).toISOString(), `${day}-${n}`, ...cells].join(','));
    }
  }
  writeFileSync(path.join(folder, 'log.csv'), `${lines.join('\n')}\n`);
}

export const driftMonitor = (model: string | null): string => `version: 1
monitors:
  loans:
${model === null ? '' : `    model: ${model}\n`}    log: {data: {files: [log.csv]}, time: time, id: id, prediction: predicted, probabilities: score, label: repaid}
    reference: {data: {files: [reference.csv]}, label: repaid}
    window: 1d
    slices:
      - {name: young, where: age < 30}
      - {name: high-income, where: income > 55000}
    checks:
      - {check: drift}
      - {check: predictions}
      - {check: estimated, metric: roc_auc, drop: 0.03}
      - {check: realised, metric: roc_auc, drop: 0.03}
    runbook: |
      1. Ask the branches whether the **form** was changed.
      2. If \`high-income\` is hit, roll back at once.
`;
