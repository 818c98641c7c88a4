"""What a script logs while nobody answers: kept as it was said, refused as MLflow refuses it."""
import math
import multiprocessing
import os
import subprocess
import sys
import threading
import time

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient


def test_metrics_are_kept_with_their_time_step_and_value(place):
    client = MlflowClient()
    with mlflow.start_run() as run:
        client.log_metric(run.info.run_id, "loss", 0.1, timestamp=1763710206123, step=3)
        client.log_metric(run.info.run_id, "loss", float("nan"), timestamp=1763710206124, step=4)
        client.log_metric(run.info.run_id, "loss", float("-inf"), timestamp=1763710206125, step=-5)
        client.log_batch(run.info.run_id, metrics=[Metric("a", 1, 1000, 0), Metric("b", 2.5, 1000, 0), Metric("a", 3, 1000, 0), Metric("b", 4, 2000, 1)])
    assert run.info.run_id == place.run_id
    said = place.events(kind="m")
    assert said[:3] == [
        {"e": "m", "t": 1763710206.123, "s": 3, "m": {"loss": 0.1}}, {"e": "m", "t": 1763710206.124, "s": 4, "m": {"loss": "NaN"}},
        {"e": "m", "t": 1763710206.125, "s": -5, "m": {"loss": "-Infinity"}},
    ]
    assert said[3:] == [
        {"e": "m", "t": 1.0, "s": 0, "m": {"a": 1.0, "b": 2.5}}, {"e": "m", "t": 1.0, "s": 0, "m": {"a": 3.0}}, {"e": "m", "t": 2.0, "s": 1, "m": {"b": 4.0}},
    ]


def test_what_was_said_is_read_back_at_once(place):
    with mlflow.start_run(run_name="mine", tags={"kind": "x"}) as run:
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"nan": math.nan, "inf": math.inf})
        mlflow.log_params({"depth": 3, "lr": 0.1})
        mlflow.set_tag("mlflow.note.content", "words")
        mlflow.set_tags({"gone": 1, "kept": 2})
        MlflowClient().delete_tag(run.info.run_id, "gone")
        mlflow.log_input(mlflow.data.from_numpy(__import__("numpy").zeros((2, 2)), name="zeros"), context="training")
        found = mlflow.get_run(run.info.run_id)
    assert found.info.run_name == "mine" and found.info.status == "RUNNING"
    assert found.data.params == {"depth": "3", "lr": "0.1"}
    assert found.data.metrics["loss"] == 0.2 and math.isnan(found.data.metrics["nan"]) and found.data.metrics["inf"] == math.inf
    assert found.data.tags["kept"] == "2" and found.data.tags["kind"] == "x" and "gone" not in found.data.tags
    assert [one.dataset.name for one in found.inputs.dataset_inputs] == ["zeros"]
    assert [(one.step, one.value) for one in MlflowClient().get_metric_history(run.info.run_id, "loss")] == [(step, 1 / (step + 1)) for step in range(5)]
    assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"
    assert {"name": "mine"}.items() <= place.events(kind="edit")[0].items()


BAD = {
    "metric name": lambda store, run: store.log_metric(run, Metric("a*b", 1.0, 1, 0)),
    "metric path": lambda store, run: store.log_metric(run, Metric("../a", 1.0, 1, 0)),
    "metric without a name": lambda store, run: store.log_metric(run, Metric(None, 1.0, 1, 0)),
    "metric name too long": lambda store, run: store.log_metric(run, Metric("m" * 251, 1.0, 1, 0)),
    "value a text": lambda store, run: store.log_metric(run, Metric("m", "1.0", 1, 0)),
    "value a bool": lambda store, run: store.log_metric(run, Metric("m", True, 1, 0)),
    "no value": lambda store, run: store.log_metric(run, Metric("m", None, 1, 0)),
    "time below zero": lambda store, run: store.log_metric(run, Metric("m", 1.0, -1, 0)),
    "time below zero of a known metric": lambda store, run: (store.log_metric(run, Metric("m", 1.0, 1, 0)), store.log_metric(run, Metric("m", 1.0, -1, 0))),
    "step a text": lambda store, run: store.log_metric(run, Metric("m", 1.0, 1, "1")),
    "param name": lambda store, run: store.log_param(run, Param("a*b", "1")),
    "param name too long": lambda store, run: store.log_param(run, Param("p" * 251, "1")),
    "tag name": lambda store, run: store.set_tag(run, RunTag("a*b", "1")),
    "tag name too long": lambda store, run: store.set_tag(run, RunTag("t" * 251, "1")),
    "param changed": lambda store, run: (store.log_param(run, Param("p", "1")), store.log_param(run, Param("p", "2"))),
    "param changed in a batch": lambda store, run: (store.log_batch(run, [], [Param("p", "1")], []), store.log_batch(run, [], [Param("q", "1"), Param("p", "2")], [])),
    "param twice in a batch": lambda store, run: store.log_batch(run, [], [Param("p", "1"), Param("p", "2")], []),
    "metric name in a batch": lambda store, run: store.log_batch(run, [Metric("ok", 1.0, 1, 0), Metric("a*b", 1.0, 1, 0)], [], []),
    "too many metrics": lambda store, run: store.log_batch(run, [Metric("m", 1.0, 1, i) for i in range(1001)], [], []),
    "too many params": lambda store, run: store.log_batch(run, [], [Param(f"p{i}", "1") for i in range(101)], []),
    "too many tags": lambda store, run: store.log_batch(run, [], [], [RunTag(f"t{i}", "1") for i in range(101)]),
    "tag that isn't there deleted": lambda store, run: store.delete_tag(run, "no"),
    "logged to a deleted run": lambda store, run: (store.delete_run(run), store.log_metric(run, Metric("m", 1.0, 1, 0))),
    "param of a deleted run": lambda store, run: (store.delete_run(run), store.log_batch(run, [], [Param("p", "1")], [])),
}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    home = tmp_path_factory.mktemp("theirs")
    return SqlAlchemyStore(f"sqlite:///{home}/mlflow.db", str(home / "artifacts"))


