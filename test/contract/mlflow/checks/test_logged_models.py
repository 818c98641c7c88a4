"""Logged models of MLflow 3: made, filled, found; models logged by a flavour and loaded by every kind of address."""

import mlflow
import pytest
from mlflow.entities import LoggedModelStatus, Metric


@pytest.fixture
def model(client, experiment, name):
    return client.create_logged_model(experiment, name=name("model"), model_type="Agent", params={"k": "1"}, tags={"t": "x"})


def test_a_made_model_is_read_back(client, experiment, run, name):
    called = name("m")
    made = client.create_logged_model(experiment, name=called, source_run_id=run, tags={"t": "x"}, params={"p": "1"}, model_type="Agent")
    got = client.get_logged_model(made.model_id)
    assert got.model_id.startswith("m-") and got.name == called and got.experiment_id == experiment
    assert (got.source_run_id, got.model_type, got.params, got.tags) == (run, "Agent", {"p": "1"}, {"t": "x"})
    assert got.status == LoggedModelStatus.PENDING
    assert got.artifact_location == f"mlflow-artifacts:/{experiment}/models/{made.model_id}/artifacts"
    assert 0 < got.creation_timestamp <= got.last_updated_timestamp


def test_a_model_without_a_name_gets_one(client, experiment):
    assert client.create_logged_model(experiment).name


@pytest.mark.parametrize("bad", ["a/b", "a:b", "a.b", "a%b", "a'b", 'a"b'])
def test_a_bad_name_is_refused(rest, experiment, bad):
    status, code, message = rest.fails("POST", "logged-models", {"experiment_id": experiment, "name": bad})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and message


def test_a_model_in_an_unknown_or_deleted_experiment_is_refused(client, name, refused):
    refused("RESOURCE_DOES_NOT_EXIST", client.create_logged_model, "987654321")
    gone = client.create_experiment(name())
    client.delete_experiment(gone)
    refused("INVALID_PARAMETER_VALUE", client.create_logged_model, gone)


def test_an_unknown_model_is_a_404(rest):
    for method, path, body in (
        ("GET", "logged-models/m-nothing", None),
        ("PATCH", "logged-models/m-nothing", {"model_id": "m-nothing", "status": "LOGGED_MODEL_READY"}),
        ("DELETE", "logged-models/m-nothing", None),
        ("PATCH", "logged-models/m-nothing/tags", {"model_id": "m-nothing", "tags": [{"key": "a", "value": "b"}]}),
        ("DELETE", "logged-models/m-nothing/tags/a", None),
        ("GET", "logged-models/m-nothing/artifacts/directories", None),
    ):
        assert rest.fails(method, path, body)[:2] == (404, "RESOURCE_DOES_NOT_EXIST"), (method, path)


@pytest.mark.parametrize("status", [LoggedModelStatus.READY, LoggedModelStatus.FAILED])
def test_a_model_is_finalized(client, model, status):
    assert client.finalize_logged_model(model.model_id, status).status == status
    assert client.get_logged_model(model.model_id).status == status


def test_tags_are_set_over_and_deleted(client, model, refused):
    client.set_logged_model_tags(model.model_id, {"t": "y", "b": "2"})
    assert client.get_logged_model(model.model_id).tags == {"t": "y", "b": "2"}
    client.delete_logged_model_tag(model.model_id, "b")
    assert client.get_logged_model(model.model_id).tags == {"t": "y"}
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_logged_model_tag, model.model_id, "b")


def test_params_are_added_and_never_changed(client, model):
    client.log_model_params(model.model_id, {"k2": "2"})
    assert client.get_logged_model(model.model_id).params == {"k": "1", "k2": "2"}


def test_a_deleted_model_is_gone(client, model, refused):
    client.delete_logged_model(model.model_id)
    refused("RESOURCE_DOES_NOT_EXIST", client.get_logged_model, model.model_id)


