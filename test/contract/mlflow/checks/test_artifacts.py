"""Artifacts: up, listed, down, deleted; every log_ call; paths that try to get out."""

import json
import os
import urllib.parse

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.artifacts import download_artifacts, list_artifacts, load_dict, load_text

ART = "/api/2.0/mlflow-artifacts/artifacts"


@pytest.fixture
def home(client, run):
    """The path of a run's artifacts below the artifact service."""
    return urllib.parse.urlparse(client.get_run(run).info.artifact_uri).path.lstrip("/")


def listing(client, run, path=None):
    return {one.path: None if one.is_dir else one.file_size for one in client.list_artifacts(run, path)}


def test_a_file_goes_up_and_comes_down_byte_for_byte(client, run, tmp_path):
    content = os.urandom(3_000_001)
    (tmp_path / "blob.bin").write_bytes(content)
    client.log_artifact(run, str(tmp_path / "blob.bin"), "deep/er")
    assert listing(client, run) == {"deep": None}
    assert listing(client, run, "deep/er") == {"deep/er/blob.bin": 3_000_001}
    down = client.download_artifacts(run, "deep/er/blob.bin", str(tmp_path))
    with open(down, "rb") as file:
        assert file.read() == content


def test_a_folder_goes_up_and_comes_down(client, run, tmp_path):
    for path, text in (("a.txt", "a"), ("sub/b.txt", "bb"), ("sub/sub/c.txt", ""), ("ünï cödé/d e.txt", "d")):
        (tmp_path / "up" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "up" / path).write_text(text)
    client.log_artifacts(run, str(tmp_path / "up"))
    assert listing(client, run) == {"a.txt": 1, "sub": None, "ünï cödé": None}
    assert listing(client, run, "sub") == {"sub/b.txt": 2, "sub/sub": None}
    (tmp_path / "down").mkdir()
    root = client.download_artifacts(run, "", str(tmp_path / "down"))
    got = {os.path.relpath(os.path.join(at, f), root): open(os.path.join(at, f)).read() for at, _, files in os.walk(root) for f in files}
    assert got == {"a.txt": "a", "sub/b.txt": "bb", "sub/sub/c.txt": "", "ünï cödé/d e.txt": "d"}


def test_listing_a_file_or_nothing_is_empty(client, run):
    client.log_text(run, "x", "a.txt")
    assert listing(client, run, "a.txt") == {}
    assert listing(client, run, "nothing") == {}
    assert listing(client, client.create_run("0").info.run_id) == {}


def test_a_file_is_written_over(client, run):
    client.log_text(run, "one", "a.txt")
    client.log_text(run, "two!", "a.txt")
    assert load_text(f"runs:/{run}/a.txt") == "two!"
    assert listing(client, run) == {"a.txt": 4}


def test_what_is_not_there_is_a_404(rest, home, client, run):
    answer = rest.call("GET", f"{ART}/{home}/nothing.txt")
    assert answer.status_code == 404 and answer.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"
    with pytest.raises(Exception):
        client.download_artifacts(run, "nothing.txt")


def test_a_file_is_deleted(rest, client, run, home):
    client.log_text(run, "x", "dir/a.txt")
    client.log_text(run, "x", "dir/b.txt")
    assert rest.call("DELETE", f"{ART}/{home}/dir/a.txt").status_code == 200
    assert listing(client, run, "dir") == {"dir/b.txt": 1}


def test_a_folder_is_deleted_by_the_clients_repository(client, run):
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    client.log_text(run, "x", "dir/sub/a.txt")
    client.log_text(run, "x", "keep.txt")
    get_artifact_repository(client.get_run(run).info.artifact_uri).delete_artifacts("dir")
    assert listing(client, run) == {"keep.txt": 1}


def test_a_download_is_an_attachment_that_no_browser_runs(rest, client, run, home):
    client.log_text(run, "<script>alert(1)</script>", "page.html")
    answer = rest.call("GET", f"{ART}/{home}/page.html")
    assert answer.text == "<script>alert(1)</script>"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_services_listing_is_of_names_below_the_path(rest, client, run, home):
    client.log_text(run, "x", "dir/a.txt")
    assert rest.get(ART, {"path": home})["files"] == [{"path": "dir", "is_dir": True}]
    assert rest.get(ART, {"path": f"{home}/dir"})["files"] == [{"path": "a.txt", "is_dir": False, "file_size": 1}]