@pytest.mark.parametrize("what", BAD)
def test_bad_words_are_refused_as_mlflow_refuses_them(place, theirs, what):
    stock = theirs.create_run("0", "me", 1, [], "r").info.run_id
    ours = MlflowClient()._tracking_client.store
    run = ours.create_run("0", "me", 1, [], "r").info.run_id
    refusals = []
    for store, run_id in ((theirs, stock), (ours, run)):
        with pytest.raises(MlflowException) as refused:
            BAD[what](store, run_id)
        refusals.append(refused.value.error_code)
    assert refusals[1] == refusals[0], refusals
    if "batch" in what or "too many" in what:
        assert not [one for one in place.events(run) if one["e"] in ("m",)]


def test_what_is_too_long_is_cut_as_mlflow_cuts_it(place):
    with mlflow.start_run():
        mlflow.log_param("long", "x" * 7000)
        mlflow.set_tag("long", "y" * 9000)
    assert len(place.events(kind="p")[0]["p"]["long"]) == 6000
    assert [len(one["set"]["long"]) for one in place.events(kind="tag") if "long" in one.get("set", {})] == [8000]


def test_a_param_of_the_command_line_may_be_said_again_once(place):
    with mlflow.start_run():
        mlflow.log_param("lr", 0.1)
        with pytest.raises(MlflowException, match="Changing param values"):
            mlflow.log_param("lr", 0.2)


def test_words_said_asynchronously_are_kept_and_refusals_come_with_the_wait(place):
    with mlflow.start_run():
        mlflow.log_metric("m", 1, step=1, synchronous=False).wait()
        mlflow.log_params({"p": 1}, synchronous=False).wait()
        with pytest.raises(MlflowException):
            mlflow.log_param("p", 2, synchronous=False).wait()
    assert [one["m"] for one in place.events(kind="m")] == [{"m": 1.0}]


def test_a_call_takes_microseconds_and_ten_thousand_hold_nothing_up(place):
    client = MlflowClient()
    with mlflow.start_run() as run:
        client.log_metric(run.info.run_id, "warm", 1.0)
        begun = time.perf_counter()
        for step in range(10_000):
            client.log_metric(run.info.run_id, "loss", 1.0, step=step)
        took = time.perf_counter() - begun
    assert took < 5, took  # a tenth of it on an idle machine
    assert len(place.events(kind="m")) == 10_001


def test_threads_lose_nothing(place):
    client = MlflowClient()
    with mlflow.start_run() as run:
        def work(k):
            for step in range(500):
                client.log_metric(run.info.run_id, f"t{k}", step, step=step)
                if step % 100 == 0:
                    client.log_param(run.info.run_id, f"p{k}.{step}", step)
        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        found = mlflow.get_run(run.info.run_id)
    assert len(found.data.params) == 41  # and the one that the run was started with
    for k in range(8):
        assert [one["s"] for one in place.events(kind="m") if f"t{k}" in one["m"]] == list(range(500))


def _worker(run_id, k):
    MlflowClient().log_metric(run_id, "worker", k, step=k)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_write_files_of_their_own(place, method):
    with mlflow.start_run() as run:
        mlflow.log_metric("parent", 0)
        processes = [multiprocessing.get_context(method).Process(target=_worker, args=(run.info.run_id, k)) for k in range(3)]
        [one.start() for one in processes]
        [one.join() for one in processes]
        assert [one.exitcode for one in processes] == [0, 0, 0]
        mlflow.log_metric("parent", 1, step=1)
    assert len([name for name in os.listdir(place.folder) if name.startswith("events.py.")]) == 4
    assert sorted(one["s"] for one in place.events(kind="m") if "worker" in one["m"]) == [0, 1, 2]


def test_hundreds_of_nested_runs_need_few_open_files(place):
    script = """
import resource, mlflow
resource.setrlimit(resource.RLIMIT_NOFILE, (180, 180))
with mlflow.start_run():
    for k in range(250):
        run = mlflow.MlflowClient().create_run('0', tags={'mlflow.parentRunId': mlflow.active_run().info.run_id})
        mlflow.MlflowClient().log_metric(run.info.run_id, 'm', k)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0 and "cannot write" not in done.stderr, done.stderr
    assert len(place.others()) == 250
    assert all(len(place.events(run, "m")) == 1 for run in place.others())


def test_what_a_call_returned_from_survives_a_kill(place):
    script = """
import os, mlflow
client = mlflow.MlflowClient()
run = mlflow.start_run().info.run_id
i = 0
while True:
    client.log_metric(run, 'loss', i, step=i); os.write(1, b'%d\\n' % i); i += 1
"""
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    heard = b""
    while heard.count(b"\n") < 3000:
        heard += os.read(child.stdout.fileno(), 65536)
    child.kill()
    child.wait()
    heard += child.stdout.read()
    returned = int(heard.decode().splitlines()[-2])
    steps = [one["s"] for one in place.events(kind="m")]
    assert steps == list(range(len(steps))) and len(steps) > returned
