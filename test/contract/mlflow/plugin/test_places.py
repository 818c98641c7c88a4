"""Whose store it is, and what becomes of runs, models and files while the engine is away or isn't itself."""
import json
import os
import subprocess
import sys
import time

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
from mlflow.store.tracking.rest_store import RestStore
from mlflow.tracking import MlflowClient
from mlflow.tracking._tracking_service.utils import _get_store


def test_only_the_address_that_runyard_gave_gets_our_store(place, monkeypatch):
    assert type(_get_store(place.uri)).__name__ == "RunyardStore"
    assert type(_get_store("http://tracking.example")) is RestStore
    assert type(_get_store("https://127.0.0.1:1")) is RestStore
    artifacts = f"mlflow-artifacts:/0/{place.run_id}/artifacts"
    assert type(get_artifact_repository(artifacts)).__name__ == "RunyardArtifactRepository"
    assert type(get_artifact_repository(artifacts, "http://tracking.example")) is MlflowArtifactsRepository
    assert type(get_artifact_repository("mlflow-artifacts://elsewhere:1/0/x")) is MlflowArtifactsRepository
    monkeypatch.delenv("RUNYARD_RUN_DIR")
    assert type(_get_store(place.uri + "/")) is RestStore
    assert type(get_artifact_repository(artifacts)) is MlflowArtifactsRepository


def test_a_script_that_goes_to_another_server_gets_mlflows_own_store(place):
    mlflow.set_tracking_uri("http://tracking.example")
    assert type(MlflowClient()._tracking_client.store) is RestStore
    mlflow.set_tracking_uri(place.uri)
    assert type(MlflowClient()._tracking_client.store).__name__ == "RunyardStore"


def test_an_mlflow_that_is_not_as_expected_keeps_its_own_store(place, monkeypatch, capfd):
    import runyard_mlflow
    from runyard_mlflow import _store
    monkeypatch.setattr(_store, "NEEDED", (*_store.NEEDED, "not_there"))
    _store._store_class.cache_clear()
    assert type(runyard_mlflow.tracking_store(place.uri)) is RestStore
    _store._store_class.cache_clear()
    assert "not_there" in capfd.readouterr().err


def test_being_found_imports_neither_mlflow_nor_anything_of_ours_but_the_door():
    script = "import sys, runyard_mlflow; print([name for name in sys.modules if name.startswith(('mlflow', 'runyard', 'requests'))])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "['runyard_mlflow']"


def test_the_first_run_is_runyards_own_and_later_ones_are_its_children(place):
    with mlflow.start_run() as first, mlflow.start_run(nested=True, run_name="inner") as inner:
        mlflow.log_param("depth", 3)
    with mlflow.start_run(run_name="second") as second:
        pass
    assert first.info.run_id == place.run_id and first.info.run_name == "bold-fox"
    assert place.others() == sorted([inner.info.run_id, second.info.run_id])
    for run, name, parent in ((inner, "inner", place.run_id), (second, "second", place.run_id)):
        spec = json.loads((place.runs / run.info.run_id / "spec.json").read_text())
        assert {"format": 1, "runner": "mlflow", "source": "mlflow", "experiment": "Default", "name": name, "parent": parent, "argv": []}.items() <= spec.items()
        first_line = place.events(run.info.run_id)[0]
        assert first_line["e"] == "started" and first_line["started"]["pid"] == os.getpid()
        assert [one["state"] for one in place.events(run.info.run_id, "state")] == ["running", "finished"]
    assert mlflow.get_run(inner.info.run_id).data.tags["mlflow.parentRunId"] == place.run_id


def test_a_run_that_another_process_took_is_not_taken_twice(place):
    script = "import mlflow\nwith mlflow.start_run() as run: print(run.info.run_id)"
    said = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True).stdout.split()[0] for _ in range(2)]
    assert said[0] == place.run_id and said[1] != place.run_id


def test_a_failing_run_says_so(place):
    with pytest.raises(ValueError), mlflow.start_run():
        raise ValueError("no")
    assert [one["state"] for one in place.events(kind="state")] == ["running", "failed"]
    assert mlflow.get_run(place.run_id).info.status == "FAILED"


