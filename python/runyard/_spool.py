"""The file that one process appends its lines to."""
from __future__ import annotations

import atexit
import os
import re
import sys
from threading import RLock
from time import monotonic
from typing import Dict, Set

_said: Set[str] = set()
_spools: Dict[str, "Spool"] = {}

#: Bytes kept in memory while the disk takes none; lines beyond it are counted as lost.
WAITING_LIMIT = 4 * 1024 * 1024
#: Seconds between two tries to open the file when it can't be opened.
OPEN_AGAIN = 1.0
#: Bytes of what waits that are handed to the disk at once: a full disk is asked again at each line, so asking must be cheap.
PIECE = 64 * 1024


def warn(key: str, message: str) -> None:
    """Say something on standard error, once per key and process; a closed standard error is no reason to fail."""
    if key in _said:
        return
    _said.add(key)
    try:
        sys.stderr.write(f"runyard: {message}\n")
        sys.stderr.flush()
    except Exception:
        return


class Spool:
    """``events.py.<host>.<pid>.<random>.jsonl`` in a run's folder: one process, one file, whole lines only.

    Opened at the first line. Lines that the disk doesn't take (full, read-only, gone) wait in memory, up to a limit, and go
    out before the next ones, so that a half-written line is finished before another begins.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._fd = -1
        # Re-entrant: a signal handler or a destructor that logs while this thread is writing must not wait for itself.
        self._lock = RLock()
        self._waiting = bytearray()
        self._sent = 0
        self._lost = 0
        self._flushing = False
        self._try_open_at = 0.0
        atexit.register(self._at_exit)

    @staticmethod
    def of(folder: str) -> "Spool":
        """The one spool of this process for a folder."""
        return _spools.get(folder) or _spools.setdefault(folder, Spool(folder))

    def write(self, line: bytes) -> None:
        """Append a line that ends in a newline, in one write. Raises nothing that the disk causes."""
        with self._lock:
            if not self._waiting and self._fd >= 0:
                try:
                    sent = os.write(self._fd, line)
                except OSError as error:
                    self._failed(error)
                    sent = 0
                if sent == len(line):
                    return
                self._waiting += line
                self._sent = sent
            elif len(self._waiting) + len(line) <= WAITING_LIMIT:
                self._waiting += line
            else:
                self._lost += 1
            self._flush()

    def forked(self) -> None:
        """In a forked child: what the parent waits to write is the parent's, and so is its file."""
        if self._fd >= 0:
            try:
                os.close(self._fd)
            except OSError as error:
                self._failed(error)
        self._fd, self._lock, self._waiting = -1, RLock(), bytearray()
        self._sent, self._lost, self._flushing = 0, 0, False

    def _open(self) -> bool:
        now = monotonic()
        if now < self._try_open_at:
            return False
        host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "host")
        host = re.sub(r"[^A-Za-z0-9-]+", "-", host)[:64] or "host"
        path = os.path.join(self.folder, f"events.py.{host}.{os.getpid()}.{os.urandom(4).hex()}.jsonl")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._fd = os.open(path, flags, 0o644)
        except OSError as error:
            self._try_open_at = now + OPEN_AGAIN
            warn("open", f"cannot write in the run's folder, so what is logged waits in memory: {error}")
            return False
        self._sent = 0  # a line cut short in another file is written whole in this one
        return True

    def _flush(self) -> None:
        """Write what waits, as far as the disk takes it. A signal handler that comes by meanwhile only adds to what waits."""
        if self._flushing:
            return
        self._flushing = True
        try:
            while self._waiting and (self._fd >= 0 or self._open()):
                sent = os.write(self._fd, bytes(self._waiting[self._sent:self._sent + PIECE]))
                self._sent += sent
                whole = self._waiting.rfind(b"\n", 0, self._sent) + 1
                del self._waiting[:whole]
                self._sent -= whole
        except OSError as error:
            self._failed(error)
        finally:
            self._flushing = False

    def _failed(self, error: OSError) -> None:
        import errno
        if error.errno in (errno.EBADF, errno.ESTALE):
            self._fd = -1  # closed behind our back, or the file is gone with its server: the next line opens a new file
        else:
            warn("write", f"cannot write what is logged, so it waits in memory and is tried again: {error}")

    def _at_exit(self) -> None:
        with self._lock:
            self._try_open_at = 0.0
            self._flush()
            if self._waiting or self._lost:
                lines = self._waiting.count(b"\n") + self._lost
                warn("exit", f"{lines} lines could not be written to {self.folder} and are lost")
