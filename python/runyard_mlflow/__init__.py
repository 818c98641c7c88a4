"""MLflow's client in a run that Runyard started: what it logs is kept in the run's folder, whether or not Runyard answers.

MLflow finds the two functions below by their entry points, asks them for the store of every ``http:`` address and for the
repository of every ``mlflow-artifacts:`` address, and gets its own for all but the one address that Runyard gave to this run.
Nothing of MLflow is imported before it asks. Python 3.9 or newer, MLflow 2.9 or newer.
"""
from __future__ import annotations

import os
from typing import Any, Optional

__all__ = ["artifact_repository", "tracking_store"]
__version__ = "0.1.0"


def tracking_store(store_uri: str, artifact_uri: Optional[str] = None, **more: Any) -> Any:
    """The store for an address: ours for the one that Runyard gave to this run, else MLflow's own."""
    if _ours(store_uri):
        try:
            from ._store import make_store
            return make_store(store_uri)
        except Exception as error:
            _stand_back(error)
    from mlflow.tracking._tracking_service.utils import _get_rest_store
    return _get_rest_store(store_uri, artifact_uri=artifact_uri, **more)


def artifact_repository(artifact_uri: str, *args: Any, **more: Any) -> Any:
    """The repository for an artifact address: ours where its files lie in this workspace, else MLflow's own."""
    from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
    if _ours((args[0] if args else more.get("tracking_uri")) or _current_uri()):
        try:
            from ._artifacts import make_repository
            found = make_repository(artifact_uri, *args, **more)
            if found is not None:
                return found
        except Exception as error:
            _stand_back(error)
    return MlflowArtifactsRepository(artifact_uri, *args, **more)


def _ours(uri: Optional[str]) -> bool:
    given = (os.environ.get("RUNYARD_MLFLOW_URI") or "").rstrip("/")
    return bool(given and uri and uri.rstrip("/") == given and os.environ.get("RUNYARD_RUN_DIR"))


def _current_uri() -> str:
    from mlflow.tracking._tracking_service.utils import get_tracking_uri
    return get_tracking_uri()


def _stand_back(error: Exception) -> None:
    from runyard._spool import warn
    warn("mlflow", f"this MLflow is not as expected, so its own store is used and needs Runyard to answer: {error!r}")
