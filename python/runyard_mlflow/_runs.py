"""Beginning, reading and ending runs: the engine is asked first and briefly; while it is away the run's folder is told instead."""
from __future__ import annotations

import os
import sys
from time import time
from typing import Any, Callable, Dict, List, Optional
from uuid import uuid4

from mlflow.entities import Metric, RunStatus
from mlflow.exceptions import MlflowException
from mlflow.store.entities.paged_list import PagedList

from . import _known as known
from ._ask import Absent, ask
from ._folder import RunFolder
from ._logging import tag_events
from ._place import RUN_ID, claim, claimed, folder_of, let_go, new_folder, own_run, process_start, run_dir, runs_dir, say

_STATES = {"RUNNING": "running", "SCHEDULED": "queued", "FINISHED": "finished", "FAILED": "failed", "KILLED": "killed"}
_PARENT = "mlflow.parentRunId"


def asked_or(run_id: Any, question: Callable[..., Any], args: Any, otherwise: Callable[[], Any]) -> Any:
    """The engine's answer; where it is away, or knows nothing yet of a run that began while it was, what `otherwise` gives.

    A run that has no folder here is asked for in MLflow's own, patient way.
    """
    try:
        return ask(question, *args)
    except Absent:
        if folder_of(run_id) is None:
            return question(*args)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST" or run_id not in known.made_here or folder_of(run_id) is None:
            raise
    return otherwise()


class Runs:
    """Part of our store."""

    def create_run(self, experiment_id: Any, user_id: Any, start_time: Any, tags: Any, run_name: Any) -> Any:
        free, start_time = not claimed(run_dir()), start_time or round(time() * 1000)
        try:
            args = (self.real_experiment(experiment_id), user_id, start_time, tags, run_name)  # type: ignore[attr-defined]
            return known.saw_run(ask(super().create_run, *args))  # type: ignore[misc]
        except Absent as absent:
            texts = {tag.key: str(tag.value) for tag in tags or []}
            nested = _PARENT in texts
            # The engine may have given us this run just before it went.
            adopt = not nested and ((absent.sent and free and claimed(run_dir())) or _claim())
            said = {"experiment": str(experiment_id), "user": user_id, "start": start_time, "name": run_name, "tags": texts}
            run_id = _adopt(said) if adopt else _begin(said, made_before(said) if absent.sent else None)
            known.made_here.add(run_id)
            return known.saw_run(known.run_of(run_id))

    def get_run(self, run_id: Any) -> Any:
        last = known.runs.get(run_id)
        if last is not None and run_id not in known.linked and _only_looks_for_models():
            return last
        known.linked.discard(run_id)
        return known.saw_run(asked_or(run_id, super().get_run, (run_id,), lambda: known.run_of(run_id)))  # type: ignore[misc]

    def update_run_info(self, run_id: Any, run_status: Any, end_time: Any, run_name: Any) -> Any:
        status = None if run_status is None else RunStatus.to_string(run_status) if isinstance(run_status, int) else str(run_status)

        def tell() -> Any:
            events = tag_events([("mlflow.runName", run_name)]) if run_name else []
            if status:
                when = {"t": end_time / 1000} if end_time else {}
                events.append({"e": "state", **when, "state": _STATES.get(status, "running"), "client": True, "status": status, "endTime": end_time})
            say(str(folder_of(run_id)), *events)
            return known.run_of(run_id).info

        info = asked_or(run_id, super().update_run_info, (run_id, run_status, end_time, run_name), tell)  # type: ignore[misc]
        if status in ("FINISHED", "FAILED", "KILLED") and folder_of(run_id):
            let_go(str(folder_of(run_id)))
        return info

    def delete_run(self, run_id: Any) -> Any:
        return self._trash(run_id, super().delete_run, True)  # type: ignore[misc]

    def restore_run(self, run_id: Any) -> Any:
        return self._trash(run_id, super().restore_run, False)  # type: ignore[misc]

    def _trash(self, run_id: Any, question: Callable[..., Any], gone: bool) -> Any:
        answer = asked_or(run_id, question, (run_id,), lambda: say(str(folder_of(run_id)), {"e": "edit", "trashed": gone}))
        (known.deleted.add if gone else known.deleted.discard)(run_id)
        return answer

    def log_inputs(self, run_id: Any, datasets: Any = None, models: Any = None) -> Any:
        def tell() -> None:
            events = [_dataset_event(one) for one in datasets or []]
            events += [{"e": "model", "io": "input", "model": one.model_id, "step": 0} for one in models or []]
            if events:
                say(str(folder_of(run_id)), *events)
        known.linked.add(run_id)
        # MLflow 2 has no models here.
        return asked_or(run_id, super().log_inputs, (run_id, datasets, models) if models else (run_id, datasets), tell)  # type: ignore[misc]

    def log_outputs(self, run_id: Any, models: Any) -> Any:
        def tell() -> None:
            if models:
                say(str(folder_of(run_id)), *[{"e": "model", "io": "output", "model": one.model_id, "step": int(one.step or 0)} for one in models])
        known.linked.add(run_id)
        return asked_or(run_id, super().log_outputs, (run_id, models), tell)  # type: ignore[misc]

    def get_metric_history(self, run_id: Any, metric_key: Any, max_results: Any = None, page_token: Any = None) -> Any:
        def tell() -> Any:
            points = known.folder(run_id).history(metric_key)
            return PagedList([Metric(one["key"], one["value"], one["timestamp"], one["step"]) for one in points], None)
        return asked_or(run_id, super().get_metric_history, (run_id, metric_key, max_results, page_token), tell)  # type: ignore[misc]


