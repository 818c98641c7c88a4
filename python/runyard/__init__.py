"""Tell Runyard what a training script sees, in one line and without a server.

    import runyard
    runyard.log({"loss": 0.41, "val_auc": 0.9}, step=epoch)

Runyard puts this package on the run's PYTHONPATH, so there is nothing to install. Each call appends whole lines to a file
of the run's folder, in the calling process: what a call returned from survives a kill -9. No call raises, and none waits
for a network, a server or a lock of another process. Outside a run the calls do nothing and say so once.

Standard library only, Python 3.9 or newer.
"""
from __future__ import annotations

import json
import os
from itertools import count
from time import time
from typing import Any, Dict, List, Mapping, Optional

from ._spool import Spool, warn
from ._text import flat_text, key_text, number, step_text

__all__ = [
    "log", "log_artifact", "log_dataset", "log_image", "log_model", "log_params", "log_table",
    "params", "set_tags", "summary",
]
__version__ = "0.1.0"

_spool: Optional[Spool] = None
_counters: Dict[Any, Any] = {}
_keys: Dict[Any, str] = {}


def log(metrics: Mapping[str, Any], step: Optional[int] = None) -> None:
    """Log one value for each metric, at one step.

    Values: int, float, bool (as 1 and 0), NaN and infinities, and whatever has ``.item()`` (numpy, torch) or is a real number.
    Anything else is skipped with a warning, once per metric. Without a step, the calls with the same metrics are counted from
    0, in each process on its own. One call is one write of one whole line.
    """
    spool = _spool or _inside()
    if spool is None:
        return
    try:
        parts = []
        for key, value in metrics.items():
            # x - x is 0 for finite numbers only: the common case needs neither a call nor an import.
            text = repr(value) if value.__class__ is float and value - value == 0.0 else number(key, value)
            if text is not None:
                parts.append((_keys.get(key) or _key(key)) + text)
        if parts:
            at = step if step.__class__ is int and -9e15 < step < 9e15 else _step(metrics, step)
            spool.write(f'{{"e":"m","t":{time():.6f},"s":{at},"m":{{{",".join(parts)}}}}}\n'.encode())
    except Exception as error:
        warn("log", f"log() could not read its metrics, which should be a dict of numbers: {error!r}")


def log_params(values: Mapping[str, Any]) -> None:
    """Log params: a dict, or an ``argparse.Namespace``. Nested dicts become dotted names; values are kept as text."""
    def event() -> Dict[str, Any]:
        return {"e": "p", "p": flat_text(values)}
    _say("log_params", event)


def set_tags(tags: Mapping[str, Any]) -> None:
    """Set tags on the run, kept as text; a tag set to None is taken off."""
    def event() -> Dict[str, Any]:
        gone = [str(key) for key, value in tags.items() if value is None]
        kept = flat_text({key: value for key, value in tags.items() if value is not None})
        return {"e": "tag", "set": kept, **({"del": gone} if gone else {})}
    _say("set_tags", event)


def summary(metrics: Mapping[str, Any]) -> None:
    """Log final figures: numbers as in ``log``, kept beside the run and not as a curve."""
    spool = _spool or _inside()
    if spool is None:
        return
    try:
        texts = [(key, number(key, value)) for key, value in metrics.items()]
        inner = ",".join(_key(key) + text for key, text in texts if text is not None)
        if inner:
            spool.write(f'{{"e":"summary","t":{time():.6f},"m":{{{inner}}}}}\n'.encode())
    except Exception as error:
        warn("summary", f"summary() could not read its figures, which should be a dict of numbers: {error!r}")


def log_dataset(
    name: str, path: Any = None, role: str = "train", rows: Optional[int] = None,
    schema: Optional[Any] = None, digest: Optional[str] = None,
) -> None:
    """Log which data the run used.

    ``path`` is a file, a folder, a list of files, or a DataFrame-like object (``columns`` and ``dtypes``). What isn't given is
    found out: the digest (SHA-256 of the contents: every byte is read, so give ``digest`` for very large data), and for CSV
    and DataFrames the number of rows and the schema. ``schema`` is a dict ``{column: type}`` or a list of
    ``{"name", "type"}``. ``role`` is train, validation, test, reference, ...
    """
    def event() -> Dict[str, Any]:
        from ._data import describe
        given = {"rows": rows, "schema": schema, "digest": digest}
        return {"e": "dataset", "dataset": describe(str(name), path, str(role), given)}
    _say("log_dataset", event)


