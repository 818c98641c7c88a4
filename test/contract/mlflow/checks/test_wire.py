"""The protocol below the client: shapes of bodies and answers, odd but allowed requests, and what must be refused."""

import json

import pytest

JSON = {"Content-Type": "application/json"}


def test_health_and_version_answer_in_plain_text(rest):
    assert rest.call("GET", "/health").text == "OK"
    version = rest.call("GET", "/version").text
    assert tuple(int(part) for part in version.split(".")[:2]) >= (3, 4)


def test_server_info_says_what_the_server_can(rest):
    for base in ("/api/3.0/mlflow", "/ajax-api/3.0/mlflow"):
        said = rest.get(f"{base}/server-info")
        assert said["workspaces_enabled"] is False and said["store_type"] in ("SqlStore", "FileStore", None)


@pytest.mark.parametrize("path", ["experiments/search", "runs/search", "registered-models/search", "model-versions/search", "logged-models/search"])
def test_the_interfaces_prefix_is_the_same_api(rest, path, experiment):
    body = {"max_results": 3, "experiment_ids": [experiment]}
    method = "GET" if path.startswith(("registered", "model-v")) else "POST"
    send = {"params": {"max_results": 3}} if method == "GET" else {"json": body}
    one, other = (rest.call(method, f"/{api}/2.0/mlflow/{path}", **send) for api in ("api", "ajax-api"))
    assert one.status_code == other.status_code == 200 and one.json() == other.json()


def test_int64_goes_out_as_a_number(rest, client, experiment):
    run = client.create_run(experiment, start_time=1700000000123).info.run_id
    client.log_metric(run, "m", 1, timestamp=1700000000456, step=2**40)
    said = rest.get("runs/get", {"run_id": run})["run"]
    assert said["info"]["start_time"] == 1700000000123
    assert said["data"]["metrics"][0] == {"key": "m", "value": 1, "timestamp": 1700000000456, "step": 2**40}
    assert isinstance(rest.get("experiments/get", {"experiment_id": experiment})["experiment"]["creation_time"], int)


def test_int64_comes_in_as_number_or_text(rest, experiment):
    for stamp in (1700000000123, "1700000000123"):
        info = rest.post("runs/create", {"experiment_id": experiment, "start_time": stamp})["run"]["info"]
        assert info["start_time"] == 1700000000123


def test_an_experiment_id_comes_in_as_number_too_or_is_refused_with_words(rest, experiment):
    answer = rest.call("POST", "runs/create", json={"experiment_id": int(experiment)})
    assert answer.status_code in (200, 400) and isinstance(answer.json(), dict)


def test_what_is_not_set_is_left_out(rest, client, run):
    info = rest.get("runs/get", {"run_id": run})["run"]["info"]
    assert "end_time" not in info
    assert info["run_uuid"] == info["run_id"] == run


def test_the_old_name_of_a_runs_id_is_taken(rest, client, run):
    rest.post("runs/log-metric", {"run_uuid": run, "key": "m", "value": 1, "timestamp": 1, "step": 0})
    assert rest.get("runs/get", {"run_uuid": run})["run"]["data"]["metrics"][0]["value"] == 1


def test_unknown_fields_are_accepted(rest, run):
    assert rest.post("runs/set-tag", {"run_id": run, "key": "k", "value": "v", "from_the_future": {"a": [1]}}) == {}
    assert rest.get("runs/get", {"run_id": run, "nonsense": "1"})["run"]


def test_camel_case_names_are_accepted(rest, experiment, run):
    assert len(rest.post("runs/search", {"experimentIds": [experiment], "maxResults": 1})["runs"]) == 1