def test_metrics_belong_to_model_and_dataset(client, experiment, model, run):
    from mlflow.data.meta_dataset import MetaDataset
    from mlflow.data.http_dataset_source import HTTPDatasetSource
    from mlflow.entities import Dataset, DatasetInput

    client.log_inputs(run, [DatasetInput(Dataset("set", "d1", "http", '{"url": "http://x"}'))])
    client.log_metric(run, "acc", 0.9, step=1, timestamp=5, model_id=model.model_id, dataset_name="set", dataset_digest="d1")
    client.log_batch(run, [Metric("f1", 0.5, 7, 2, model_id=model.model_id)])
    metrics = {m.key: m for m in client.get_logged_model(model.model_id).metrics}
    acc = metrics["acc"]
    assert (acc.value, acc.step, acc.timestamp, acc.model_id, acc.dataset_name, acc.dataset_digest, acc.run_id) == (0.9, 1, 5, model.model_id, "set", "d1", run)
    assert (metrics["f1"].value, metrics["f1"].dataset_name) == (0.5, None)
    assert client.get_run(run).data.metrics == {"acc": 0.9, "f1": 0.5}


def test_inputs_and_outputs_link_models_to_runs(client, model, run):
    from mlflow.entities import LoggedModelInput, LoggedModelOutput

    client.log_outputs(run, [LoggedModelOutput(model.model_id, step=3)])
    client.log_inputs(run, models=[LoggedModelInput(model.model_id)])
    got = client.get_run(run)
    assert [(o.model_id, o.step) for o in got.outputs.model_outputs] == [(model.model_id, 3)]
    assert [i.model_id for i in got.inputs.model_inputs] == [model.model_id]


@pytest.fixture(scope="module")
def shelf(client, name):
    """Models a..d with metrics acc 0.1 .. 0.4 (d: none); a and b READY; params and tags by letter."""
    experiment = client.create_experiment(name("models"))
    run = client.create_run(experiment).info.run_id
    ids = {}
    for index, letter in enumerate("abcd"):
        ids[letter] = client.create_logged_model(experiment, name=f"model-{letter}", source_run_id=run if letter < "c" else None, params={"depth": str(index)}, tags={"side": "left" if letter in "ac" else "right"}, model_type="x").model_id
        if letter != "d":
            client.log_metric(run, "acc", (index + 1) / 10, model_id=ids[letter], dataset_name="set" if letter == "b" else None, dataset_digest="d" if letter == "b" else None)
    for letter in "ab":
        client.finalize_logged_model(ids[letter], LoggedModelStatus.READY)
    return experiment, ids, run


@pytest.mark.parametrize(
    "where, expected",
    [
        (None, "dcba"),
        ("name = 'model-a'", "a"),
        ("name != 'model-a'", "dcb"),
        ("name LIKE 'model-%'", "dcba"),
        ("name ILIKE 'MODEL-A'", "a"),
        ("name IN ('model-a', 'model-b')", "ba"),
        ("model_id = '{c}'", "c"),
        ("model_type = 'x'", "dcba"),
        ("source_run_id = '{run}'", "ba"),
        ("creation_timestamp > 0", "dcba"),
        ("last_updated_timestamp < 5", ""),
        ("params.depth = '2'", "c"),
        ("params.depth != '2'", "dba"),
        ("tags.side = 'left'", "ca"),
        ("tags.side LIKE 'r%'", "db"),
        ("metrics.acc > 0.15", "cb"),
        ("metrics.acc <= 0.2 AND tags.side = 'right'", "b"),
        ("attributes.name = 'model-b' AND params.`depth` = '1'", "b"),
    ],
)
def test_search_filters(client, shelf, where, expected):
    experiment, ids, run = shelf
    found = client.search_logged_models([experiment], filter_string=where and where.format(run=run, **ids))
    assert "".join(one.name[-1] for one in found) == expected


@pytest.mark.parametrize(
    "order, expected",
    [
        ([{"field_name": "metrics.acc", "ascending": False}], "cbad"),
        ([{"field_name": "metrics.acc", "ascending": True}], "abcd"),
        ([{"field_name": "name", "ascending": True}], "abcd"),
        ([{"field_name": "creation_timestamp", "ascending": True}], "abcd"),
        ([{"field_name": "last_updated_timestamp"}], None),
    ],
    ids=str,
)
def test_search_order(client, shelf, order, expected):
    found = "".join(one.name[-1] for one in client.search_logged_models([shelf[0]], order_by=order))
    assert found == expected or (expected is None and sorted(found) == list("abcd"))


def test_search_by_dataset(client, shelf):
    found = client.search_logged_models([shelf[0]], filter_string="metrics.acc > 0", datasets=[{"dataset_name": "set", "dataset_digest": "d"}])
    assert [one.name for one in found] == ["model-b"]


