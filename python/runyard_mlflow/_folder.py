"""What a run's folder tells of the run, for when the engine can't be asked: its spec and the spools of every process."""
from __future__ import annotations

import json
import os
import re
from threading import Lock
from typing import Any, Callable, Dict, Iterator, List, Optional, Set

_SPOOL = re.compile(r"^events\..*\.jsonl$")
STATES = {"queued": "SCHEDULED", "running": "RUNNING", "finished": "FINISHED", "failed": "FAILED", "killed": "KILLED", "stopped": "KILLED", "lost": "FAILED"}


class RunFolder:
    """The run as its folder tells it. Reading again costs what was added since."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.spec = _json_file(os.path.join(folder, "spec.json"))
        self.params: Dict[str, str] = {}
        self.tags: Dict[str, str] = {}
        self.gone: Set[str] = set()
        self.metrics: Dict[str, Dict[str, Any]] = {}
        self.inputs: List[Dict[str, Any]] = []
        self.models: Dict[str, Dict[str, Any]] = {}
        self.experiments: List[str] = []
        self.links: Dict[str, Dict[str, Dict[str, Any]]] = {"input": {}, "output": {}}
        self.info: Dict[str, Any] = {}
        self._offsets: Dict[str, int] = {}
        self._lock = Lock()

    def read(self) -> "RunFolder":
        with self._lock:
            for event in self._events(self._offsets, lambda line: True):
                self._take(event)
        return self

    def history(self, key: str) -> List[Dict[str, Any]]:
        """Every point of a metric, in MLflow's words, sorted by time and step as far as they were written so."""
        quoted = json.dumps(key).encode()
        found = [point for event in self._events({}, lambda line: quoted in line) if event.get("e") == "m" for point in _points(event) if point["key"] == key]
        unique = {(one["step"], one["timestamp"], str(one["value"])): one for one in found}
        return sorted(unique.values(), key=lambda one: (one["timestamp"], one["step"]))

    def _events(self, offsets: Dict[str, int], wanted: Callable[[bytes], bool]) -> Iterator[Dict[str, Any]]:
        try:
            names = sorted(name for name in os.listdir(self.folder) if _SPOOL.match(name))
        except OSError:
            return
        for name in names:
            try:
                file = open(os.path.join(self.folder, name), "rb")
            except OSError:
                continue
            with file:
                file.seek(offsets.get(name, 0))
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # somebody is writing it
                    offsets[name] = offsets.get(name, 0) + len(line)
                    event = _json(line) if wanted(line) else None
                    if event is not None:
                        yield event

    def _take(self, event: Dict[str, Any]) -> None:
        kind = event.get("e")
        if kind == "m":
            for point in _points(event):
                known = self.metrics.get(point["key"])
                if known is None or _rank(point) >= _rank(known):
                    self.metrics[point["key"]] = point
        elif kind == "p":
            self.params.update(event.get("p") or {})
        elif kind == "tag":
            self.tags.update(event.get("set") or {})
            self.gone.difference_update(event.get("set") or {})
            for key in event.get("del") or []:
                self.tags.pop(key, None)
                self.gone.add(key)
        elif kind == "edit":
            said = {"run_name": event.get("name"), "experiment": event.get("experiment"), "experiment_id": event.get("experimentId")}
            self.info.update({key: value for key, value in said.items() if value})
            if "trashed" in event:
                self.info["lifecycle_stage"] = "deleted" if event["trashed"] else "active"
        elif kind == "state":
            status = event.get("status") or STATES.get(str(event.get("state")), "RUNNING")
            self.info["status"] = status
            if event.get("startTime"):
                self.info["start_time"] = event["startTime"]
            self.info["end_time"] = None if status in ("RUNNING", "SCHEDULED") else round(float(event.get("t", 0)) * 1000)
        elif kind == "dataset":
            self.inputs.append(event.get("dataset") or {})
        elif kind == "model":
            self.links.setdefault(str(event.get("io")), {})[str(event.get("model"))] = {"model_id": event.get("model"), "step": event.get("step", 0)}
        elif kind == "experiment":
            self.experiments.append(str(event.get("name")))
        elif kind == "logged_model":
            self._take_model(event.get("model") or {})

    def _take_model(self, model: Dict[str, Any]) -> None:
        if (model.get("info") or {}).get("model_id"):
            self.models[model["info"]["model_id"]] = model


def _points(event: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    values = event.get("m")
    for key, value in (values if isinstance(values, dict) else {}).items():
        yield {"key": key, "value": float(value), "timestamp": round(float(event.get("t", 0)) * 1000), "step": int(event.get("s") or 0)}


def _rank(point: Dict[str, Any]) -> Any:
    value = point["value"]
    return (point["step"], point["timestamp"], value if value == value else float("-inf"))


def _json(line: bytes) -> Optional[Dict[str, Any]]:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _json_file(path: str) -> Dict[str, Any]:
    try:
        with open(path, "rb") as file:
            return _json(file.read()) or {}
    except OSError:
        return {}
