"""Where things lie: this run's folder, the folders of the runs beside it, and the spool of each."""
from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from threading import Lock
from time import time
from typing import Any, Dict, Optional

from runyard._spool import Spool, _spools

RUN_ID = re.compile(r"^[0-9a-f]{32}$")
#: Spools held open at once: a search over thousands of nested runs must not use up the process's files.
OPEN_SPOOLS = 64

_open: "OrderedDict[str, Spool]" = OrderedDict()
_lock = Lock()


def run_dir() -> str:
    """The folder of the run this process belongs to."""
    return os.path.abspath(os.environ["RUNYARD_RUN_DIR"])


def own_run() -> str:
    """The id of the run this process belongs to."""
    return os.path.basename(run_dir())


def runs_dir() -> str:
    return os.path.dirname(run_dir())


def folder_of(run_id: Any) -> Optional[str]:
    """The folder of a run of this workspace; None where there is none."""
    if not isinstance(run_id, str) or not RUN_ID.match(run_id):
        return None
    folder = os.path.join(runs_dir(), run_id)
    return folder if os.path.isdir(folder) else None


def spool_of(folder: str) -> Spool:
    """The spool of this process in a run's folder. Those that were not used for long are closed; they open anew when needed."""
    with _lock:
        spool = _open.get(folder) or Spool.of(folder)
        _open[folder] = spool
        _open.move_to_end(folder)
        old = _open.popitem(last=False) if len(_open) > OPEN_SPOOLS else None
    if old:
        _close(old[1])
    return spool


def let_go(folder: str) -> None:
    """The run has ended: its spool's file is closed. A later word opens another."""
    with _lock:
        spool = _open.pop(folder, None)
    if spool is not None:
        _close(spool)


def _close(spool: Spool) -> None:
    with spool._lock:
        if spool._waiting or spool._fd < 0:
            return
        fd, spool._fd = spool._fd, -1
    os.close(fd)


def say(folder: str, *events: Dict[str, Any]) -> None:
    """Append events to the spool of a folder, in one write; those without a time happen now."""
    now = round(time(), 3)
    lines = "".join(json.dumps({"e": event["e"], "t": now, **event}, allow_nan=False) + "\n" for event in events)
    spool_of(folder).write(lines.encode())


def claim(folder: str) -> bool:
    """Whether this process is the first MLflow run in the run of that folder, which then is that run itself."""
    try:
        fd = os.open(os.path.join(folder, "mlflow.adopted"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(fd, "w") as file:
        json.dump({"by": "plugin", "pid": os.getpid(), "t": time()}, file)
    return True


def claimed(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "mlflow.adopted"))


def new_folder(spec: Dict[str, Any]) -> str:
    """Make the folder of a new run beside this one; it appears with its spec.json or not at all."""
    runs, run_id = runs_dir(), spec["runId"]
    part, folder = os.path.join(runs, f".new-{run_id}"), os.path.join(runs, run_id)
    os.mkdir(part)
    with open(os.path.join(part, "spec.json"), "w", encoding="utf-8") as file:
        json.dump(spec, file)
    os.rename(part, folder)
    return folder


def process_start() -> str:
    """When this process began, in the words in which Runyard's supervisor tells one pid from its re-use; '' where unknown."""
    try:
        with open("/proc/self/stat", "rb") as file:
            return file.read().decode("latin1").rsplit(") ", 1)[1].split(" ")[19]
    except (OSError, IndexError):
        return ""


def _after_fork() -> None:
    global _lock
    _lock = Lock()
    for spool in list(_spools.values()):
        spool.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