def test_an_experiment_made_while_the_engine_is_away_is_told_by_its_name(place):
    experiment = mlflow.set_experiment("new one")
    assert mlflow.get_experiment_by_name("new one").experiment_id == experiment.experiment_id
    with mlflow.start_run() as run, mlflow.start_run(nested=True) as inner:
        pass
    assert run.info.experiment_id == experiment.experiment_id
    assert place.events(kind="experiment")[0]["name"] == "new one"
    assert [one["experiment"] for one in place.events(kind="edit") if "experiment" in one] == ["new one"], place.events()
    assert json.loads((place.runs / inner.info.run_id / "spec.json").read_text())["experiment"] == "new one"
    script = "import mlflow\nwith mlflow.start_run() as run: print(run.info.experiment_id, mlflow.get_experiment(run.info.experiment_id).name)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[0] == f"{experiment.experiment_id} new one"


def test_logged_models_are_made_and_found_again(place):
    with mlflow.start_run() as run:
        model = mlflow.initialize_logged_model(name="net", tags={"a": 1}, params={"depth": 3}, model_type="agent")
        mlflow.set_logged_model_tags(model.model_id, {"b": 2})
        mlflow.delete_logged_model_tag(model.model_id, "a")
        mlflow.log_metric("auc", 0.9, model_id=model.model_id)
        mlflow.finalize_logged_model(model.model_id, "READY")
        MlflowClient().log_outputs(run.info.run_id, [mlflow.entities.LoggedModelOutput(model.model_id, step=2)])
    found = mlflow.get_logged_model(model.model_id)
    assert found.tags["b"] == "2" and "a" not in found.tags
    assert (found.name, found.params, str(found.status), found.source_run_id, found.model_type) == ("net", {"depth": "3"}, "READY", run.info.run_id, "agent")
    last = place.events(kind="logged_model")[-1]["model"]
    assert last["info"]["status"] == "LOGGED_MODEL_READY" and last["info"]["artifact_uri"].endswith(f"/models/{model.model_id}/artifacts")
    assert {"io": "output", "model": model.model_id, "step": 2}.items() <= place.events(kind="model")[-1].items()
    assert place.events(kind="m")[-1]["model"] == model.model_id
    assert [one.model_id for one in mlflow.search_logged_models(["0"], filter_string=f"source_run_id='{run.info.run_id}'", output_format="list")] == [model.model_id]


def test_files_are_kept_listed_read_and_deleted(place, tmp_path):
    (tmp_path / "many" / "deep").mkdir(parents=True)
    (tmp_path / "many" / "a.txt").write_text("a")
    (tmp_path / "many" / "deep" / "b.csv").write_text("b")
    client = MlflowClient()
    with mlflow.start_run() as run:
        uri = run.info.artifact_uri
        mlflow.log_artifact(str(tmp_path / "many" / "a.txt"))
        mlflow.log_artifacts(str(tmp_path / "many"), "in here")
        mlflow.log_text("t", "x/ü %20.txt")
        mlflow.log_dict({"k": 1}, "d.json")
    assert [one.path for one in client.list_artifacts(run.info.run_id)] == ["a.txt", "d.json", "in here", "x"]
    assert [(one.path, one.is_dir, one.file_size) for one in client.list_artifacts(run.info.run_id, "in here")] == [("in here/a.txt", False, 1), ("in here/deep", True, None)]
    assert client.list_artifacts(run.info.run_id, "a.txt") == [] and client.list_artifacts(run.info.run_id, "no") == []
    assert (place.folder / "artifacts" / "in here" / "deep" / "b.csv").read_text() == "b"
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/x/ü %20.txt") == "t" or mlflow.artifacts.load_text(f"{uri}/d.json")
    assert sorted(os.listdir(client.download_artifacts(run.info.run_id, "in here"))) == ["a.txt", "deep"]
    assert {(one["path"], one["kind"]) for one in place.events(kind="artifact")} == {("a.txt", "file"), ("in here/a.txt", "file"), ("in here/deep/b.csv", "table"), ("x/ü %20.txt", "file"), ("d.json", "file")}
    get_artifact_repository(uri).delete_artifacts("in here")
    assert {one["path"] for one in place.events(kind="artifact") if one.get("deleted")} == {"in here/a.txt", "in here/deep/b.csv"}
    assert not (place.folder / "artifacts" / "in here").exists()
    assert not [name for name in os.listdir(place.folder) if name.startswith(".part")]
    with pytest.raises(MlflowException):
        mlflow.artifacts.load_text(f"{uri}/no.txt")


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc", "%2e%2e/x", "%252e%252e/x", "a/..", "..", "file:x", "link/x", "\0"])
def test_no_path_leaves_its_folder(place, tmp_path, path):
    (place.folder / "artifacts").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_text("secret")
    (place.folder / "artifacts" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "file.txt").write_text("f")
    repository = get_artifact_repository(f"mlflow-artifacts:/0/{place.run_id}/artifacts")
    before = sorted(str(one) for one in tmp_path.rglob("*"))
    for attempt in (lambda: repository.log_artifact(str(tmp_path / "file.txt"), path), lambda: repository._download_file(path, str(tmp_path / "got")), lambda: repository.delete_artifacts(path), lambda: repository.list_artifacts(path)):
        with pytest.raises(MlflowException):
            attempt()
    assert sorted(str(one) for one in tmp_path.rglob("*")) == before
    if path not in ("/etc", "file:x"):  # behind a folder these are names like any other
        with pytest.raises(MlflowException):
            get_artifact_repository(f"mlflow-artifacts:/0/{place.run_id}/artifacts/{path}").list_artifacts()


