"""A run of Runyard's in a folder of its own, with an address where nobody answers unless a test says who does."""
import json
import os
import socket
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Place:
    """The workspace and the run that this process plays to be in."""

    def __init__(self, home, monkeypatch):
        self.home, self.monkeypatch = home, monkeypatch
        self.run_id = uuid.uuid4().hex
        self.runs = home / ".runyard" / "runs"
        self.folder = self.runs / self.run_id
        self.folder.mkdir(parents=True)
        (self.folder / "spec.json").write_text(json.dumps({
            "format": 1, "runId": self.run_id, "experiment": "Default", "name": "bold-fox", "created": 1763710206.5, "argv": ["python", "train.py"], "params": {"lr": "0.10"},
        }))
        self.at(f"http://127.0.0.1:{free_port()}")

    def at(self, uri):
        import mlflow
        self.uri = uri
        for name, value in {
            "RUNYARD_RUN_DIR": str(self.folder), "RUNYARD_RUN_ID": self.run_id, "RUNYARD_EXPERIMENT": "Default", "RUNYARD_MLFLOW_URI": uri, "MLFLOW_TRACKING_URI": uri,
            "MLFLOW_TRACKING_TOKEN": "word", "MLFLOW_EXPERIMENT_ID": "0", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
        }.items():
            self.monkeypatch.setenv(name, value)
        mlflow.set_tracking_uri(None)
        mlflow.tracking.fluent._active_experiment_id = None
        self.monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)

    def events(self, run_id=None, kind=None):
        """What was said of a run, in every spool of its folder."""
        folder = self.runs / (run_id or self.run_id)
        lines = [line for name in sorted(os.listdir(folder)) if name.startswith("events.") for line in (folder / name).read_text().splitlines()]
        found = [json.loads(line) for line in lines]
        return [one for one in found if kind in (None, one["e"])]

    def others(self):
        return sorted(name for name in os.listdir(self.runs) if name != self.run_id)


@pytest.fixture
def place(tmp_path, monkeypatch):
    import mlflow
    from runyard_mlflow import _ask, _known
    monkeypatch.setattr(_ask, "_quiet_until", 0.0)
    for memory in (_known.runs, _known.params, _known.folders, _known.models, _known.experiments, _known.provisional, _known.deleted, _known.made_here, _known.linked):
        memory.clear()
    yield Place(tmp_path, monkeypatch)
    while mlflow.active_run():
        mlflow.end_run()


@pytest.fixture
def answering():
    """Starts a server that answers every request with what a function makes of it: status, type and body, or None to say nothing."""
    servers, ends = [], threading.Event()

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            def _any(self):
                length = int(self.headers.get("Content-Length") or 0)
                found = answer(self.command, self.path, self.rfile.read(length))
                if found is None:
                    ends.wait(60)
                    return
                status, kind, body = found
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

            def log_message(self, *_):
                pass
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"
    yield start
    ends.set()
    for server in servers:
        server.shutdown()
        server.server_close()
