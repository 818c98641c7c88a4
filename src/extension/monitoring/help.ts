/** What "How Monitoring Works" shows, as Markdown. */
export const HELP = `# How monitoring works

**A log.** \`runyard serve-model NAME@ENVIRONMENT\` answers requests and writes what came in and what was answered to Parquet files by day. Your own serving can be watched too: name its files and the column that holds the time under \`log:\`.

**A monitor** in runyard.yaml looks at one window of the log after the other and compares it with a reference:

\`\`\`yaml
monitors:
  car-loan-daily:
    model: car-loan@production
    window: 1d
    cadence: week        # compares Mondays with Mondays
    schedule: {cron: "15 0 * * *"}
    checks:
      - drift
      - predictions
      - schema
      - {estimated: roc_auc, drop: 0.03, severity: critical}
    runbook: |
      1. Open the drift panel on the column.
      2. If the source changed: tell its owner. If customers changed: retrain.
\`\`\`

A difference counts only where it is large enough to matter **and** no accident, after control over all columns: a million rows don't cry wolf, and fifty don't hide it.

**An alert** opens once, holds while it fails, and ends by itself when windows pass again, or when its monitor is taken out of runyard.yaml. Acknowledge it, snooze it, resolve it with a reason, write an incident note. From the alert: the drift panel, the runbook, what was live, the way back to the version before, a retraining.

**Estimated performance** needs no labels: the model's own probabilities, calibrated, tell how good it is on the rows of a window. Realised figures stand beside it as labels come: \`runyard feedback import labels.csv\`, or a person's word in the review queue.

**Retraining** starts when its trigger says so, within its budget, and the new version waits for the gates and a person. Back-test a policy before you adopt it.

Monitors run on schedule while the engine runs; \`runyard monitor run --due\` does the same from cron or CI. Nothing leaves this machine but what a webhook that you configured gets.
`;
