"""The words of errors that clients and scripts look for, and orders that are fixed to the last tie."""

import json

import pytest
from mlflow.entities import Metric

WRONG = [
    ("experiments/create", {"name": 123}, "name", 123),
    ("experiments/create", {"name": "n", "tags": "5"}, "tags", "5"),
    ("runs/log-metric", {"run_id": 31, "key": "m", "value": 41, "timestamp": 59, "step": 26}, "run_id", 31),
    ("runs/log-metric", {"run_id": "{run}", "key": 31, "value": 41, "timestamp": 59, "step": 26}, "key", 31),
    ("runs/log-metric", {"run_id": "{run}", "key": "m", "value": 31, "timestamp": 59, "step": "foo"}, "step", "foo"),
    ("runs/log-metric", {"run_id": "{run}", "key": "m", "value": 31, "timestamp": "foo", "step": 41}, "timestamp", "foo"),
    ("runs/log-parameter", {"run_id": 31, "key": "param", "value": 41}, "run_id", 31),
    ("runs/log-parameter", {"run_id": "{run}", "key": 31, "value": 41}, "key", 31),
    ("runs/set-tag", {"run_id": 31, "key": "tag", "value": 41}, "run_id", 31),
    ("runs/set-tag", {"run_id": "{run}", "key": "tag", "value": 41}, "value", 41),
    ("runs/log-batch", {"run_id": "{run}", "metrics": "foo"}, "metrics", "foo"),
    ("runs/log-batch", {"run_id": "{run}", "params": "foo"}, "params", "foo"),
    ("runs/log-batch", {"run_id": "{run}", "tags": "foo"}, "tags", "foo"),
    ("runs/search", {"experiment_ids": ["0"], "max_results": 123456789}, "max_results", 123456789),
    ("registered-models/create", {"name": 5}, "name", 5),
]


@pytest.mark.parametrize("path, body, field, value", WRONG, ids=[f"{p} {f}" for p, _, f, _ in WRONG])
def test_a_wrong_value_is_quoted(rest, run, path, body, field, value):
    body = {key: run if said == "{run}" else said for key, said in body.items()}
    status, code, message = rest.fails("POST", path, body)
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert f"Invalid value {json.dumps(value)} for parameter '{field}' supplied" in message


