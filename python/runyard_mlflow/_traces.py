"""Traces (MLflow 3): one that ends while the engine is away is told in the run's spool, and its spans lie in a file."""
from __future__ import annotations

import copy
import socket
from typing import Any
from urllib.parse import urlparse

from . import _known as known
from ._ask import Absent, ask
from ._place import run_dir, say

_LOCATION = "mlflow.artifactLocation"


def _listens(uri: str) -> None:
    """Raises OSError where nobody does."""
    found = urlparse(uri)
    socket.create_connection((found.hostname or "127.0.0.1", found.port or 80), timeout=1).close()


class Traces:
    """Part of our store."""

    def start_trace(self, trace_info: Any, *args: Any, **more: Any) -> Any:
        # A client of MLflow 2 tells where a trace begins: nothing is known of it then that could be kept.
        if not hasattr(trace_info, "to_proto") or not hasattr(trace_info, "trace_id"):
            return super().start_trace(trace_info, *args, **more)  # type: ignore[misc]
        try:
            return ask(super().start_trace, trace_info, *args, **more)  # type: ignore[misc]
        except Absent:
            return _kept(trace_info)

    def start_trace_v3(self, trace: Any, *args: Any, **more: Any) -> Any:
        """MLflow before 3.2."""
        try:
            return ask(super().start_trace_v3, trace, *args, **more)  # type: ignore[misc]
        except Absent:
            return _kept(trace.info)

    def log_spans(self, *args: Any, **more: Any) -> Any:
        """Span by span only while the engine is there: without it the trace's file has them all."""
        try:
            ask(_listens, self.get_host_creds().host)  # type: ignore[attr-defined]
        except Absent as absent:
            raise NotImplementedError(str(absent)) from absent
        return super().log_spans(*args, **more)  # type: ignore[misc]


def _kept(info: Any) -> Any:
    experiment = str(info.experiment_id or known.own_experiment())
    found = copy.copy(info)
    found.tags = {**(info.tags or {}), _LOCATION: f"mlflow-artifacts:/{experiment}/traces/{info.trace_id}/artifacts"}
    say(run_dir(), {"e": "trace", "experiment": known.experiment_name(experiment), "trace": known.wire(found)})
    return found