def test_artifacts_of_an_unknown_run_are_a_404(rest):
    assert rest.fails("GET", "artifacts/list", params={"run_id": "0" * 32})[:2] == (404, "RESOURCE_DOES_NOT_EXIST")
    answer = rest.call("GET", "/get-artifact", params={"run_id": "0" * 32, "path": "a.txt"})
    assert answer.status_code == 404


def test_an_empty_file_and_a_big_one(rest, client, run, home):
    assert rest.call("PUT", f"{ART}/{home}/empty", data=b"").status_code == 200
    assert listing(client, run) in ({"empty": 0}, {"empty": None})
    big = bytes(24_000_000)
    assert rest.call("PUT", f"{ART}/{home}/big", data=iter([big, big])).status_code == 200
    assert listing(client, run)["big"] == 48_000_000
    answer = rest.call("GET", f"{ART}/{home}/big", stream=True)
    assert sum(len(part) for part in answer.iter_content(1 << 20)) == 48_000_000


def test_a_part_of_a_file_is_served(rest, client, run, home):
    client.log_text(run, "0123456789", "digits.txt")
    answer = rest.call("GET", "/get-artifact", params={"run_id": run, "path": "digits.txt"}, headers={"Range": "bytes=2-5"})
    assert (answer.status_code, answer.text) in ((206, "2345"), (200, "0123456789"))


def test_artifacts_of_a_deleted_run_are_still_there(client, run):
    client.log_text(run, "kept", "a.txt")
    client.delete_run(run)
    assert load_text(f"runs:/{run}/a.txt") == "kept"


def test_text_and_dict(client, run, active):
    with mlflow.start_run(run_id=run):
        mlflow.log_text("zeile 1\nü", "t/text.txt")
        mlflow.log_dict({"a": [1, 2.5, None], "ü": "x"}, "d.json")
        mlflow.log_dict({"a": 1}, "d.yaml")
    assert load_text(f"runs:/{run}/t/text.txt") == "zeile 1\nü"
    assert load_dict(f"runs:/{run}/d.json") == {"a": [1, 2.5, None], "ü": "x"}
    assert load_text(f"runs:/{run}/d.yaml") == "a: 1\n"
    assert json.loads(load_text(f"{client.get_run(run).info.artifact_uri}/d.json"))["a"] == [1, 2.5, None]


