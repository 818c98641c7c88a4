"""What this process knows of runs, experiments and logged models: what the engine said last, and what their folders tell."""
from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from typing import Any, Dict, List, Optional, Set

from mlflow.entities import Experiment, Run
from mlflow.protos import service_pb2 as messages
from mlflow.utils.proto_json_utils import message_to_json, parse_dict

from ._folder import RunFolder
from ._place import folder_of, own_run

#: Runs and models remembered; the longest unused are forgotten, and asked for again when needed.
REMEMBERED = 2000


class Memory(OrderedDict):  # type: ignore[type-arg]
    """A dict that forgets its oldest entry beyond a number of them."""

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        if len(self) > REMEMBERED:
            self.popitem(last=False)


#: Runs as MLflow's entities.
runs: Dict[str, Any] = Memory()
params: Dict[str, Dict[str, str]] = Memory()
folders: Dict[str, RunFolder] = Memory()
models: Dict[str, Dict[str, Any]] = Memory()
experiments: Dict[str, Dict[str, Any]] = Memory()
#: Experiments that were made while the engine was away, by the id that they got then.
provisional: Dict[str, str] = {}
deleted: Set[str] = set()
#: Runs to which this process added datasets or models since it read them.
linked: Set[str] = set()
_begun_in: Dict[str, str] = {}
#: Runs and models that were begun here while the engine was away: it may not know them yet.
made_here: Set[str] = set()


def wire(entity: Any) -> Dict[str, Any]:
    """An entity of MLflow as its JSON."""
    return json.loads(message_to_json(entity.to_proto()))


def saw_run(run: Any) -> Any:
    """Remember what the engine says of a run."""
    run_id = run.info.run_id
    runs[run_id] = run
    (deleted.add if run.info.lifecycle_stage == "deleted" else deleted.discard)(run_id)
    mine = params.get(run_id)
    if mine is None:
        mine = params[run_id] = {}
    given = (folder(run_id).spec.get("params") or {}) if folder_of(run_id) else {}
    for key, value in run.data.params.items():
        # What the run was started with may be said again by the script with the value that it made of it.
        if key not in given:
            mine.setdefault(key, value)
    return run


def folder(run_id: str) -> RunFolder:
    """What the folder of a run tells; only of runs that have one."""
    found = folders.get(run_id)
    if found is None:
        found = folders[run_id] = RunFolder(str(folder_of(run_id)))
    return found


def run_of(run_id: str) -> Optional[Any]:
    """The run as its folder and the engine's last answer tell it; None where it has no folder here."""
    if folder_of(run_id) is None:
        return None
    told, last = folder(run_id).read(), wire(runs[run_id]) if run_id in runs else {}
    spec, info, data = told.spec, dict(last.get("info") or {}), last.get("data") or {}
    given = {key: told.info[key] for key in ("run_name", "status", "start_time", "end_time", "lifecycle_stage", "experiment_id") if key in told.info}
    start = round(float(spec.get("created") or 0) * 1000)
    defaults = {"run_name": spec.get("name") or "", "status": "RUNNING", "start_time": start, "lifecycle_stage": "active", "experiment_id": str(spec.get("experimentId") or own_experiment())}
    info = {**defaults, **info, **given, "run_id": run_id, "run_uuid": run_id}
    info.setdefault("artifact_uri", f"mlflow-artifacts:/{info['experiment_id']}/{run_id}/artifacts")
    tags = {**(spec.get("tags") or {}), **_pairs(data.get("tags")), **told.tags}
    tags = {key: value for key, value in tags.items() if key not in told.gone}
    tags.setdefault("mlflow.runName", info["run_name"])
    metrics = {**{one["key"]: one for one in data.get("metrics") or []}, **told.metrics}
    found = {
        "info": {key: value for key, value in info.items() if value is not None},
        "data": {
            "params": _listed({**(spec.get("params") or {}), **_pairs(data.get("params")), **told.params}), "tags": _listed(tags),
            "metrics": [{**one, "value": _number(one.get("value"))} for one in metrics.values()],
        },
        "inputs": {"dataset_inputs": [dataset_input(one) for one in told.inputs], "model_inputs": [{"model_id": one} for one in told.links["input"]]},
        "outputs": {"model_outputs": list(told.links["output"].values())},
    }
    return built(Run, messages.Run(), found)


def built(entity: Any, message: Any, found: Dict[str, Any]) -> Any:
    """An entity of MLflow from its JSON; what this MLflow has no field for is left out."""
    parse_dict(found, message)
    return entity.from_proto(message)


def dataset_input(said: Dict[str, Any]) -> Dict[str, Any]:
    """A dataset event as MLflow's JSON."""
    more = said.get("mlflow") or {}
    dataset = {key: more[key] for key in ("source_type", "source", "schema", "profile") if more.get(key) is not None}
    return {"dataset": {"name": said.get("name", ""), "digest": said.get("digest", ""), "source_type": "", "source": "", **dataset}, "tags": _listed(more.get("tags") or {})}


def own_experiment() -> str:
    """The id of the experiment that Runyard started this run in, as it was before the script chose another."""
    given = os.environ.get("RUNYARD_MLFLOW_EXPERIMENT_ID") or os.environ.get("MLFLOW_EXPERIMENT_ID") or "0"
    return _begun_in.setdefault(own_run(), given)


def experiment_name(experiment_id: str) -> Optional[str]:
    """The name of an experiment as far as it is known here, or in another process of this run."""
    if experiment_id in experiments:
        return experiments[experiment_id].get("name")
    told = folder(own_run()).read().experiments if folder_of(own_run()) else []
    for name in [*provisional.values(), *told]:
        if _number_for(name) == experiment_id:
            provisional[experiment_id] = name
            return name
    if experiment_id == own_experiment():
        return os.environ.get("RUNYARD_EXPERIMENT") or None
    return "Default" if experiment_id == "0" else None


def experiment_of(experiment_id: str, name: str) -> Any:
    """An experiment that can't be asked for."""
    found = experiments.get(experiment_id) or {"experiment_id": experiment_id, "name": name, "artifact_location": f"mlflow-artifacts:/{experiment_id}", "lifecycle_stage": "active"}
    return built(Experiment, messages.Experiment(), found)


def provisional_id(name: str) -> str:
    """An id for an experiment that the engine hasn't numbered yet: the same for a name in every process."""
    number = _number_for(name)
    provisional[number] = name
    return number


def _number_for(name: str) -> str:
    return str(10**17 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big"))


def _pairs(found: Optional[List[Dict[str, str]]]) -> Dict[str, str]:
    return {one["key"]: one.get("value", "") for one in found or []}


def _listed(found: Dict[str, Any]) -> List[Dict[str, str]]:
    return [{"key": key, "value": str(value)} for key, value in found.items()]


def _number(value: Any) -> Any:
    if isinstance(value, float) and value - value != 0.0:
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return 0.0 if value is None else value


if hasattr(os, "register_at_fork"):
    # Another thread may have been reading one when the process was forked.
    os.register_at_fork(after_in_child=folders.clear)