def log_artifact(path: Any, name: Optional[str] = None) -> None:
    """Keep a copy of a file or a folder with the run, as ``name`` (its own name unless given; ``/`` makes folders).

    An absolute name and one with ``..`` in it are refused with a warning. The copy appears whole or not at all.
    """
    _keep("log_artifact", "file", name, path)


def log_model(path: Any, name: Optional[str] = None) -> None:
    """Keep a model's file or folder with the run, like ``log_artifact``, marked as a model."""
    _keep("log_model", "model", name, path)


def log_table(name: str, table: Any) -> None:
    """Keep a table as CSV: a DataFrame-like object, a list of dicts, a list of rows, or a dict of columns."""
    def make() -> Any:
        from ._media import table_csv
        return table_csv(table)
    _keep("log_table", "table", _with_suffix(name, ".csv"), make)


def log_image(name: str, image: Any) -> None:
    """Keep an image: encoded bytes, a path, a matplotlib figure, a PIL image, or an array or tensor (H x W, H x W x C, C x H x W;
    whole numbers 0 to 255, or fractions 0 to 1)."""
    def make() -> Any:
        from ._media import image_bytes
        return image_bytes(image)
    _keep("log_image", "image", name, make)


def params() -> Dict[str, Any]:
    """The params that the run was started with, as they were typed; an empty dict outside a run."""
    try:
        found = json.loads(os.environ.get("RUNYARD_PARAMS") or "{}")
    except ValueError as error:
        warn("params", f"RUNYARD_PARAMS is not JSON, so params() is empty: {error}")
        return {}
    return found if isinstance(found, dict) else {}


def _inside() -> Optional[Spool]:
    global _spool
    folder = os.environ.get("RUNYARD_RUN_DIR")
    if not folder:
        warn("outside", "not inside a run (RUNYARD_RUN_DIR is not set), so nothing is logged")
        return None
    _spool = Spool.of(os.path.abspath(folder))
    return _spool


def _key(key: Any) -> str:
    if len(_keys) > 10_000:
        _keys.clear()
    text = _keys[key] = key_text(key)
    return text


def _step(metrics: Mapping[str, Any], step: Any) -> str:
    if step is not None:
        text = step_text(step)
        if text is not None:
            return text
    names = frozenset(metrics)
    # setdefault keeps one counter when two threads come first together, and next() on it is a single step.
    return str(next(_counters.get(names) or _counters.setdefault(names, count())))


def _say(what: str, event: Any) -> None:
    """Append what ``event()`` gives, with the time; a failure is a warning."""
    spool = _spool or _inside()
    if spool is None:
        return
    try:
        found = event()
        found["t"] = round(time(), 6)
        spool.write((json.dumps(found) + "\n").encode())
    except Exception as error:
        warn(what, f"{what}() did nothing: {error}")


def _keep(what: str, kind: str, name: Optional[str], source: Any) -> None:
    """Copy ``source`` below the run's artifacts/, then say so. A function as source makes bytes, or gives a path, when it is needed."""
    spool = _spool or _inside()
    if spool is None:
        return
    kept: List[str] = []
    try:
        from ._files import keep
        kept = keep(spool.folder, source() if callable(source) else source, name, image=kind == "image")
    except Exception as error:
        warn(f"{what} {name}", f"{what}({name or source!r}) did nothing: {error}")
    for path in kept:
        _say(what, lambda: {"e": "artifact", "path": path, "kind": kind})


def _with_suffix(name: Any, suffix: str) -> str:
    return str(name) if os.path.splitext(str(name))[1] else f"{name}{suffix}"


def _after_fork() -> None:
    _counters.clear()
    if _spool is not None:
        _spool.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
