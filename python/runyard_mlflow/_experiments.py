"""Experiments: the engine numbers them; one made while it is away gets a number of its own until it is back."""
from __future__ import annotations

from typing import Any, Callable

from mlflow.exceptions import MlflowException

from . import _known as known
from ._ask import Absent, ask
from ._place import run_dir, say


def _saw(experiment: Any) -> Any:
    if experiment is not None:
        known.experiments[experiment.experiment_id] = known.wire(experiment)
    return experiment


class Experiments:
    """Part of our store."""

    def real_experiment(self, experiment_id: Any) -> str:
        """The engine's id of an experiment that was made while it was away; any other as it is. Raises Absent while it still is."""
        name = known.experiment_name(str(experiment_id)) if len(str(experiment_id)) >= 18 else None
        if name is None or str(experiment_id) in known.experiments:
            return str(experiment_id)
        found = ask(super().get_experiment_by_name, name)  # type: ignore[misc]
        return str(_saw(found).experiment_id if found else ask(super().create_experiment, name))  # type: ignore[misc]

    def get_experiment(self, experiment_id: Any) -> Any:
        try:
            return _saw(ask(super().get_experiment, self.real_experiment(experiment_id)))  # type: ignore[misc]
        except Absent:
            name = known.experiment_name(str(experiment_id))
            return known.experiment_of(str(experiment_id), name) if name else super().get_experiment(experiment_id)  # type: ignore[misc]

    def get_experiment_by_name(self, experiment_name: Any) -> Any:
        try:
            return _saw(ask(super().get_experiment_by_name, experiment_name))  # type: ignore[misc]
        except Absent:
            for experiment_id in [*known.experiments, *known.provisional, known.own_experiment(), "0"]:
                if known.experiment_name(experiment_id) == experiment_name:
                    return known.experiment_of(experiment_id, experiment_name)
            return None

    def create_experiment(self, name: Any, artifact_location: Any = None, tags: Any = None) -> Any:
        try:
            return ask(super().create_experiment, name, artifact_location, tags)  # type: ignore[misc]
        except Absent:
            from mlflow.utils.validation import _validate_experiment_name
            _validate_experiment_name(name)
            if artifact_location:
                raise MlflowException("Runyard does not answer, and an experiment with a location of its own can't be made without it")
            texts = {tag.key: str(tag.value) for tag in tags or []}
            say(run_dir(), {"e": "experiment", "name": name, "artifact_location": None, "tags": texts})
            return known.provisional_id(name)

    def _search_runs(self, experiment_ids: Any, *rest: Any, **more: Any) -> Any:
        return super()._search_runs(self._real_ids(experiment_ids), *rest, **more)  # type: ignore[misc]

    def search_logged_models(self, experiment_ids: Any, *rest: Any, **more: Any) -> Any:
        question: Callable[..., Any] = super().search_logged_models  # type: ignore[misc]
        try:
            return ask(question, self._real_ids(experiment_ids), *rest, **more)
        except Absent:
            from ._models import search_here
            return search_here(experiment_ids, *rest, **more)

    def _real_ids(self, experiment_ids: Any) -> Any:
        try:
            return [self.real_experiment(one) for one in experiment_ids]
        except Absent:
            return experiment_ids
