"""Asking the engine over HTTP, briefly: an engine that is gone, or hangs, must not hold up training."""
from __future__ import annotations

import json
import re
import threading
from time import monotonic
from typing import Any

from requests.exceptions import RequestException
from runyard._spool import warn

#: Seconds to connect and to wait for an answer.
LIMITS = (2.0, 10.0)
#: Seconds for which the engine isn't asked again after it refused a connection, and after it didn't answer in time.
REFUSED, HUNG = 0.3, 60.0

NOTICE = "Runyard's engine does not answer: what MLflow logs is kept in the run's folder, and taken in once it is back"

_asking = threading.local()
_quiet_until = 0.0


class Absent(Exception):
    """The engine gave no answer. `sent`: the question may have reached it."""

    def __init__(self, message: str, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


def ask(question: Any, *args: Any, **more: Any) -> Any:
    """Call a method of MLflow's own store with short limits. Raises Absent, or what MLflow raises for an engine's refusal."""
    global _quiet_until
    if monotonic() < _quiet_until:
        raise Absent("Runyard's engine did not answer a moment ago")
    before, _asking.now = getattr(_asking, "now", False), True
    try:
        return question(*args, **more)
    except Absent:
        warn("absent", NOTICE)
        raise
    except Exception as error:
        cause = _transport(error)
        if cause is None:
            raise
        hung = "timed out" in str(cause).lower() or "timeout" in type(cause).__name__.lower()
        _quiet_until = monotonic() + (HUNG if hung else REFUSED)
        warn("absent", NOTICE)
        text = str(cause).lower()
        raise Absent(str(error), sent=not ("refused" in text or "connecttimeout" in type(cause).__name__.lower())) from error
    finally:
        _asking.now = before


def is_asking() -> bool:
    return getattr(_asking, "now", False)


def call(store: Any, api: Any, json_body: Any, endpoint: Any = None, response_proto: Any = None) -> Any:
    """One call as MLflow's store makes it, with our limits. What is no answer of the engine's raises Absent."""
    from mlflow.utils.proto_json_utils import parse_dict
    from mlflow.utils.rest_utils import http_request, verify_rest_response
    path, method = routes(store)[api]
    path = endpoint or path
    body = json.loads(json_body) if json_body else None
    sent = {"params": body} if method == "GET" else {"json": body}
    # No proxy: the engine is on this machine, whatever the environment says of the network.
    options = {"max_retries": 0, "backoff_factor": 0, "timeout": LIMITS, "raise_on_status": False, "retry_codes": frozenset(), "proxies": {"http": ""}}
    try:
        response = http_request(store.get_host_creds(), path, method, **options, **sent)
    except Exception as error:
        # A connection that was kept may have been closed by an engine that restarted; what changes nothing is asked again.
        if method != "GET" or not re.search("reset|aborted|disconnect", str(_transport(error)).lower()):
            raise
        response = http_request(store.get_host_creds(), path, method, **options, **sent)
    if _no_answer(response):
        raise Absent(f"{path} was answered with {response.status_code}", sent=True)
    answer = response_proto or api.Response()
    text = verify_rest_response(response, path).text
    parse_dict(json.loads(text), answer)
    return answer


def routes(store: Any) -> Any:
    """Path and method of each call: MLflow keeps them with the class, or, before 3.2, with its module. Raises AttributeError."""
    from mlflow.store.tracking import rest_store
    return store._METHOD_TO_INFO if hasattr(store, "_METHOD_TO_INFO") else rest_store._METHOD_TO_INFO


def _no_answer(response: Any) -> bool:
    """Whether a response isn't the engine's word: it stumbled, or somebody else listens at its address now."""
    try:
        found = json.loads(response.text or "{}")
    except ValueError:
        return True
    if response.status_code == 200 or not isinstance(found, dict):
        return not isinstance(found, dict)
    return response.status_code in (401, 502, 503, 504) or found.get("error_code") in (None, "INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE")


def _transport(error: Any) -> Any:
    """The failure of the connection behind an error; None where there is none."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (RequestException, OSError)):
            return error
        error = error.__cause__ or error.__context__
    return None
