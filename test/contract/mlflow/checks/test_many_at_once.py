"""Many threads and processes log at once: nothing is lost, nothing is doubled, nothing is refused."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag


def test_threads_on_one_run(client, uri, run):
    def work(thread):
        own = MlflowClient(uri)
        for step in range(25):
            own.log_metric(run, "shared", thread, timestamp=step, step=step)
            own.log_metric(run, f"own-{thread}", step, timestamp=step, step=step)
            own.log_param(run, f"p-{thread}-{step}", step)
            own.set_tag(run, "last", str(thread))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert sorted((m.step, m.value) for m in client.get_metric_history(run, "shared")) == [(s, t) for s in range(25) for t in range(8)]
    data = client.get_run(run).data
    assert len(data.params) == 200 and all(data.metrics[f"own-{t}"] == 24 for t in range(8)) and data.tags["last"] in set("01234567")
    assert all(len(client.get_metric_history(run, f"own-{t}")) == 25 for t in range(8))


def test_threads_with_runs_of_their_own(client, active):
    def work(index):
        with mlflow.start_run(run_name=f"thread-{index}") as run:
            mlflow.log_params({f"p{i}": i for i in range(10)})
            mlflow.log_metrics({f"m{i}": i for i in range(10)}, step=index)
            mlflow.log_text(str(index), "me.txt")
        return run.info.run_id

    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(work, range(16)))
    found = {r.info.run_id: r for r in client.search_runs([active], "attributes.run_name LIKE 'thread-%'")}
    assert set(runs) == set(found)
    for index, run in enumerate(runs):
        assert found[run].info.run_name == f"thread-{index}" and len(found[run].data.params) == 10 and len(found[run].data.metrics) == 10
        assert mlflow.artifacts.load_text(f"runs:/{run}/me.txt") == str(index)


PROCESS = """
import sys
from mlflow import MlflowClient
from mlflow.entities import Metric
run, who = sys.argv[1], int(sys.argv[2])
client = MlflowClient()
for batch in range(10):
    client.log_batch(run, [Metric("shared", who, 1, batch * 100 + i) for i in range(100)] + [Metric(f"own-{who}", i, 1, batch * 100 + i) for i in range(100)])
    client.log_metric(run, "single", who, timestamp=1, step=batch)
"""


def test_processes_on_one_run(client, run):
    started = [subprocess.Popen([sys.executable, "-c", PROCESS, run, str(who)], env=os.environ, stderr=subprocess.PIPE, text=True) for who in range(4)]
    for one in started:
        assert one.wait(240) == 0, one.stderr.read()
        one.stderr.close()
    points = sorted((m.step, m.value) for m in client.get_metric_history(run, "shared"))
    assert points == [(step, who) for step in range(1000) for who in range(4)]
    assert all(len(client.get_metric_history(run, f"own-{who}")) == 1000 for who in range(4))
    assert len(client.get_metric_history(run, "single")) == 40


def test_the_same_names_made_at_once_are_made_once(client, uri, name):
    called = name("once")

    def make(_):
        try:
            return MlflowClient(uri).create_experiment(called)
        except mlflow.exceptions.MlflowException as error:
            return error.error_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(make, range(8)))
    assert sum(answer.isdigit() for answer in answers) == 1
    assert {answer for answer in answers if not answer.isdigit()} == {"RESOURCE_ALREADY_EXISTS"}


def test_versions_registered_at_once_have_numbers_of_their_own(client, uri, name):
    called = client.create_registered_model(name("versions")).name
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: int(MlflowClient(uri).create_model_version(called, "s3://bucket/x").version), range(8)))
    assert sorted(numbers) == list(range(1, 9))


def test_reads_while_others_write(client, uri, experiment):
    run = client.create_run(experiment).info.run_id

    def write(index):
        MlflowClient(uri).log_batch(run, [Metric("m", index, index * 100 + i, index * 100 + i) for i in range(100)], [Param(f"p{index}", "v")], [RunTag(f"t{index}", "v")])

    def read(_):
        own = MlflowClient(uri)
        history = own.get_metric_history(run, "m")
        # A batch is there as a whole or not at all.
        assert len(history) % 100 == 0
        return len(own.search_runs([experiment]))

    with ThreadPoolExecutor(6) as pool:
        writes = [pool.submit(write, index) for index in range(20)]
        reads = [pool.submit(read, index) for index in range(20)]
        assert [one.result() for one in writes] == [None] * 20 and all(one.result() >= 1 for one in reads)
    assert len(client.get_metric_history(run, "m")) == 2000
