/** A first runyard.yaml: what can be said in it, ready to run. Pure. */
export function configTemplate(script: string): string {
  const name = (script.split('/').at(-1) ?? script).replace(/\.py$/, '').replace(/[^\w-]+/g, '-');
  return `# What Runyard knows about this workspace beyond what it finds by itself. Everything here is optional.
version: 1

# Which way of a metric is better, and which one stands for a run in the tree and in verdicts.
metrics:
  # val_accuracy: {goal: maximize, main: true}
  # val_loss: {goal: minimize}

# Experiments to run by name: "runyard run ${name}", or the play button in the Experiments view.
experiments:
  ${name}:
    # A list of arguments, started without a shell.
    command: [python, ${JSON.stringify(script)}]
    # Appended as flags (--lr 0.1 ...), and in RUNYARD_PARAMS as JSON.
    # params: {lr: 0.1}
    # env: {OMP_NUM_THREADS: "1"}
    # datasets: [{name: train, path: data/train.csv, role: train}]

# How good a model is, and on which rows it is bad: "Runyard: Evaluate Model…".
# evaluations:
#   test: {model: out/model.onnx, data: data/test.csv, label: y}
# slices:
#   older: {where: age >= 60, minSupport: 100, thresholds: {accuracy: {min: 0.8}}}
`;
}
