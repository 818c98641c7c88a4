"""What every check needs: the server under test, a client of it, an experiment of one's own.

MLFLOW_TRACKING_URI names the server, MLFLOW_TRACKING_TOKEN its token if it asks for one. A check marked
`runyard_only` is left out against a server that doesn't say it is Runyard's (RUNYARD_SERVER=1).
"""

import json
import os
import uuid

# Before MLflow is imported: an answer that MLflow retries is a failed check at once, not after minutes.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "60")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MPLBACKEND", "Agg")

import mlflow
import pytest
import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

RUNYARD = os.environ.get("RUNYARD_SERVER") == "1"


def pytest_runtest_setup(item):
    if item.get_closest_marker("runyard_only") and not RUNYARD:
        pytest.skip("only where the server is Runyard's")


class Rest:
    """Calls the server without the client in between."""

    def __init__(self, uri, token):
        self.uri = uri
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, **more):
        """The raw answer. A path without a leading slash is below /api/2.0/mlflow/."""
        full = path if path.startswith("/") else f"/api/2.0/mlflow/{path}"
        more.setdefault("timeout", 60)
        return self.session.request(method, self.uri + full, **more)

    def get(self, path, params=None):
        return self._json(self.call("GET", path, params=params))

    def post(self, path, body=None):
        return self._json(self.call("POST", path, json={} if body is None else body))

    def fails(self, method, path, body=None, params=None):
        """(status, error_code, message) of a call that has to be refused."""
        answer = self.call(method, path, json=body, params=params)
        assert answer.status_code >= 400, f"{method} {path} was accepted: {answer.text[:500]}"
        said = answer.json()
        assert isinstance(said["error_code"], str) and isinstance(said["message"], str), answer.text
        assert "Traceback" not in answer.text
        return answer.status_code, said["error_code"], said["message"]

    @staticmethod
    def _json(answer):
        assert answer.status_code == 200, f"{answer.request.method} {answer.url} -> {answer.status_code}: {answer.text[:1000]}"
        said = json.loads(answer.text)
        assert isinstance(said, dict), answer.text[:200]
        return said


@pytest.fixture(scope="session")
def uri():
    return os.environ["MLFLOW_TRACKING_URI"].rstrip("/")


@pytest.fixture(scope="session")
def token():
    return os.environ.get("MLFLOW_TRACKING_TOKEN")


@pytest.fixture(scope="session", autouse=True)
def tracking(uri):
    mlflow.set_tracking_uri(uri)


@pytest.fixture(scope="session")
def rest(uri, token):
    return Rest(uri, token)


@pytest.fixture(scope="session")
def client(uri):
    return MlflowClient(uri)


@pytest.fixture(scope="session")
def name():
    """Makes a name that nobody else uses."""
    return lambda what="x": f"{what}-{uuid.uuid4().hex[:10]}"


@pytest.fixture(scope="module")
def experiment(client, name, request):
    """The id of an experiment of this file's own."""
    return client.create_experiment(name(request.module.__name__))


@pytest.fixture
def run(client, experiment):
    """The id of a run of this check's own."""
    return client.create_run(experiment).info.run_id


@pytest.fixture
def active(experiment):
    """An experiment that the fluent calls use; no run stays open after the check."""
    mlflow.set_experiment(experiment_id=experiment)
    yield experiment
    while mlflow.active_run():
        mlflow.end_run()


@pytest.fixture(scope="session")
def refused():
    """refused(code or codes, call, *args): the message of the MlflowException with that code that the call has to raise."""

    def check(code, call, *args, **more):
        with pytest.raises(MlflowException) as caught:
            call(*args, **more)
        codes = (code,) if isinstance(code, str) else code
        assert caught.value.error_code in codes, f"{caught.value.error_code}: {caught.value.message}"
        return caught.value.message

    return check