def _only_looks_for_models() -> bool:
    """Whether MLflow's own log_metric asks: before 3.2 it reads the whole run twice for each value, only to see which models it has."""
    frame = sys._getframe(2)
    for _ in range(3):
        if frame is None:
            return False
        if frame.f_code.co_name in ("_log_inputs_for_metrics_if_necessary", "_get_model_ids_for_new_metric_if_exist"):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _claim() -> bool:
    try:
        return claim(run_dir())
    except OSError:
        return True  # a folder that can't be written to: no other process can claim it either


def _adopt(said: Dict[str, Any]) -> str:
    """The first MLflow run in a run of Runyard is that run."""
    if said["user"]:
        said["tags"].setdefault("mlflow.user", said["user"])
    edit: Dict[str, Any] = {"e": "edit", **_experiment(said["experiment"] if said["experiment"] not in ("0", known.own_experiment()) else None)}
    if said["name"]:
        said["tags"]["mlflow.runName"] = said["name"]
    state = {"e": "state", "state": "running", "client": True, "status": "RUNNING", "startTime": said["start"]}
    events = ([edit] if len(edit) > 1 else []) + tag_events(said["tags"].items()) + [state]
    say(run_dir(), *events)
    return own_run()


def _begin(said: Dict[str, Any], run_id: Optional[str]) -> str:
    """A run of its own beside Runyard's, which is its parent where the client names no other; or the one that the engine just made."""
    if run_id is None:
        run_id, tags = uuid4().hex, said["tags"]
        name = said["name"] or tags.get("mlflow.runName") or _some_name()
        tags["mlflow.runName"] = name
        spec = {
            "format": 1, "runId": run_id, "experiment": os.environ.get("RUNYARD_EXPERIMENT") or "Default", **_experiment(said["experiment"]), "name": name,
            "created": said["start"] / 1000, "argv": [], "cwd": ".", "runner": "mlflow", "source": "mlflow", "parent": tags.get(_PARENT) or own_run(),
            "tags": tags, "params": {},
        }
        try:
            new_folder(spec)
        except OSError as error:
            raise MlflowException(f"Runyard does not answer, and a run could not be begun without it: {error}") from error
    started = {"e": "started", "started": {"pid": os.getpid(), "startTime": process_start()}}
    state = {"e": "state", "state": "running", "client": True, "status": "RUNNING", "startTime": said["start"]}
    say(os.path.join(runs_dir(), run_id), started, state)
    return run_id


def made_before(said: Dict[str, Any]) -> Optional[str]:
    """The run that the engine made of this very question before it went without an answer; None where there is none."""
    for entry in os.scandir(runs_dir()):
        if not RUN_ID.match(entry.name) or entry.name in known.runs or entry.stat().st_mtime < said["start"] / 1000 - 60:
            continue
        spec = RunFolder(entry.path).spec
        same = abs(float(spec.get("created") or 0) * 1000 - said["start"]) < 0.5 and spec.get("runner") == "mlflow"
        if same and said["name"] in (None, "", spec.get("name")) and said["tags"].items() <= (spec.get("tags") or {}).items():
            return entry.name
    return None


def _experiment(experiment_id: Optional[str]) -> Dict[str, str]:
    """An experiment as an event tells it: by its name where that is known."""
    if experiment_id is None:
        return {}
    name = known.experiment_name(experiment_id)
    return {**({"experiment": name} if name else {}), "experimentId": experiment_id}


def _some_name() -> str:
    try:
        from mlflow.utils.name_utils import _generate_random_name
        return str(_generate_random_name())
    except ImportError:
        return f"run-{uuid4().hex[:6]}"


def _dataset_event(one: Any) -> Dict[str, Any]:
    tags = {tag.key: tag.value for tag in one.tags or []}
    dataset = one.dataset
    more = {key: getattr(dataset, key, None) for key in ("source_type", "source", "schema", "profile")}
    kept: List[Any] = [(key, value) for key, value in more.items() if value is not None]
    return {"e": "dataset", "dataset": {"name": dataset.name, "digest": dataset.digest, "role": tags.get("mlflow.data.context") or "", "mlflow": {**dict(kept), "tags": tags}}}