def test_one_field_said_both_ways_is_refused(rest, run):
    body = {"run_id": run, "runId": "0" * 32, "key": "k", "value": "v"}
    assert rest.fails("POST", "runs/set-tag", body)[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_a_doubly_encoded_body_is_taken(rest, run):
    body = json.dumps(json.dumps({"run_id": run, "key": "k", "value": "twice"}))
    answer = rest.call("POST", "runs/set-tag", data=body, headers=JSON)
    assert answer.status_code == 200 and answer.json() == {}
    tags = {t["key"]: t["value"] for t in rest.get("runs/get", {"run_id": run})["run"]["data"]["tags"]}
    assert tags["k"] == "twice"


def test_an_empty_body_is_an_empty_request(rest):
    answer = rest.call("POST", "experiments/search", data=b"", headers=JSON)
    # max_results is not given: stock refuses with its name, others may take their default.
    assert answer.status_code in (200, 400) and isinstance(answer.json(), dict)
    status, code, message = (lambda a: (a.status_code, a.json()["error_code"], a.json()["message"]))(rest.call("POST", "experiments/create", data=b"", headers=JSON))
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and "'name'" in message


def test_a_json_charset_is_fine(rest, name):
    answer = rest.call("POST", "experiments/create", data=json.dumps({"name": name("ü")}, ensure_ascii=False).encode(), headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_content_type_is_refused(rest, name, kind):
    answer = rest.call("POST", "experiments/create", data=json.dumps({"name": name()}), headers={"Content-Type": kind})
    assert answer.status_code == 400 and answer.json()["error_code"] == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("body", ["{", "[]", "nonsense", "5", "null", '"text"', '{"name": }', "\x00"], ids=repr)
@pytest.mark.runyard_only
def test_a_broken_body_is_refused_in_json(rest, body):
    answer = rest.call("POST", "experiments/create", data=body, headers=JSON)
    assert answer.status_code == 400 and answer.json()["error_code"] in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST", "MALFORMED_REQUEST")
    assert "Traceback" not in answer.text


REQUIRED = [
    ("POST", "experiments/create", {}, "name"),
    ("POST", "experiments/delete", {}, "experiment_id"),
    ("POST", "experiments/restore", {}, "experiment_id"),
    ("POST", "experiments/update", {"new_name": "x"}, "experiment_id"),
    ("POST", "experiments/set-experiment-tag", {"experiment_id": "0", "value": "v"}, "key"),
    ("POST", "experiments/set-experiment-tag", {"key": "k", "value": "v"}, "experiment_id"),
    ("GET", "experiments/get", {}, "experiment_id"),
    ("GET", "experiments/get-by-name", {}, "experiment_name"),
    ("GET", "runs/get", {}, "run_id"),
    ("POST", "runs/update", {"status": "FINISHED"}, "run_id"),
    ("POST", "runs/delete", {}, "run_id"),
    ("POST", "runs/restore", {}, "run_id"),
    ("POST", "runs/log-metric", {"key": "m", "value": 1, "timestamp": 1}, "run_id"),
    ("POST", "runs/log-metric", {"run_id": "a", "value": 1, "timestamp": 1}, "key"),
    ("POST", "runs/log-metric", {"run_id": "a", "key": "m", "timestamp": 1}, "value"),
    ("POST", "runs/log-metric", {"run_id": "a", "key": "m", "value": 1}, "timestamp"),
    ("POST", "runs/log-parameter", {"run_id": "a", "value": "1"}, "key"),
    ("POST", "runs/set-tag", {"run_id": "a", "value": "1"}, "key"),
    ("POST", "runs/delete-tag", {"run_id": "a"}, "key"),
    ("POST", "runs/log-batch", {}, "run_id"),
    ("POST", "runs/log-inputs", {}, "run_id"),
    ("GET", "metrics/get-history", {"metric_key": "m"}, "run_id"),
    ("GET", "metrics/get-history", {"run_id": "a"}, "metric_key"),
    ("POST", "logged-models", {}, "experiment_id"),
    ("POST", "registered-models/create", {}, "name"),
    ("POST", "registered-models/rename", {"new_name": "x"}, "name"),
    ("PATCH", "registered-models/update", {}, "name"),
    ("DELETE", "registered-models/delete", {}, "name"),
    ("GET", "registered-models/get", {}, "name"),
    ("POST", "registered-models/alias", {"name": "n", "version": "1"}, "alias"),
    ("GET", "registered-models/alias", {"name": "n"}, "alias"),
    ("POST", "model-versions/create", {"name": "n"}, "source"),
    ("POST", "model-versions/create", {"source": "s"}, "name"),
    ("GET", "model-versions/get", {"name": "n"}, "version"),
    ("POST", "model-versions/transition-stage", {"name": "n", "version": "1"}, "stage"),
    ("POST", "model-versions/set-tag", {"name": "n", "version": "1", "value": "v"}, "key"),
]


@pytest.mark.parametrize("method, path, body, missing", REQUIRED, ids=[f"{m} {p} {x}" for m, p, _, x in REQUIRED])
def test_a_missing_field_is_named(rest, method, path, body, missing):
    status, code, message = rest.fails(method, path, **({"params": body} if method == "GET" else {"body": body}))
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert message.startswith(f"Missing value for required parameter '{missing}'."), message


WRONG = [
    ("POST", "experiments/create", {"name": 5}, "name"),
    ("POST", "runs/create", {"experiment_id": {"a": 1}}, "experiment_id"),
    ("POST", "runs/create", {"experiment_id": "0", "start_time": "soon"}, "start_time"),
    ("POST", "runs/log-batch", {"run_id": "a", "metrics": "x"}, "metrics"),
    ("POST", "runs/log-batch", {"run_id": "a", "params": {"k": "v"}}, "params"),
    ("POST", "runs/set-tag", {"run_id": ["a"], "key": "k", "value": "v"}, "run_id"),
    ("POST", "runs/search", {"experiment_ids": "5"}, "experiment_ids"),
    ("POST", "runs/search", {"experiment_ids": ["5"], "filter": 5}, "filter"),
    ("POST", "runs/search", {"experiment_ids": ["5"], "order_by": "x"}, "order_by"),
    ("POST", "registered-models/create", {"name": 5}, "name"),
    ("POST", "model-versions/create", {"name": "n", "source": 5}, "source"),
]


@pytest.mark.parametrize("method, path, body, field", WRONG, ids=[f"{p} {x}" for _, p, _, x in WRONG])
def test_a_value_of_the_wrong_kind_is_refused_and_named(rest, method, path, body, field):
    status, code, message = rest.fails(method, path, body)
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert f"'{field}'" in message, message


def test_an_unknown_path_is_a_404(rest):
    for path in ("/api/2.0/mlflow/nothing/here", "/api/9.9/mlflow/runs/get", "/nothing"):
        assert rest.call("GET", path).status_code == 404


def test_the_wrong_method_is_refused(rest):
    for method, path in (("GET", "runs/create"), ("DELETE", "runs/search"), ("PUT", "experiments/create")):
        assert rest.call(method, path).status_code in (404, 405)


def test_lists_in_a_query_are_repeated_keys(rest, client, experiment):
    runs = [client.create_run(experiment).info.run_id for _ in range(2)]
    for one in runs:
        client.log_metric(one, "m", 1)
    said = rest.get("/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval", {"run_ids": runs, "metric_key": "m"})
    assert {point["run_id"] for point in said["metrics"]} == set(runs)


def test_an_answer_is_json_and_says_so(rest, run):
    answer = rest.call("GET", "runs/get", params={"run_id": run})
    assert answer.headers["Content-Type"].startswith("application/json")
    answer = rest.call("GET", "runs/get", params={"run_id": "0" * 32})
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("odd", ["é", "日本語", "💡", "a\u0000b", "quote ' \" `", "back\\slash", "<script>", "a" * 5000], ids=lambda o: repr(o[:8]))
def test_any_text_survives_the_way_there_and_back(rest, client, run, odd):
    client.set_tag(run, "t", odd)
    assert client.get_run(run).data.tags["t"] == odd


def test_the_interface_calls_artifacts_of_a_run_and_of_a_version(rest, client, run):
    client.log_text(run, "hello", "dir/note.txt")
    answer = rest.call("GET", "/get-artifact", params={"run_id": run, "path": "dir/note.txt"})
    assert answer.status_code == 200 and answer.text == "hello"
    assert "attachment" in answer.headers["Content-Disposition"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    said = rest.get("artifacts/list", {"run_id": run, "path": "dir"})
    assert said["files"] == [{"path": "dir/note.txt", "is_dir": False, "file_size": 5}]
    assert said["root_uri"].endswith(f"{run}/artifacts")
