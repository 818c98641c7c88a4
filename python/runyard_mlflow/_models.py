"""Logged models (MLflow 3): made and changed here while the engine is away; it takes in each as it was said last."""
from __future__ import annotations

import re
from time import time
from typing import Any, Callable, Dict, List, Optional
from uuid import uuid4

from mlflow.entities import LoggedModel
from mlflow.exceptions import MlflowException
from mlflow.protos import service_pb2 as messages
from mlflow.store.entities.paged_list import PagedList

from . import _known as known
from ._ask import Absent, ask
from ._place import folder_of, own_run, run_dir, say


def _saw(model: Any) -> Any:
    known.models[model.model_id] = known.wire(model)
    return model


def _here(model_id: str) -> Optional[Dict[str, Any]]:
    """A model as it was seen last, by this process or another of the run."""
    own = known.folder(own_run()).read().models.get(model_id) if folder_of(own_run()) else None
    last = known.models.get(model_id)
    stamps = [(one["info"].get("last_updated_timestamp_ms", 0), index) for index, one in enumerate((last, own)) if one]
    return (last, own)[max(stamps)[1]] if stamps else None


def _built(found: Dict[str, Any]) -> Any:
    return known.built(LoggedModel, messages.LoggedModel(), found)


def _tell(found: Dict[str, Any], gone: Optional[List[str]] = None) -> Any:
    """Say how the model is now, whole, and remember it."""
    info = found["info"]
    info["last_updated_timestamp_ms"] = max(round(time() * 1000), int(info.get("last_updated_timestamp_ms", 0)))
    known.models[info["model_id"]] = found
    told = {"info": info, "data": {"params": (found.get("data") or {}).get("params") or []}}
    say(run_dir(), {"e": "logged_model", "experiment": known.experiment_name(str(info.get("experiment_id"))), "model": told, **({"delTags": gone} if gone else {})})
    return _built(found)


def _merged(found: Dict[str, Any], field: str, pairs: Any) -> Dict[str, Any]:
    """The model with tags (of its info) or params (of its data) set."""
    part = "info" if field == "tags" else "data"
    inner = dict(found.get(part) or {})
    values = {one["key"]: one.get("value", "") for one in inner.get(field) or []}
    values.update({one.key: str(one.value) for one in pairs or []})
    inner[field] = [{"key": key, "value": value} for key, value in values.items()]
    return {**found, part: inner}


def search_here(experiment_ids: Any, filter_string: Any = None, *_: Any, **__: Any) -> Any:
    """The models known here, by the conditions on run and name that MLflow's own code uses; others can't be told."""
    own = known.folder(own_run()).read().models if folder_of(own_run()) else {}
    wanted = dict(re.findall(r"\b(source_run_id|name)\s*=\s*'([^']*)'", filter_string or ""))
    found = [known.models.get(key) or own[key] for key in {**own, **known.models}]
    kept = [one for one in found if one["info"].get("experiment_id") in experiment_ids and all(one["info"].get(key) == value for key, value in wanted.items())]
    return PagedList([_built(one) for one in kept], None)


class Models:
    """Part of our store."""

    def create_logged_model(
        self, experiment_id: Any, name: Any = None, source_run_id: Any = None, tags: Any = None, params: Any = None, model_type: Any = None,
    ) -> Any:
        try:
            real = self.real_experiment(experiment_id)  # type: ignore[attr-defined]
            return _saw(ask(super().create_logged_model, real, name, source_run_id, tags, params, model_type))  # type: ignore[misc]
        except Absent:
            from mlflow.utils.name_utils import _generate_random_name
            model_id, now = f"m-{uuid4().hex}", round(time() * 1000)
            info = {
                "model_id": model_id, "experiment_id": str(experiment_id), "name": name or _generate_random_name(), "creation_timestamp_ms": now,
                "artifact_uri": f"mlflow-artifacts:/{experiment_id}/models/{model_id}/artifacts", "status": "LOGGED_MODEL_PENDING",
                "model_type": model_type or "", "source_run_id": source_run_id or "", "tags": [],
            }
            known.made_here.add(model_id)
            return _tell(_merged(_merged({"info": info}, "tags", tags), "params", params))

    def get_logged_model(self, model_id: Any, *args: Any, **more: Any) -> Any:
        return _saw(self._asked_or(model_id, lambda: super(Models, self).get_logged_model(model_id, *args, **more), _built))  # type: ignore[misc]

    def finalize_logged_model(self, model_id: Any, status: Any) -> Any:
        def tell(found: Dict[str, Any]) -> Any:
            word = messages.LoggedModelStatus.Name(status.to_proto())
            return _tell({**found, "info": {**found["info"], "status": word}})
        return _saw(self._asked_or(model_id, lambda: super(Models, self).finalize_logged_model(model_id, status), tell))  # type: ignore[misc]

    def set_logged_model_tags(self, model_id: Any, tags: Any) -> Any:
        def tell(found: Dict[str, Any]) -> None:
            _tell(_merged(found, "tags", tags))
        self._asked_or(model_id, lambda: super(Models, self).set_logged_model_tags(model_id, tags), tell)  # type: ignore[misc]

    def delete_logged_model_tag(self, model_id: Any, key: Any) -> Any:
        def tell(found: Dict[str, Any]) -> None:
            tags = [one for one in found["info"].get("tags") or [] if one["key"] != key]
            _tell({**found, "info": {**found["info"], "tags": tags}}, [key])
        self._asked_or(model_id, lambda: super(Models, self).delete_logged_model_tag(model_id, key), tell)  # type: ignore[misc]

    def log_logged_model_params(self, model_id: Any, params: Any) -> Any:
        def tell(found: Dict[str, Any]) -> None:
            _tell(_merged(found, "params", params))
        self._asked_or(model_id, lambda: super(Models, self).log_logged_model_params(model_id, params), tell)  # type: ignore[misc]

    def _asked_or(self, model_id: str, question: Callable[[], Any], otherwise: Callable[[Dict[str, Any]], Any]) -> Any:
        """The engine's answer, or what `otherwise` makes of what is known here of a model that the engine can't or doesn't yet tell of."""
        try:
            return ask(question)
        except Absent:
            found = _here(model_id)
            return question() if found is None else otherwise(found)
        except MlflowException as error:
            found = _here(model_id) if error.error_code == "RESOURCE_DOES_NOT_EXIST" and model_id in known.made_here else None
            if found is None:
                raise
            return otherwise(found)
