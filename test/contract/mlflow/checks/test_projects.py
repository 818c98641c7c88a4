"""What reaches the server from other processes: `mlflow run` of a project, the command line, system metrics."""

import os
import subprocess
import sys

import mlflow
import pytest


@pytest.fixture
def project(tmp_path):
    home = tmp_path / "project"
    home.mkdir()
    (home / "MLproject").write_text(
        "name: small\nentry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n      word: {default: a}\n"
        f"    command: '{sys.executable} train.py --alpha {{alpha}} --word {{word}}'\n"
    )
    (home / "train.py").write_text(
        "import argparse\nimport mlflow\nflags = argparse.ArgumentParser()\nflags.add_argument('--alpha', type=float)\nflags.add_argument('--word')\n"
        "args = flags.parse_args()\nwith mlflow.start_run():\n    mlflow.log_metric('score', args.alpha * 2)\n    mlflow.log_text(args.word, 'word.txt')\n"
        "assert args.word != 'bad'\n"
    )
    return str(home)


def test_mlflow_run_of_a_project(client, active, project):
    done = mlflow.projects.run(project, parameters={"alpha": 2.0, "word": "hello"}, env_manager="local", experiment_id=active)
    run = client.get_run(done.run_id)
    assert run.info.status == "FINISHED" and run.data.metrics == {"score": 4.0}
    assert run.data.params == {"alpha": "2.0", "word": "hello"}
    assert run.data.tags["mlflow.project.entryPoint"] == "main" and run.data.tags["mlflow.source.type"] == "PROJECT"
    assert mlflow.artifacts.load_text(f"runs:/{done.run_id}/word.txt") == "hello"


def test_a_project_that_fails_is_a_failed_run(client, active, project):
    with pytest.raises(mlflow.exceptions.ExecutionException):
        mlflow.projects.run(project, parameters={"word": "bad"}, env_manager="local", experiment_id=active)
    (run,) = client.search_runs([active], "params.word = 'bad'")
    assert run.info.status == "FAILED"


def command(*words):
    done = subprocess.run([sys.executable, "-m", "mlflow", *words], capture_output=True, text=True, env=os.environ, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_line_of_mlflow(client, experiment, run):
    client.log_text(run, "hello", "a.txt")
    assert run in command("runs", "list", "--experiment-id", experiment)
    assert "a.txt" in command("artifacts", "list", "--run-id", run)


def test_system_metrics(client, active):
    mlflow.set_system_metrics_sampling_interval(0.2)
    mlflow.set_system_metrics_samples_before_logging(1)
    try:
        with mlflow.start_run(log_system_metrics=True) as run:
            for _ in range(100):
                if client.get_metric_history(run.info.run_id, "system/cpu_utilization_percentage"):
                    break
                sum(range(2_000_000))
    finally:
        mlflow.set_system_metrics_sampling_interval(None)
        mlflow.set_system_metrics_samples_before_logging(None)
    metrics = client.get_run(run.info.run_id).data.metrics
    assert metrics["system/cpu_utilization_percentage"] >= 0 and metrics["system/system_memory_usage_megabytes"] > 0


def test_code_in_a_child_process_takes_up_the_parents_run(client, active):
    with mlflow.start_run() as run:
        code = "import mlflow\nwith mlflow.start_run():\n    mlflow.log_param('from', 'child')"
        subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "MLFLOW_RUN_ID": run.info.run_id}, timeout=120)
    assert client.get_run(run.info.run_id).data.params == {"from": "child"}
