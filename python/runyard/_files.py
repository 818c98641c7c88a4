"""Files that a run keeps: copied beside first, then renamed into artifacts/."""
from __future__ import annotations

import os
import shutil
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, List, Optional

_MAGIC = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"RIFF", ".webp"), (b"<svg", ".svg"), (b"<?xml", ".svg"))


def keep(folder: str, source: Any, name: Optional[str], image: bool = False) -> List[str]:
    """Copy bytes, a file or a folder to ``<folder>/artifacts/<name>``; the relative paths that now lie there.

    Raises ValueError for a name that leaves the folder, OSError for what can't be read or written.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
        suffix = next((end for start, end in _MAGIC if data.startswith(start)), ".png") if image else ""
        return [_place(folder, data, _safe(name if os.path.splitext(str(name))[1] else f"{name}{suffix}"))]
    path = os.path.abspath(os.fspath(source))
    name = _safe(os.path.basename(path) if name is None else name)
    if not os.path.isdir(path):
        ending = os.path.splitext(path)[1]
        return [_place(folder, path, name + ending if image and not os.path.splitext(name)[1] else name)]
    files = [os.path.join(at, file) for at, _, found in os.walk(path) for file in found]
    return [_place(folder, file, _safe(f"{name}/{os.path.relpath(file, path)}".replace(os.sep, "/"))) for file in sorted(files)]


def _safe(name: Any) -> str:
    """A name as a relative path with '/', or ValueError."""
    text = os.fspath(name) if not isinstance(name, str) else name
    parts = PurePosixPath(text.replace("\\", "/")).parts
    outside = PurePosixPath(text).is_absolute() or PureWindowsPath(text).anchor or ".." in parts
    if outside or not parts or "\0" in text:
        raise ValueError(f"the name {text!r} leaves the run's artifacts: use a relative name without '..'")
    return "/".join(parts)


def _place(folder: str, source: Any, name: str) -> str:
    root = os.path.join(folder, "artifacts")
    target = os.path.join(root, *name.split("/"))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    inside = os.path.realpath(root)
    if os.path.commonpath([inside, os.path.realpath(os.path.dirname(target))]) != inside:
        raise ValueError(f"the name {name!r} leaves the run's artifacts through a link")
    # Beside artifacts/, so that a half copy is never taken for an artifact.
    part = os.path.join(folder, f".part.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        if isinstance(source, bytes):
            with open(part, "wb") as file:
                file.write(source)
        else:
            shutil.copyfile(source, part)
        os.replace(part, target)
    except BaseException:
        if os.path.exists(part):
            os.unlink(part)
        raise
    return name
