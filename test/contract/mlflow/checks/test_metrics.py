"""Metrics: what is the latest, the history and its pages, the interface's bulk calls, NaN and infinities."""

import math

import pytest
from mlflow.entities import Metric

BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"
INTERVAL = "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval"
MOST = 1.7976931348623157e308


def test_step_and_time_are_kept(client, run):
    client.log_metric(run, "loss", 0.1 + 0.2, timestamp=1234567890123, step=7)
    (point,) = client.get_metric_history(run, "loss")
    assert (point.key, point.value, point.timestamp, point.step) == ("loss", 0.1 + 0.2, 1234567890123, 7)


def test_without_a_step_it_is_zero(rest, client, run):
    rest.post("runs/log-metric", {"run_id": run, "key": "m", "value": 1, "timestamp": 5})
    assert [(m.step, m.timestamp) for m in client.get_metric_history(run, "m")] == [(0, 5)]


def test_the_latest_is_the_one_with_the_highest_step_then_time_then_value(client, run):
    for value, stamp, step in ((1, 100, 5), (2, 900, 1), (3, 50, 5)):
        client.log_metric(run, "step", value, timestamp=stamp, step=step)
    for value, stamp, step in ((9, 100, 0), (1, 200, 0)):
        client.log_metric(run, "time", value, timestamp=stamp, step=step)
    for value in (4, 6, 5):
        client.log_metric(run, "value", value, timestamp=1, step=0)
    assert client.get_run(run).data.metrics == {"step": 1, "time": 1, "value": 6}


def test_negative_steps_and_big_ones_are_kept(client, run):
    steps = [-(2**40), -1, 0, 2**53 - 1]
    for step in steps:
        client.log_metric(run, "m", 1, timestamp=1, step=step)
    assert sorted(m.step for m in client.get_metric_history(run, "m")) == steps


def test_history_has_every_point(client, run):
    points = [Metric("m", i * 0.5, 1000 + i, i) for i in range(1000)]
    client.log_batch(run, points)
    assert [(m.value, m.timestamp, m.step) for m in client.get_metric_history(run, "m")] == [(m.value, m.timestamp, m.step) for m in points]


def test_the_same_point_twice_is_there_once(client, run):
    points = [Metric("m", i, i, i) for i in range(5)]
    client.log_batch(run, points)
    client.log_batch(run, points)
    client.log_metric(run, "m", 4, timestamp=4, step=4)
    assert [m.value for m in client.get_metric_history(run, "m")] == [0, 1, 2, 3, 4]


def test_two_values_at_one_step_are_both_there(client, run):
    client.log_metric(run, "m", 1, timestamp=1, step=0)
    client.log_metric(run, "m", 2, timestamp=1, step=0)
    assert sorted(m.value for m in client.get_metric_history(run, "m")) == [1, 2]


def test_history_of_nothing_is_empty(client, run):
    assert client.get_metric_history(run, "nothing") == []


def test_history_of_an_unknown_run_is_empty_or_a_404(rest):
    answer = rest.call("GET", "metrics/get-history", params={"run_id": "0" * 32, "metric_key": "m"})
    assert answer.status_code == 404 or (answer.status_code == 200 and not answer.json().get("metrics"))


def test_history_is_paged(rest, client, run):
    client.log_batch(run, [Metric("m", i, 10 + i, i) for i in range(25)])
    seen, token, pages = [], None, 0
    while True:
        said = rest.get("metrics/get-history", {"run_id": run, "metric_key": "m", "max_results": 10, **({"page_token": token} if token else {})})
        seen += [m["step"] for m in said.get("metrics", [])]
        pages, token = pages + 1, said.get("next_page_token")
        if not token:
            break
    assert sorted(seen) == list(range(25)) and pages == 3


def test_a_broken_page_token_is_refused(rest, client, run):
    client.log_metric(run, "m", 1)
    params = {"run_id": run, "metric_key": "m", "max_results": 1, "page_token": "not a token"}
    assert rest.fails("GET", "metrics/get-history", params=params)[:2] == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("bad", ["x", "", None, *(pytest.param(one, marks=pytest.mark.runyard_only) for one in (True, [1], {"a": 1}))], ids=repr)
def test_a_value_that_is_no_number_is_refused(rest, run, bad):
    status, code, message = rest.fails("POST", "runs/log-metric", {"run_id": run, "key": "m", "value": bad, "timestamp": 1, "step": 0})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and "value" in message


@pytest.mark.parametrize("field, bad", [("timestamp", "now"), ("timestamp", None), ("step", "one")], ids=repr)
def test_a_bad_time_or_step_is_refused(rest, run, field, bad):
    body = {"run_id": run, "key": "m", "value": 1, "timestamp": 1, "step": 0, field: bad}
    status, code, message = rest.fails("POST", "runs/log-metric", body)
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and field in message


def test_nan_and_infinities_come_back_as_mlflow_says_them(client, run):
    client.log_metric(run, "nan", math.nan)
    client.log_metric(run, "up", math.inf)
    client.log_metric(run, "down", -math.inf)
    metrics = client.get_run(run).data.metrics
    assert math.isnan(metrics["nan"]) and metrics["up"] == MOST and metrics["down"] == -MOST
    (point,) = client.get_metric_history(run, "nan")
    assert math.isnan(point.value)
    assert client.get_metric_history(run, "up")[0].value == MOST