def test_an_engine_that_hangs_holds_a_script_up_once(place, answering, monkeypatch):
    from runyard_mlflow import _ask
    monkeypatch.setattr(_ask, "LIMITS", (1.0, 1.0))
    place.at(answering(lambda *_: None))
    begun = time.monotonic()
    with mlflow.start_run() as run:
        for step in range(100):
            mlflow.log_metric("loss", 1, step=step)
        mlflow.log_text("t", "t.txt")
        mlflow.get_run(run.info.run_id)
    assert time.monotonic() - begun < 3
    assert run.info.run_id == place.run_id and len(place.events(kind="m")) == 100


@pytest.mark.parametrize("status, body", [(404, b"<html>not here"), (200, b"<html>welcome"), (401, b'{"error_code":"UNAUTHENTICATED"}'), (500, b'{"error_code":"INTERNAL_ERROR","message":"x"}'), (503, b"")])
def test_somebody_else_at_the_address_is_as_good_as_nobody(place, answering, status, body):
    place.at(answering(lambda *_: (status, "text/html", body)))
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 1)
    assert run.info.run_id == place.run_id and mlflow.get_run(place.run_id).info.status == "FINISHED"


def test_the_engines_refusal_is_the_scripts_to_know(place, answering):
    place.at(answering(lambda *_: (400, "application/json", b'{"error_code":"INVALID_PARAMETER_VALUE","message":"no such thing"}')))
    with pytest.raises(MlflowException, match="no such thing"):
        MlflowClient().create_run("0")
    assert place.others() == [] and place.events() == []


def test_a_run_given_just_before_the_engine_went_is_not_taken_for_anothers(place, answering):
    def claims_and_dies(method, path, body):
        if path.endswith("runs/create"):
            (place.folder / "mlflow.adopted").write_text("")
        return 503, "text/plain", b""
    place.at(answering(claims_and_dies))
    assert MlflowClient().create_run("0").info.run_id == place.run_id
    assert MlflowClient().create_run("0").info.run_id != place.run_id


def test_a_trace_that_ends_while_the_engine_is_away_is_kept_with_its_spans(place):
    script = """
import mlflow
@mlflow.trace
def outer(x): return inner(x) + 1
@mlflow.trace
def inner(x): return x * 2
with mlflow.start_run(): outer(3)
mlflow.flush_trace_async_logging()
"""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100, check=True)
    assert time.monotonic() - begun < 30
    (said,) = place.events(kind="trace")
    assert said["experiment"] == "Default" and said["trace"]["state"] == "OK" and said["trace"]["trace_metadata"]["mlflow.sourceRun"] == place.run_id
    path = said["trace"]["tags"]["mlflow.artifactLocation"].replace("mlflow-artifacts:/", "")
    spans = json.loads((place.runs.parent / "artifacts" / path / "traces.json").read_text())["spans"]
    assert sorted(one["name"] for one in spans) == ["inner", "outer"]


def test_a_run_that_the_engine_made_without_being_able_to_say_so_is_not_made_twice(place, answering):
    made = "ab" * 16

    def makes_and_dies(method, path, body):
        if path.endswith("runs/create") and not (place.runs / made).exists():
            asked = json.loads(body)
            (place.runs / made).mkdir()
            (place.runs / made / "spec.json").write_text(json.dumps({
                "format": 1, "runId": made, "experiment": "Default", "name": asked["run_name"], "created": asked["start_time"] / 1000, "runner": "mlflow", "argv": [],
                "tags": {one["key"]: one["value"] for one in asked["tags"]},
            }))
        return 503, "text/plain", b""
    place.at(answering(makes_and_dies))
    (place.folder / "mlflow.adopted").write_text("")
    client = MlflowClient()
    assert client.create_run("0", run_name="x", tags={"mlflow.parentRunId": place.run_id}).info.run_id == made
    assert client.create_run("0", run_name="x", tags={"mlflow.parentRunId": place.run_id}).info.run_id != made
    assert len(place.others()) == 2
