"""Runs: made, read, ended, renamed, deleted, nested; params and tags."""

import time

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType


def test_a_made_run_is_read_back(client, experiment):
    made = client.create_run(experiment, start_time=1234567890123, tags={"a": "1", "mlflow.user": "maria"}, run_name="tall oak")
    run = client.get_run(made.info.run_id)
    assert len(run.info.run_id) == 32 and int(run.info.run_id, 16) >= 0
    assert (run.info.experiment_id, run.info.status, run.info.lifecycle_stage) == (experiment, "RUNNING", "active")
    assert (run.info.start_time, run.info.end_time, run.info.run_name) == (1234567890123, None, "tall oak")
    assert run.data.tags == {"a": "1", "mlflow.user": "maria", "mlflow.runName": "tall oak"}
    assert run.info.artifact_uri == f"mlflow-artifacts:/{experiment}/{run.info.run_id}/artifacts"
    assert run.data.params == {} and run.data.metrics == {}


def test_a_run_without_a_name_gets_one(client, experiment):
    run = client.create_run(experiment)
    assert run.info.run_name
    assert client.get_run(run.info.run_id).data.tags["mlflow.runName"] == run.info.run_name


def test_a_name_and_another_name_tag_are_refused(rest, experiment):
    body = {"experiment_id": experiment, "run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]}
    assert rest.fails("POST", "runs/create", body)[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_a_run_in_an_unknown_experiment_is_refused(client, refused):
    refused("RESOURCE_DOES_NOT_EXIST", client.create_run, "987654321")


def test_a_run_in_a_deleted_experiment_is_refused(client, name, refused):
    one = client.create_experiment(name())
    client.delete_experiment(one)
    assert "active" in refused("INVALID_PARAMETER_VALUE", client.create_run, one)


def test_an_unknown_run_is_a_404(rest):
    status, code, message = rest.fails("GET", "runs/get", params={"run_id": "0" * 32})
    assert (status, code) == (404, "RESOURCE_DOES_NOT_EXIST") and "0" * 32 in message


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_a_run_ends_as_it_was_said(client, run, status):
    client.set_terminated(run, status, end_time=2345678901234)
    info = client.get_run(run).info
    assert (info.status, info.end_time) == (status, 2345678901234)


def test_an_ended_run_goes_on(client, run):
    client.set_terminated(run, "FAILED")
    client.update_run(run, status="RUNNING")
    assert client.get_run(run).info.status == "RUNNING"
    client.log_metric(run, "after", 1)
    assert client.get_run(run).data.metrics == {"after": 1}


def test_update_answers_the_run_and_leaves_what_it_does_not_name(rest, client, experiment):
    run = client.create_run(experiment, run_name="one").info.run_id
    info = rest.post("runs/update", {"run_id": run, "status": "SCHEDULED"})["run_info"]
    assert (info["status"], info["run_name"]) == ("SCHEDULED", "one")
    info = rest.post("runs/update", {"run_id": run, "run_name": "two"})["run_info"]
    assert (info["status"], info["run_name"]) == ("SCHEDULED", "two")


def test_a_run_is_renamed_by_update_and_by_tag(client, run):
    client.update_run(run, name="second name")
    assert client.get_run(run).data.tags["mlflow.runName"] == "second name"
    client.set_tag(run, "mlflow.runName", "third name")
    assert client.get_run(run).info.run_name == "third name"


def test_delete_and_restore(client, run, refused):
    client.delete_run(run)
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    for call, args in (
        (client.log_metric, ("m", 1)),
        (client.log_param, ("p", 1)),
        (client.set_tag, ("t", 1)),
        (client.update_run, ("FINISHED",)),
    ):
        refused("INVALID_PARAMETER_VALUE", call, run, *args)
    client.restore_run(run)
    assert client.get_run(run).info.lifecycle_stage == "active"
    client.log_metric(run, "m", 1)


def test_deleting_an_unknown_run_is_a_404(rest):
    for verb in ("delete", "restore"):
        assert rest.fails("POST", f"runs/{verb}", {"run_id": "0" * 32})[:2] == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_param_is_kept_as_text(client, run):
    for key, value in (("a", 1), ("b", 0.1), ("c", None), ("ü ä/x.y-z_0", "значение 💡"), ("empty", ""), ("d", [1, {"x": 2}])):
        client.log_param(run, key, value)
    assert client.get_run(run).data.params == {"a": "1", "b": "0.1", "c": "None", "ü ä/x.y-z_0": "значение 💡", "empty": "", "d": "[1, {'x': 2}]"}


def test_a_param_is_never_changed(client, run, refused):
    client.log_param(run, "p", "1")
    client.log_param(run, "p", "1")
    message = refused("INVALID_PARAMETER_VALUE", client.log_param, run, "p", "2")
    assert "'p'" in message and "'1'" in message and "'2'" in message
    assert client.get_run(run).data.params == {"p": "1"}


def test_a_batch_that_changes_a_param_is_refused_and_changes_none(client, run, refused):
    client.log_param(run, "p", "1")
    refused("INVALID_PARAMETER_VALUE", client.log_batch, run, params=[Param("q", "1"), Param("p", "2")])
    refused("INVALID_PARAMETER_VALUE", client.log_batch, run, params=[Param("r", "1"), Param("r", "2")])
    assert client.get_run(run).data.params == {"p": "1"}


def test_a_long_param_is_cut_at_6000(client, run):
    client.log_param(run, "long", "x" * 6100)
    client.log_batch(run, params=[Param("batch", "y" * 6100)])
    assert {k: len(v) for k, v in client.get_run(run).data.params.items()} == {"long": 6000, "batch": 6000}


def test_a_long_tag_is_cut_at_8000(client, run):
    client.set_tag(run, "long", "x" * 8100)
    assert len(client.get_run(run).data.tags["long"]) == 8000


def test_a_tag_is_set_over_and_deleted(client, run, refused):
    client.set_tag(run, "t", "1")
    client.set_tag(run, "t", "2\nlines")
    assert client.get_run(run).data.tags["t"] == "2\nlines"
    client.delete_tag(run, "t")
    assert "t" not in client.get_run(run).data.tags
    assert "t" in refused("RESOURCE_DOES_NOT_EXIST", client.delete_tag, run, "t")


def test_the_note_tag_is_the_description(client, run):
    client.set_tag(run, "mlflow.note.content", "# What this is\n\nA note.")
    assert client.get_run(run).data.tags["mlflow.note.content"] == "# What this is\n\nA note."


def test_a_batch_holds_all_three(client, run):
    now = int(time.time() * 1000)
    client.log_batch(run, [Metric("m", 1.5, now, 3)], [Param("p", "v")], [RunTag("t", "w")])
    data = client.get_run(run).data
    assert data.metrics == {"m": 1.5} and data.params == {"p": "v"} and data.tags["t"] == "w"


@pytest.mark.parametrize(
    "bad",
    [
        {"metrics": [{"key": "m", "value": 1, "timestamp": 1, "step": 0}] * 1001},
        {"params": [{"key": f"p{i}", "value": "1"} for i in range(101)]},
        {"tags": [{"key": f"t{i}", "value": "1"} for i in range(101)]},
        {
            "metrics": [{"key": "m", "value": 1, "timestamp": 1, "step": 0}] * 900,
            "params": [{"key": f"p{i}", "value": "1"} for i in range(60)],
            "tags": [{"key": f"t{i}", "value": "1"} for i in range(60)],
        },
    ],
    ids=["1001 metrics", "101 params", "101 tags", "1020 together"],
)
def test_a_batch_has_limits_and_a_refused_one_leaves_nothing(rest, client, run, bad):
    status, code, message = rest.fails("POST", "runs/log-batch", {"run_id": run, **bad})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and message
    data = client.get_run(run).data
    assert data.metrics == {} and data.params == {} and set(data.tags) <= {"mlflow.runName", "mlflow.user"}


def test_a_batch_of_exactly_the_limits_is_taken(client, run):
    metrics = [Metric(f"m{i}", i, 1, 0) for i in range(800)]
    client.log_batch(run, metrics, [Param(f"p{i}", "1") for i in range(100)], [RunTag(f"t{i}", "1") for i in range(100)])
    data = client.get_run(run).data
    assert len(data.metrics) == 800 and len(data.params) == 100 and data.metrics["m799"] == 799


def test_one_bad_entry_refuses_the_whole_batch(rest, client, run):
    body = {"run_id": run, "metrics": [{"key": "good", "value": 1, "timestamp": 1, "step": 0}], "params": [{"key": "../bad", "value": "1"}]}
    assert rest.fails("POST", "runs/log-batch", body)[:2] == (400, "INVALID_PARAMETER_VALUE")
    assert client.get_run(run).data.metrics == {}


def test_an_empty_batch_is_fine(rest, run):
    assert rest.post("runs/log-batch", {"run_id": run}) == {}


BAD_KEYS = ["", "a//b", "/a", "a/../b", "../a", ".", "a/./b", "what?", "k" * 251, "a/", "..", "..a", "tab\tbed"]


@pytest.mark.parametrize("key", BAD_KEYS, ids=repr)
@pytest.mark.parametrize("what", ["metric", "param", "tag"])
def test_a_bad_key_is_refused(rest, run, what, key):
    body = {"run_id": run, "key": key, "value": 1 if what == "metric" else "1", "timestamp": 1, "step": 0}
    path = {"metric": "runs/log-metric", "param": "runs/log-parameter", "tag": "runs/set-tag"}[what]
    if what != "metric":
        del body["timestamp"], body["step"]
    assert rest.fails("POST", path, body)[:2] == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("key", ["a b", "a/b/c", "ümläut", "a.b-c_d", "k" * 250, "with:colon", "日本"], ids=lambda k: k[:12])
def test_an_odd_but_good_key_is_taken(client, run, key):
    client.log_metric(run, key, 1)
    client.log_param(run, key, 1)
    client.set_tag(run, key, 1)
    data = client.get_run(run).data
    assert data.metrics == {key: 1} and data.params == {key: "1"} and data.tags[key] == "1"


def test_fluent_run_is_finished_failed_or_killed(client, active):
    with mlflow.start_run() as good:
        mlflow.log_param("p", 1)
    with pytest.raises(ZeroDivisionError), mlflow.start_run() as bad:
        1 / 0
    assert client.get_run(good.info.run_id).info.status == "FINISHED"
    ended = client.get_run(bad.info.run_id).info
    assert ended.status == "FAILED" and ended.end_time >= ended.start_time
    assert RunStatus.is_terminated(RunStatus.from_string(ended.status))


def test_a_run_is_taken_up_again(client, active):
    with mlflow.start_run(run_name="again") as run:
        mlflow.log_metric("m", 1, step=1)
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.log_metric("m", 2, step=2)
    got = client.get_run(run.info.run_id)
    assert got.info.status == "FINISHED" and got.data.metrics == {"m": 2} and got.info.run_name == "again"


def test_nested_runs_know_their_parent(client, active):
    with mlflow.start_run(run_name="outer") as outer:
        with mlflow.start_run(nested=True) as inner, mlflow.start_run(nested=True) as innermost:
            mlflow.log_metric("deep", 1)
        with mlflow.start_run(parent_run_id=outer.info.run_id, nested=True) as sibling:
            pass
    assert client.get_parent_run(inner.info.run_id).info.run_id == outer.info.run_id
    assert client.get_parent_run(innermost.info.run_id).info.run_id == inner.info.run_id
    assert client.get_parent_run(outer.info.run_id) is None
    children = client.search_runs([active], f"tags.mlflow.parentRunId = '{outer.info.run_id}'")
    assert {one.info.run_id for one in children} == {inner.info.run_id, sibling.info.run_id}


def test_the_last_active_run_is_found(client, active):
    with mlflow.start_run() as run:
        pass
    assert mlflow.last_active_run().info.run_id == run.info.run_id


def test_logging_without_waiting_loses_nothing(client, active):
    with mlflow.start_run() as run:
        for step in range(200):
            mlflow.log_metric("m", step, step=step, synchronous=False)
        mlflow.log_params({f"p{i}": i for i in range(20)}, synchronous=False)
        mlflow.set_tags({"a": "1", "b": "2"}, synchronous=False)
    mlflow.flush_async_logging()
    assert [m.value for m in client.get_metric_history(run.info.run_id, "m")] == list(range(200))
    assert len(client.get_run(run.info.run_id).data.params) == 20


def test_more_than_a_batch_at_once_is_cut_by_the_client(client, active):
    with mlflow.start_run() as run:
        mlflow.log_params({f"p{i}": i for i in range(250)})
        mlflow.log_metrics({f"m{i}": i for i in range(1500)})
    data = client.get_run(run.info.run_id).data
    assert len(data.params) == 250 and len(data.metrics) == 1500


def test_view_types_of_runs(client, name):
    experiment = client.create_experiment(name())
    kept, gone = (client.create_run(experiment).info.run_id for _ in range(2))
    client.delete_run(gone)
    ids = {view: {r.info.run_id for r in client.search_runs([experiment], run_view_type=view)} for view in (ViewType.ACTIVE_ONLY, ViewType.DELETED_ONLY, ViewType.ALL)}
    assert ids == {ViewType.ACTIVE_ONLY: {kept}, ViewType.DELETED_ONLY: {gone}, ViewType.ALL: {kept, gone}}
