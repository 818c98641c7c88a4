"""MLflow's store for the address that Runyard gave to this run: its own HTTP store, with the run's folder behind it."""
from __future__ import annotations

from functools import lru_cache
from typing import Any

from mlflow.store.tracking.rest_store import RestStore

from ._ask import call, is_asking, routes
from ._experiments import Experiments
from ._known import own_experiment
from ._logging import Logging
from ._runs import Runs

#: What must be there as we know it; without one of them MLflow's own store is used.
NEEDED = ("_call_endpoint", "create_run", "get_run", "update_run_info", "log_batch", "log_batch_async", "log_inputs", "get_metric_history")


class Asking:
    """Part of our store: while the engine is asked briefly, its calls have our limits; all others have MLflow's."""

    def _call_endpoint(self, api: Any, json_body: Any = None, *rest: Any, **more: Any) -> Any:
        if not is_asking():
            return super()._call_endpoint(api, json_body, *rest, **more)  # type: ignore[misc]
        return call(self, api, json_body, rest[0] if rest else more.get("endpoint"), more.get("response_proto"))


@lru_cache(maxsize=1)
def _store_class() -> Any:
    missing = [name for name in NEEDED if not hasattr(RestStore, name)]
    if missing:
        raise TypeError(f"MLflow's RestStore has no {', '.join(missing)}")
    routes(RestStore)
    parts = [Asking, Logging, Runs, Experiments]
    if hasattr(RestStore, "create_logged_model"):
        from ._models import Models
        parts.append(Models)
    if hasattr(RestStore, "start_trace"):
        from ._traces import Traces
        parts.append(Traces)
    return type("RunyardStore", (*parts, RestStore), {})


def make_store(store_uri: str) -> Any:
    """The store of an address. Raises where this MLflow isn't as we know it."""
    from mlflow.tracking._tracking_service.utils import _get_rest_store
    own_experiment()  # before the script changes it
    return _store_class()(_get_rest_store(store_uri).get_host_creds)