def test_a_number_with_a_point_is_quoted_with_it(rest):
    answer = rest.call("POST", "experiments/create", data=b'{"name": "n", "artifact_location": 9.0}', headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and "Invalid value 9.0 for parameter 'artifact_location'" in answer.json()["message"]


@pytest.mark.parametrize(
    "body, missing",
    [
        ({"metrics": [{"key": "mae", "value": 2.5}]}, "metrics[0].timestamp"),
        ({"metrics": [{"key": "ok", "value": 1, "timestamp": 1}, {"value": 2.5, "timestamp": 1}]}, "metrics[1].key"),
        ({"metrics": [{"key": "m", "timestamp": 1}]}, "metrics[0].value"),
        ({"params": [{"value": "1"}]}, "params[0].key"),
        ({"tags": [{"value": "1"}]}, "tags[0].key"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_field_missing_inside_a_batch_is_named_with_its_place(rest, run, body, missing):
    message = rest.fails("POST", "runs/log-batch", {"run_id": run, **body})[2]
    assert f"'{missing}'" in message


def test_a_batch_without_steps_is_fine(rest, run):
    rest.post("runs/log-batch", {"run_id": run, "metrics": [{"key": "mae", "value": 2.5, "timestamp": 123456789}]})


def test_words_about_runs(client, run, refused):
    assert "not found" in refused("RESOURCE_DOES_NOT_EXIST", client.delete_tag, "fake_run_id", "tag")
    assert "No tag with name: fakeTag" in refused("RESOURCE_DOES_NOT_EXIST", client.delete_tag, run, "fakeTag")
    client.delete_run(run)
    assert f"The run {run} must be in the 'active' state" in refused("INVALID_PARAMETER_VALUE", client.delete_tag, run, "tag")


def test_words_about_experiments(client, name, refused):
    called = name()
    one = client.create_experiment(called)
    assert "already exists" in refused("RESOURCE_ALREADY_EXISTS", client.create_experiment, called)
    assert "No Experiment with id=987654321 exists" in refused("RESOURCE_DOES_NOT_EXIST", client.get_experiment, "987654321")
    client.delete_experiment(one)
    assert "active" in refused("INVALID_PARAMETER_VALUE", client.create_run, one)


def test_words_about_params(client, run, refused):
    client.log_param(run, "p", "1")
    message = refused("INVALID_PARAMETER_VALUE", client.log_param, run, "p", "2")
    assert "Changing param values is not allowed" in message and f"run ID='{run}'" in message


def test_words_about_the_registry(client, name, refused):
    called = name()
    assert f"Registered Model with name={called} not found" in refused("RESOURCE_DOES_NOT_EXIST", client.get_registered_model, called)
    client.create_registered_model(called)
    assert f"Registered Model (name={called}) already exists" in refused("RESOURCE_ALREADY_EXISTS", client.create_registered_model, called)
    assert f"Model Version (name={called}, version=7) not found" in refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, called, "7")
    assert "alias nobody not found" in refused("INVALID_PARAMETER_VALUE", client.get_model_version_by_alias, called, "nobody")


def test_words_about_sources(rest, client, name, run):
    called = client.create_registered_model(name()).name
    ask = lambda source, **more: rest.fails("POST", "model-versions/create", {"name": called, "source": source, **more})[2]
    assert "To use a local path as a model version" in ask("/somewhere", run_id=run)
    assert "To use a local path as a model version" in ask("file:///somewhere")
    for source in ("s3a://bucket/artifacts/../../../", "s3://bucket/..%2f..%2fartifacts", "s3://bucket/artifact%00"):
        assert "If supplying a source as an http, https," in ask(source, run_id=run), source


@pytest.mark.parametrize("path", ["artifacts/list", "/get-artifact", "/model-versions/get-artifact"])
def test_words_about_paths(rest, run, path):
    assert rest.fails("GET", path, params={"run_id": run, "name": "m", "version": 1, "path": "../path"}) == (400, "INVALID_PARAMETER_VALUE", "Invalid path")


BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"


@pytest.mark.parametrize(
    "path, params, words",
    [
        (BULK, {"metric_key": "k"}, "GetMetricHistoryBulk request must specify at least one run_id"),
        (BULK, {"run_id": [str(i) for i in range(200)], "metric_key": "k"}, "GetMetricHistoryBulk request cannot specify more than"),
        (BULK, {"run_id": ["1"]}, "GetMetricHistoryBulk request must specify a metric_key"),
        (BULK + "-interval", {"metric_key": "k"}, "Missing value for required parameter 'run_ids'."),
        (BULK + "-interval", {"run_ids": [str(i) for i in range(200)], "metric_key": "k"}, "GetMetricHistoryBulkInterval request must specify at most 100 run_ids."),
        (BULK + "-interval", {"run_ids": ["1"], "metric_key": "k", "max_results": 0}, "max_results must be between 1 and 2500"),
        (BULK + "-interval", {"run_ids": ["1"], "metric_key": ""}, "Missing value for required parameter 'metric_key'"),
        (BULK + "-interval", {"run_ids": ["1"], "metric_key": "k", "start_step": 1, "end_step": 0}, "end_step must be greater than start_step. "),
        (BULK + "-interval", {"run_ids": ["1"], "metric_key": "k", "start_step": 1}, "If either start step or end step are specified, both must be specified."),
    ],
)
def test_words_of_the_interfaces_history_calls(rest, path, params, words):
    status, code, message = rest.fails("GET", path, params=params)
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and words in message


def test_words_of_the_interfaces_dataset_call(rest):
    path = "/ajax-api/2.0/mlflow/experiments/search-datasets"
    assert "SearchDatasets request must specify at least one experiment_id." in rest.fails("POST", path, {})[2]
    assert "SearchDatasets request cannot specify more than" in rest.fails("POST", path, {"experiment_ids": [str(i) for i in range(100)]})[2]


def test_bulk_history_is_in_order_of_time_step_and_value(rest, client, run):
    points = [(1, 2, 10.0), (1, 3, 11.0), (1, 3, 12.0), (2, 3, 12.0)]
    for stamp, step, value in reversed(points):
        client.log_metric(run, "m", value, timestamp=stamp, step=step)
    said = rest.get(BULK, {"run_id": [run], "metric_key": "m"})["metrics"]
    assert [(p["timestamp"], p["step"], p["value"]) for p in said] == points
    assert said[0] == {"key": "m", "value": 10.0, "timestamp": 1, "step": 2, "run_id": run}
    assert len(rest.get(BULK, {"run_id": [run], "metric_key": "m", "max_results": 2})["metrics"]) == 2


def test_which_points_the_interval_call_keeps(rest, client, experiment):
    """As many buckets of equal size as points are asked for: the first of each, and the last of all."""
    one, other = (client.create_run(experiment).info.run_id for _ in range(2))
    client.log_batch(one, [Metric("m", 10, 1, step) for step in range(10)])
    client.log_batch(other, [Metric("m", 10, 1, step) for step in range(20)])
    ask = lambda runs, **more: rest.get(BULK + "-interval", {"run_ids": runs, "metric_key": "m", "max_results": 5, **more})["metrics"]
    steps = lambda runs, **more: [p["step"] for p in ask(runs, **more)]
    assert steps([one]) == [0, 2, 4, 6, 9]
    assert steps([one], start_step=0, end_step=4) == [0, 1, 2, 3, 4]
    assert steps([one, other]) == [0, 2, 4, 6, 9] + [0, 4, 8, 12, 19]
    assert steps([one], max_results=1) == [9] and steps([one], max_results=3) == [0, 4, 9]
    client.log_batch(one, [Metric("m", 10, 2, step) for step in range(10)])
    assert [(p["step"], p["timestamp"]) for p in ask([one])] == [(0, 1), (2, 1), (4, 1), (6, 1), (9, 2)]


def test_runs_of_one_start_time_are_in_order_of_their_ids(client, name):
    experiment = client.create_experiment(name())
    ids = sorted(client.create_run(experiment, start_time=1).info.run_id for _ in range(10))
    first = client.search_runs([experiment], max_results=4)
    second = client.search_runs([experiment], max_results=4, page_token=first.token)
    third = client.search_runs([experiment], max_results=4, page_token=second.token)
    assert [r.info.run_id for r in [*first, *second, *third]] == ids and not third.token


def test_a_client_that_names_no_user_is_unknown(client, experiment):
    assert client.get_run(client.create_run(experiment).info.run_id).info.user_id == "unknown"


def test_values_that_are_empty_are_kept(client, experiment, run):
    client.set_tag(run, "t", "")
    client.log_param(run, "p", "")
    client.set_experiment_tag(experiment, "e", "")
    data = client.get_run(run).data
    assert data.tags["t"] == "" and data.params["p"] == "" and client.get_experiment(experiment).tags["e"] == ""


def test_the_traces_of_older_clients(rest, experiment):
    """Version 2 of the calls: start, end, get, search, tag, delete."""
    made = rest.post("traces", {"experiment_id": experiment, "timestamp_ms": 1000, "request_metadata": [{"key": "m1", "value": "a"}, {"key": "m2", "value": "b"}], "tags": [{"key": "t1", "value": "x"}]})["trace_info"]
    id = made["request_id"]
    assert (made["experiment_id"], made["timestamp_ms"], made["status"]) == (experiment, 1000, "IN_PROGRESS")
    ended = rest._json(rest.call("PATCH", f"traces/{id}", json={"request_id": id, "timestamp_ms": 3000, "status": "OK", "request_metadata": [{"key": "m1", "value": "c"}], "tags": [{"key": "t2", "value": "y"}]}))["trace_info"]
    assert (ended["timestamp_ms"], ended["execution_time_ms"], ended["status"]) == (1000, 2000, "OK")
    got = rest.get(f"traces/{id}/info")["trace_info"]
    assert {m["key"]: m["value"] for m in got["request_metadata"]} == {"m1": "c", "m2": "b"}
    assert {t["key"]: t["value"] for t in got["tags"] if not t["key"].startswith("mlflow.")} == {"t1": "x", "t2": "y"}
    found = rest.get("traces", {"experiment_ids": [experiment], "filter": "status = 'OK'", "max_results": 5})["traces"]
    assert id in [one["request_id"] for one in found]