def test_figures_and_images(client, run, active):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2, 3])
    with mlflow.start_run(run_id=run):
        mlflow.log_figure(figure, "plots/line.png")
        mlflow.log_image(np.zeros((8, 8, 3), np.uint8), "black.png")
        for step in range(2):
            mlflow.log_image(np.full((8, 8), step * 255, np.uint8), key="steps", step=step)
    mlflow.flush_async_logging()
    plt.close(figure)
    sizes = listing(client, run, "plots") | listing(client, run)
    assert sizes["plots/line.png"] > 1000 and sizes["black.png"] > 50
    images = listing(client, run, "images")
    assert len(images) == 4 and all("steps" in path for path in images)
    with open(client.download_artifacts(run, "black.png"), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"


def test_tables_grow_and_are_loaded(client, active):
    with mlflow.start_run() as run:
        mlflow.log_table({"q": ["a", "b"], "score": [1, 2]}, "eval.json")
        mlflow.log_table(pd.DataFrame({"q": ["c"], "score": [3]}), "eval.json")
    id = run.info.run_id
    frame = mlflow.load_table("eval.json", run_ids=[id], extra_columns=["run_id"])
    assert list(frame["q"]) == ["a", "b", "c"] and set(frame["run_id"]) == {id}
    assert json.loads(client.get_run(id).data.tags["mlflow.loggedArtifacts"]) == [{"path": "eval.json", "type": "table"}]


def test_downloads_by_every_kind_of_address(client, run, tmp_path):
    client.log_text(run, "hello", "dir/a.txt")
    base = client.get_run(run).info.artifact_uri
    for address in (f"runs:/{run}/dir/a.txt", f"{base}/dir/a.txt"):
        with open(download_artifacts(artifact_uri=address)) as file:
            assert file.read() == "hello"
    with open(download_artifacts(run_id=run, artifact_path="dir/a.txt")) as file:
        assert file.read() == "hello"
    assert [one.path for one in list_artifacts(run_id=run, artifact_path="dir")] == ["dir/a.txt"]


OUT = ["../x", "a/../../x", "../../../../etc/passwd", "/etc/passwd", "%2e%2e/x", "%2e%2e%2fx", "..%2f..%2fx", "%252e%252e%252fx", "..%252fx", "a/%2e%2e/%2e%2e/x", "file:/etc/passwd", "C:/x", "C:%5Cx", "%2fetc%2fpasswd"]


def raw(rest, method, path, data=None):
    """Sends the path as it is: the client library would tidy it up."""
    import http.client

    at = urllib.parse.urlparse(rest.uri)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    headers = {k: v for k, v in rest.session.headers.items() if k == "Authorization"}
    connection.request(method, path, body=data, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize("path", OUT)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_path_that_leads_out_is_refused(rest, method, path):
    status, body = raw(rest, method, f"{ART}/{path}", b"x" if method == "PUT" else None)
    assert status in (308, 400, 404, 405), body
    assert b"root:" not in body


@pytest.mark.parametrize("path", OUT)
def test_a_listing_that_leads_out_is_refused(rest, path):
    for query in ({"path": path}, {"path": urllib.parse.unquote(path)}):
        answer = rest.call("GET", ART, params=query)
        assert answer.status_code == 400 and answer.json()["error_code"] == "INVALID_PARAMETER_VALUE", answer.text


@pytest.mark.parametrize("path", ["../x", "%2e%2e/x", "%252e%252e%252fx", "/etc/passwd", "a/../../x"])
def test_an_artifact_of_a_run_never_leads_out(rest, client, run, path):
    client.log_text(run, "x", "a.txt")
    for call in ("/get-artifact", "/api/2.0/mlflow/artifacts/list"):
        answer = rest.call("GET", call, params={"run_id": run, "path": path})
        assert answer.status_code == 400, answer.text


def test_nothing_was_written_outside(rest, client, run, home):
    """A name with dots that leads nowhere outside is an ordinary name."""
    assert rest.call("PUT", f"{ART}/{home}/..hidden", data=b"x").status_code == 200
    assert rest.call("PUT", f"{ART}/{home}/a..b/c...txt", data=b"x").status_code == 200
    assert listing(client, run) == {"..hidden": 1, "a..b": None}


def test_a_client_that_asks_for_parts_gets_its_file_up_and_down(client, run, tmp_path, monkeypatch):
    """With multipart asked for: in parts where the server has them, else whole, and the client needs no telling."""
    for name in ("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD"):
        monkeypatch.setenv(name, "true")
    for name in ("UPLOAD_MINIMUM_FILE_SIZE", "DOWNLOAD_MINIMUM_FILE_SIZE", "UPLOAD_CHUNK_SIZE", "DOWNLOAD_CHUNK_SIZE"):
        monkeypatch.setenv(f"MLFLOW_MULTIPART_{name}", str(5 * 2**20))
    content = os.urandom(12 * 2**20)
    (tmp_path / "big.bin").write_bytes(content)
    client.log_artifact(run, str(tmp_path / "big.bin"), "parts")
    assert listing(client, run, "parts") == {"parts/big.bin": len(content)}
    with open(client.download_artifacts(run, "parts/big.bin"), "rb") as file:
        assert file.read() == content


def test_presigned_and_parts_are_offered_or_refused_with_the_code_that_clients_know(rest, client, run, home):
    client.log_text(run, "x", "a.txt")
    info = rest.get("/api/3.0/mlflow/server-info")
    for method, path, body, offered in (
        ("POST", f"/api/2.0/mlflow-artifacts/mpu/create/{home}", {"path": "a.bin", "num_parts": 2}, info.get("multipart_uploads_enabled")),
        ("GET", f"/api/2.0/mlflow-artifacts/presigned/{home}/a.txt", None, info.get("multipart_downloads_enabled")),
    ):
        answer = rest.call(method, path, json=body)
        assert answer.status_code == 200 if offered else (answer.status_code, answer.json()["error_code"]) == (501, "NOT_IMPLEMENTED"), answer.text