def test_search_pages_hold_everything_once(client, shelf):
    seen, token = "", None
    for _ in range(5):
        page = client.search_logged_models([shelf[0]], max_results=3, page_token=token)
        seen, token = seen + "".join(one.name[-1] for one in page), page.token
        if not token:
            break
    assert seen == "dcba"


@pytest.mark.parametrize("bad", [pytest.param("nme = 'x'", marks=pytest.mark.runyard_only), "name > 'a'", pytest.param("metrics.acc = 'x'", marks=pytest.mark.runyard_only), "params.depth > 1", "name = 'a' OR name = 'b'", "tags.side IS SILLY"])
def test_search_refuses_a_filter_it_does_not_know(rest, shelf, bad):
    assert rest.fails("POST", "logged-models/search", {"experiment_ids": [shelf[0]], "filter": bad})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_artifacts_of_a_model(rest, client, model, tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"1234")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x").write_text("x")
    client.log_model_artifacts(model.model_id, str(tmp_path))
    assert {(a.path, a.is_dir) for a in client.list_logged_model_artifacts(model.model_id)} >= {("weights.bin", False), ("sub", True)}
    said = rest.get(f"logged-models/{model.model_id}/artifacts/directories")
    assert {"path": "weights.bin", "is_dir": False, "file_size": 4} in said["files"]


def test_external_and_active_models(client, active):
    made = mlflow.create_external_model(name="outside", params={"a": "b"})
    assert client.get_logged_model(made.model_id).status == LoggedModelStatus.READY
    chosen = mlflow.set_active_model(name="chosen")
    try:
        assert mlflow.get_active_model_id() == chosen.model_id
        with mlflow.start_run():
            mlflow.log_metric("m", 2, model_id=chosen.model_id)
        assert client.get_logged_model(chosen.model_id).metrics[0].value == 2
    finally:
        mlflow.clear_active_model()


@pytest.fixture(scope="module")
def logged(client, experiment):
    """A small scikit-learn model, logged in a run that has metrics already."""
    from sklearn.linear_model import LogisticRegression

    mlflow.set_experiment(experiment_id=experiment)
    fitted = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
    with mlflow.start_run() as run:
        mlflow.log_metric("acc", 0.9)
        info = mlflow.sklearn.log_model(fitted, name="model", input_example=[[1.0]], pip_requirements=["scikit-learn"])
    return run.info.run_id, info


def test_a_flavours_model_is_ready_and_linked(client, logged):
    run, info = logged
    model = client.get_logged_model(info.model_id)
    assert model.status == LoggedModelStatus.READY and model.name == "model" and model.source_run_id == run
    assert [o.model_id for o in client.get_run(run).outputs.model_outputs] == [info.model_id]
    assert "acc" in {m.key for m in model.metrics or []}
    assert {"MLmodel", "requirements.txt", "serving_input_example.json"} <= {a.path for a in client.list_logged_model_artifacts(info.model_id)}


@pytest.mark.parametrize("address", ["models:/{model}", "runs:/{run}/model"])
def test_a_model_is_loaded(logged, address):
    run, info = logged
    where = address.format(model=info.model_id, run=run)
    assert list(mlflow.sklearn.load_model(where).predict([[0.0], [3.0]])) == [0, 1]
    assert list(mlflow.pyfunc.load_model(where).predict([[0.0], [3.0]])) == [0, 1]
    assert mlflow.models.get_model_info(where).flavors["sklearn"]


def test_a_run_without_that_model_says_so(logged, refused):
    with pytest.raises(mlflow.exceptions.MlflowException):
        mlflow.sklearn.load_model(f"runs:/{logged[0]}/nothing")


def test_the_old_argument_still_works(client, active):
    from sklearn.dummy import DummyClassifier

    fitted = DummyClassifier().fit([[0], [1]], [0, 1])
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(fitted, artifact_path="old", pip_requirements=["scikit-learn"])
    assert mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/old").predict([[5]]).shape == (1,)


def test_search_into_pandas(logged, experiment):
    frame = mlflow.search_logged_models([experiment], filter_string="name = 'model'")
    assert list(frame["model_id"]) == [logged[1].model_id]