def test_nan_on_the_wire_is_the_text_NaN(rest, client, run):
    client.log_batch(run, [Metric("nan", math.nan, 1, 0)])
    text = rest.call("GET", "runs/get", params={"run_id": run}).text
    assert '"NaN"' in text


@pytest.mark.parametrize("said, kept", [("NaN", math.nan), ("Infinity", MOST), ("-Infinity", -MOST), ("1.5", 1.5), (1, 1.0)], ids=repr)
def test_numbers_as_text_are_taken(rest, client, run, said, kept):
    rest.post("runs/log-metric", {"run_id": run, "key": "m", "value": said, "timestamp": "1", "step": "3"})
    got = client.get_run(run).data.metrics["m"]
    assert got == kept or (math.isnan(got) and math.isnan(kept))


@pytest.mark.runyard_only
def test_bare_nan_in_json_is_nan_or_refused_but_never_zero(rest, client, run):
    body = '{"run_id": "%s", "key": "m", "value": NaN, "timestamp": 1, "step": 0}' % run
    answer = rest.call("POST", "runs/log-metric", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400), answer.text
    assert math.isnan(client.get_run(run).data.metrics.get("m", math.nan))


def test_bulk_history_of_several_runs(rest, client, experiment):
    runs = [client.create_run(experiment).info.run_id for _ in range(3)]
    for index, run in enumerate(runs):
        client.log_batch(run, [Metric("m", index * 10 + i, 100 + i, i) for i in range(3)])
    said = rest.get(BULK, {"run_id": runs[:2], "metric_key": "m"})["metrics"]
    assert {one["run_id"] for one in said} == set(runs[:2])
    assert [(one["value"], one["timestamp"], one["step"]) for one in said if one["run_id"] == runs[1]] == [(10, 100, 0), (11, 101, 1), (12, 102, 2)]
    assert [one["run_id"] for one in said] == sorted(one["run_id"] for one in said)
    assert len(rest.get(BULK, {"run_id": runs, "metric_key": "m", "max_results": 4})["metrics"]) == 4


@pytest.mark.parametrize("params, names", [({"metric_key": "m"}, "run_id"), ({"run_id": ["a" * 32]}, "metric_key"), ({"run_id": ["%032x" % i for i in range(101)], "metric_key": "m"}, "100")])
def test_bulk_history_refuses(rest, params, names):
    status, code, message = rest.fails("GET", BULK, params=params)
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and names in message


@pytest.fixture(scope="module")
def long_run(client, experiment):
    run = client.create_run(experiment).info.run_id
    client.log_batch(run, [Metric("m", i, 1000 + i, i) for i in range(1000)])
    return run


def test_interval_history_keeps_first_and_last(rest, long_run):
    said = rest.get(INTERVAL, {"run_ids": [long_run], "metric_key": "m", "max_results": 20})["metrics"]
    steps = [one["step"] for one in said]
    assert steps[0] == 0 and steps[-1] == 999 and steps == sorted(steps) and 15 <= len(steps) <= 25
    assert said[0] == {"key": "m", "value": 0, "timestamp": 1000, "step": 0, "run_id": long_run}


def test_interval_history_within_steps(rest, long_run):
    params = {"run_ids": [long_run], "metric_key": "m", "start_step": 100, "end_step": 200, "max_results": 2500}
    assert [one["step"] for one in rest.get(INTERVAL, params)["metrics"]] == list(range(100, 201))
    params["max_results"] = 10
    steps = [one["step"] for one in rest.get(INTERVAL, params)["metrics"]]
    assert steps[0] == 100 and steps[-1] == 200 and len(steps) <= 12


def test_interval_history_takes_the_same_steps_from_each_run(rest, client, experiment, long_run):
    other = client.create_run(experiment).info.run_id
    client.log_batch(other, [Metric("m", -i, 1, i) for i in range(1000)])
    said = rest.get(INTERVAL, {"run_ids": [long_run, other], "metric_key": "m", "max_results": 10})["metrics"]
    steps = {run: [one["step"] for one in said if one["run_id"] == run] for run in (long_run, other)}
    assert steps[long_run] == steps[other] and len(steps[other]) > 5


@pytest.mark.parametrize(
    "change",
    [
        {"run_ids": None},
        {"metric_key": None},
        {"start_step": 5},
        {"end_step": 5},
        {"start_step": 9, "end_step": 5},
        {"max_results": 0},
        {"max_results": 2501},
        {"max_results": "many"},
        {"start_step": "a", "end_step": 5},
        {"run_ids": ["%032x" % i for i in range(101)]},
    ],
    ids=lambda c: next(iter(c)),
)
def test_interval_history_refuses(rest, long_run, change):
    params = {"run_ids": [long_run], "metric_key": "m", **change}
    status, code, _ = rest.fails("GET", INTERVAL, params={k: v for k, v in params.items() if v is not None})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
