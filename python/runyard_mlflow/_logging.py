"""The words of which a script says many: metrics, params and tags go to the run's spool, in the calling thread, over no network."""
from __future__ import annotations

from concurrent.futures import Future
from time import time
from typing import Any, Dict, Iterable, List, Optional, Tuple

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST
from mlflow.utils import validation as rules

from . import _known as known
from ._ask import Absent, ask
from ._lines import checked, checked_param, checked_tag, metric_line, metric_lines, refuse
from ._place import folder_of, say, spool_of

_folders: Dict[str, str] = {}


def writable(run_id: Any) -> Optional[str]:
    """The folder to write in; None where the run has none here. Raises MLflow's refusal for a deleted run."""
    folder = _folders.get(run_id)
    if folder is None:
        folder = folder_of(run_id)
        if folder is None:
            return None
        if len(_folders) > known.REMEMBERED:
            _folders.clear()
        _folders[run_id] = folder
    if run_id in known.deleted:
        raise refuse(f"The run {run_id} must be in the 'active' state. Current state is deleted.")
    return folder


def new_params(run_id: str, pairs: List[Tuple[str, str]]) -> Dict[str, str]:
    """The params that weren't said with these values yet. Raises MLflow's refusal of one that was said with another."""
    mine = known.params.get(run_id)
    if mine is None:
        mine = known.params[run_id] = {}
    for key, value in pairs:
        if mine.get(key, value) != value:
            raise refuse(
                f"Changing param values is not allowed. Param with key='{key}' was already logged with value='{mine[key]}' for run ID='{run_id}'. "
                f"Attempted logging new value '{value}'."
            )
    mine.update(pairs)
    return dict(pairs)


def tag_events(pairs: Iterable[Tuple[str, str]]) -> List[Dict[str, Any]]:
    found = dict(pairs)
    events: List[Dict[str, Any]] = [{"e": "tag", "set": found}] if found else []
    # The run's name and its notes are tags of MLflow's.
    edit = {word: found[key] for word, key in (("name", "mlflow.runName"), ("notes", "mlflow.note.content")) if found.get(key)}
    if edit:
        events.append({"e": "edit", **edit})
    return events


class Logging:
    """Part of our store; what isn't of a run in this workspace goes MLflow's own way."""

    def log_metric(self, run_id: Any, metric: Any) -> None:
        folder = writable(run_id)
        if folder is None:
            return super().log_metric(run_id, metric)  # type: ignore[misc]
        spool_of(folder).write(metric_line(checked(metric)).encode())

    def log_param(self, run_id: Any, param: Any) -> None:
        folder = writable(run_id)
        if folder is None:
            return super().log_param(run_id, param)  # type: ignore[misc]
        say(folder, {"e": "p", "p": new_params(run_id, [checked_param(param)])})

    def set_tag(self, run_id: Any, tag: Any) -> None:
        folder = writable(run_id)
        if folder is None:
            return super().set_tag(run_id, tag)  # type: ignore[misc]
        say(folder, *tag_events([checked_tag(tag)]))

    def delete_tag(self, run_id: Any, key: str) -> None:
        folder = writable(run_id)
        if folder is None or key not in known.folder(run_id).read().tags:
            try:
                return ask(super().delete_tag, run_id, key)  # type: ignore[misc]
            except Absent:
                if folder is None:
                    return super().delete_tag(run_id, key)  # type: ignore[misc]
                if key not in known.run_of(run_id).data.tags:
                    raise MlflowException(f"No tag with name: {key} in run with id {run_id}", error_code=RESOURCE_DOES_NOT_EXIST) from None
        say(folder, {"e": "tag", "del": [key]})

    def log_batch(self, run_id: Any, metrics: Any, params: Any, tags: Any) -> None:
        folder = writable(run_id)
        if folder is None:
            return super().log_batch(run_id, metrics, params, tags)  # type: ignore[misc]
        rules._validate_batch_log_limits(metrics, params, tags)
        rules._validate_param_keys_unique(params)
        for metric in metrics:
            checked(metric)
        tag_pairs = [checked_tag(tag) for tag in tags]
        said = new_params(run_id, [checked_param(param) for param in params])
        events = ([{"e": "p", "p": said}] if said else []) + tag_events(tag_pairs)
        if metrics:
            spool_of(folder).write(metric_lines(metrics).encode())
        if events:
            say(folder, *events)

    def log_batch_async(self, run_id: Any, metrics: Any, params: Any, tags: Any) -> Any:
        """Kept at once: it is quicker than to hand it to another thread. A refusal is told where the caller waits for the result."""
        if folder_of(run_id) is None:
            return super().log_batch_async(run_id, metrics, params, tags)  # type: ignore[misc]
        from mlflow.utils.async_logging.run_operations import RunOperations
        done: "Future[None]" = Future()
        try:
            done.set_result(self.log_batch(run_id, metrics, params, tags))
        except MlflowException as error:
            done.set_exception(error)
        return RunOperations([done])

    def record_logged_model(self, run_id: Any, mlflow_model: Any) -> None:
        """MLflow 2 tells of a model in a tag of its run."""
        try:
            return ask(super().record_logged_model, run_id, mlflow_model)  # type: ignore[misc]
        except Absent:
            run = known.run_of(run_id)
            if run is None:
                return super().record_logged_model(run_id, mlflow_model)  # type: ignore[misc]
        import json
        try:
            history = json.loads(run.data.tags.get("mlflow.log-model.history") or "[]")
        except ValueError:
            history = []
        tags = mlflow_model.get_tags_dict() if hasattr(mlflow_model, "get_tags_dict") else mlflow_model.to_dict()
        say(str(folder_of(run_id)), {"e": "tag", "t": round(time(), 3), "set": {"mlflow.log-model.history": json.dumps([*history, tags], default=str)}})
