"""MLflow's client and its REST calls: Runyard beside `mlflow server` on SQLite, both started here, one after the other.

npm run bench -- rest   (in the environment of the contract tests, which `npm test -- contract` makes: .cache/mlflow-venv)
"""
from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from urllib.parse import urlparse

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".cache" / "mlflow-venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NODE = ROOT / "node_modules" / "node" / "bin" / "node"
RUNS = int(os.environ.get("BENCH_RUNS", "10000"))
POINTS = int(os.environ.get("BENCH_POINTS", "100000"))


class Api:
    """One connection, as little around the calls as can be, so that the servers are measured and not a client."""

    def __init__(self, uri: str, token: str) -> None:
        parts = urlparse(uri)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=600)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: dict | None = None) -> bytes:
        data = None if body is None else json.dumps(body)
        try:
            self.connection.request(method, f"/api/2.0/mlflow/{path}", data, self.headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A server may close a connection that nobody used for a while.
            self.connection.close()
            self.connection.request(method, f"/api/2.0/mlflow/{path}", data, self.headers)
            response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {answer[:300]!r}")
        return answer

    def run(self, experiment: str = "0") -> str:
        return json.loads(self.call("POST", "runs/create", {"experiment_id": experiment, "start_time": int(time.time() * 1000)}))["run"]["info"]["run_id"]


def milliseconds(work, times: int) -> float:
    """The median of some times, in ms."""
    seen = []
    for i in range(times):
        begin = time.perf_counter()
        work(i)
        seen.append((time.perf_counter() - begin) * 1000)
    return statistics.median(seen)


def single(api: Api) -> float:
    run = api.run()
    return milliseconds(lambda i: api.call("POST", "runs/log-metric", {"run_id": run, "key": "loss", "value": 1 / (i + 1), "timestamp": 1_700_000_000_000 + i, "step": i}), 300)


def batch_of(run: str, at: int, key: str = "loss") -> dict:
    return {"run_id": run, "metrics": [{"key": key, "value": random.random(), "timestamp": 1_700_000_000_000 + at + i, "step": at + i} for i in range(1000)]}


def batches(api: Api) -> float:
    run = api.run()
    bodies = [batch_of(run, i * 1000) for i in range(40)]
    # The first ones warm both servers up.
    for body in bodies[:20]:
        api.call("POST", "runs/log-batch", body)
    return milliseconds(lambda i: api.call("POST", "runs/log-batch", bodies[20 + i]), 20)


def history(api: Api) -> float:
    run = api.run()
    for at in range(0, POINTS, 1000):
        api.call("POST", "runs/log-batch", batch_of(run, at))
    api.call("GET", f"runs/get?run_id={run}")
    seen = []

    def ask(_: int) -> None:
        seen.append(api.call("GET", f"metrics/get-history?run_id={run}&metric_key=loss"))

    took = milliseconds(ask, 3)
    assert all(len(json.loads(answer)["metrics"]) == POINTS for answer in seen)
    return took


METRICS = [f"m{i}" for i in range(20)]
PARAMS = [f"p{i}" for i in range(10)]


def search(api: Api, experiment: str) -> dict[str, float]:
    def ask(times: int = 3, **fields) -> float:
        answers: list[bytes] = []

        def one(_: int) -> None:
            answers.append(api.call("POST", "runs/search", {"experiment_ids": [experiment], **fields}))

        took = milliseconds(one, times)
        assert all(json.loads(answer).get("runs") for answer in answers), fields
        return took

    return {
        "first 1,000 runs": ask(max_results=1000),
        "1,000 runs sorted by a metric": ask(max_results=1000, order_by=["metrics.m3 DESC"]),
        "filtered page of 100": ask(max_results=100, filter="metrics.m1 > 0.9 and params.p2 = '3'"),
    }


def fill_over_http(api: Api) -> str:
    experiment = json.loads(api.call("POST", "experiments/create", {"name": f"many-{random.random()}"}))["experiment_id"]
    for i in range(RUNS):
        run = api.run(experiment)
        now = 1_700_000_000_000 + i
        api.call("POST", "runs/log-batch", {
            "run_id": run, "metrics": [{"key": key, "value": random.random(), "timestamp": now, "step": 0} for key in METRICS],
            "params": [{"key": key, "value": str(random.randrange(10))} for key in PARAMS],
        })
    return experiment


def fill_database(api: Api, file: Path) -> str:
    """The same rows straight into MLflow's tables: by its REST calls they would take most of an hour."""
    experiment = json.loads(api.call("POST", "experiments/create", {"name": "many"}))["experiment_id"]
    template = api.run(experiment)
    api.call("POST", "runs/log-batch", {"run_id": template, "metrics": [{"key": "m0", "value": 1, "timestamp": 1, "step": 0}], "params": [{"key": "p0", "value": "1"}]})
    with sqlite3.connect(file, timeout=60) as db:
        db.row_factory = sqlite3.Row

        def rows_like(table: str, column: str) -> tuple[list[str], sqlite3.Row]:
            row = db.execute(f"SELECT * FROM {table} WHERE {column} = ? LIMIT 1", (template,)).fetchone()
            return list(row.keys()), row

        def insert(table: str, column: str, changes: list[dict]) -> None:
            names, row = rows_like(table, column)
            db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", [[{**dict(row), **one}[name] for name in names] for one in changes])

        ids = [f"{i:032x}" for i in range(1, RUNS)]
        insert("runs", "run_uuid", [{"run_uuid": run, "name": run[:8], "start_time": 1_700_000_000_000 + i} for i, run in enumerate(ids)])
        insert("tags", "run_uuid", [{"run_uuid": run} for run in ids])
        values = [{"run_uuid": run, "key": key, "value": random.random(), "timestamp": 1} for run in ids for key in METRICS]
        insert("metrics", "run_uuid", values)
        insert("latest_metrics", "run_uuid", values)
        insert("params", "run_uuid", [{"run_uuid": run, "key": key, "value": str(random.randrange(10))} for run in ids for key in PARAMS])
    return experiment


def writer(uri: str, token: str, run: str, n: int, count: int) -> None:
    api = Api(uri, token)
    for i in range(count):
        api.call("POST", "runs/log-metric", {"run_id": run, "key": f"k{n}", "value": i, "timestamp": 1_700_000_000_000 + i, "step": i})


def together(uri: str, token: str, count: int = 200) -> tuple[float, int]:
    """8 processes, one run: points a second, and how many are missing afterwards."""
    api = Api(uri, token)
    run = api.run()
    begin = time.perf_counter()
    workers = [multiprocessing.Process(target=writer, args=(uri, token, run, n, count)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - begin
    found = sum(len(json.loads(api.call("GET", f"metrics/get-history?run_id={run}&metric_key=k{n}")).get("metrics", [])) for n in range(8))
    return 8 * count / took, 8 * count - found


CLIENT = textwrap.dedent("""
    import json, statistics, sys, time, logging
    import mlflow
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    seen = []
    with mlflow.start_run():
        for i in range(300):
            begin = time.perf_counter()
            mlflow.log_metric("loss", 1 / (i + 1), step=i)
            seen.append((time.perf_counter() - begin) * 1000)
    print("took " + json.dumps(statistics.median(seen)))
""")


def client(command: list[str], env: dict[str, str], cwd: str) -> float:
    """`mlflow.log_metric` of the real client, median ms."""
    done = subprocess.run(command, env={**os.environ, **env}, cwd=cwd, capture_output=True, text=True, timeout=300)
    lines = [line for line in done.stdout.splitlines() if line.startswith("took ")]
    if not lines:
        raise RuntimeError(done.stdout + done.stderr)
    return json.loads(lines[0][5:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(uri: str) -> None:
    parts = urlparse(uri)
    for _ in range(600):
        try:
            probe = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
            probe.request("GET", "/health")
            if probe.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nobody answers at {uri}")


def measure(uri: str, token: str, fill) -> dict[str, float]:
    api = Api(uri, token)
    found = {"log_metric, REST": single(api), "log_batch of 1,000, REST": batches(api), f"history of {POINTS:,} points": history(api)}
    begin = time.perf_counter()
    experiment = fill(api)
    print(f"  {RUNS:,} runs were there after {time.perf_counter() - begin:.0f} s", flush=True)
    found.update(search(api, experiment))
    rate, missing = together(uri, token)
    found["8 processes: ms a point"] = 1000 / rate
    found["8 processes: points lost"] = missing
    return found


def ours(folder: str) -> dict[str, float]:
    cli = [str(NODE), str(ROOT / "scripts" / "cli.mjs")]
    server = subprocess.Popen([*cli, "serve", "--workspace", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
    try:
        words = dict(server.stdout.readline().strip().split("=", 1) for _ in range(2))
        uri, token = words["MLFLOW_TRACKING_URI"], words["MLFLOW_TRACKING_TOKEN"]
        found = measure(uri, token, fill_over_http)
        script = Path(folder) / "client.py"
        script.write_text(CLIENT)
        found["mlflow.log_metric, the client over HTTP"] = client([str(PYTHON), str(script)], {"MLFLOW_TRACKING_URI": uri, "MLFLOW_TRACKING_TOKEN": token}, folder)
        found["mlflow.log_metric in a run that Runyard starts"] = client([*cli, "run", "--workspace", folder, "--", str(PYTHON), str(script)], {}, folder)
        return found
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def theirs(folder: str) -> dict[str, float]:
    file, port = Path(folder) / "mlflow.db", free_port()
    uri = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([str(PYTHON), "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{file}", "--artifacts-destination", folder, "--host", "127.0.0.1", "--port", str(port)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(uri)
        found = measure(uri, "", lambda api: fill_database(api, file))
        script = Path(folder) / "client.py"
        script.write_text(CLIENT)
        over_http = client([str(PYTHON), str(script)], {"MLFLOW_TRACKING_URI": uri}, folder)
        return {**found, "mlflow.log_metric, the client over HTTP": over_http, "mlflow.log_metric in a run that Runyard starts": over_http}
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def main() -> int:
    if not PYTHON.exists():
        print("there is no .cache/mlflow-venv: `npm test -- contract` makes it", file=sys.stderr)
        return 1
    results = []
    for name, side in (("Runyard", ours), ("mlflow server", theirs)):
        print(name, flush=True)
        folder = tempfile.mkdtemp(prefix="runyard-bench-")
        try:
            results.append(side(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    mine, peer = results
    print(f"\n{'ms':52}{'Runyard':>12}{'mlflow':>12}{'ratio':>8}")
    for name, value in mine.items():
        ratio = f"{peer[name] / value:7.0f}x" if value > 0 and "lost" not in name else ""
        print(f"{name:52}{value:12.3f}{peer[name]:12.3f}{ratio:>8}")
    return 1 if mine["8 processes: points lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
