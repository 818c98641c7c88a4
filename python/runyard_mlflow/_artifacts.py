"""Artifacts of runs and models of this workspace: straight to and from its files, whole or not at all."""
from __future__ import annotations

import os
import shutil
from typing import Any, Dict, Iterator, List, Optional, Tuple
from urllib.parse import unquote, urlparse

from mlflow.entities import FileInfo
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository

from ._place import RUN_ID, folder_of, run_dir, runs_dir, say

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp")
_TABLES = (".csv", ".tsv", ".parquet")


def make_repository(artifact_uri: str, *args: Any, **more: Any) -> Optional[Any]:
    """The repository of an ``mlflow-artifacts:`` address, or None where its files aren't of this workspace."""
    found = urlparse(artifact_uri)
    here = urlparse(os.environ["RUNYARD_MLFLOW_URI"]).netloc
    if found.scheme != "mlflow-artifacts" or found.netloc not in ("", here):
        return None
    parts = _safe(found.path.lstrip("/"))
    place: Tuple[Optional[str], str, str] = (None, os.path.join(os.path.dirname(runs_dir()), "artifacts"), "/".join(parts))
    # An experiment may have a place of its own, so a run's files are found by its id wherever that stands.
    for at, (run, word) in enumerate(zip(parts, parts[1:])):
        if RUN_ID.match(run) and word == "artifacts":
            folder = folder_of(run)
            if folder is None:
                return None
            place = (folder, os.path.join(folder, "artifacts"), "/".join(parts[at + 2:]))
            break
    if not os.path.isdir(run_dir()):
        return None
    repository = RunyardArtifactRepository(artifact_uri, *args, **more)
    repository.place = place
    return repository


def _safe(path: Any) -> List[str]:
    """The parts of a relative path. Raises MLflow's refusal of one that leaves its folder, written plainly or encoded."""
    text = str(path or "")
    decoded = text
    for _ in range(4):
        for part in (decoded, decoded.replace("\\", "/") if os.sep == "\\" else decoded):
            drive = os.sep == "\\" and ":" in part
            if part.startswith("/") or ".." in part.split("/") or "\0" in part or part.lower().startswith("file:") or drive:
                raise MlflowException(f"Invalid path: {text}", error_code=INVALID_PARAMETER_VALUE)
        decoded = unquote(decoded)
    return [part for part in text.split("/") if part not in ("", ".")]


class RunyardArtifactRepository(MlflowArtifactsRepository):
    """MLflow's repository with the files themselves instead of HTTP."""

    #: (the run's folder or None, the folder that holds the files, the path in it that this repository's own paths begin at)
    place: Tuple[Optional[str], str, str]

    def log_artifact(self, local_file: Any, artifact_path: Any = None) -> None:
        self._keep([(os.fspath(local_file), "/".join([*_safe(artifact_path), os.path.basename(os.fspath(local_file))]))])

    def log_artifacts(self, local_dir: Any, artifact_path: Any = None) -> None:
        top, base = os.path.abspath(local_dir), _safe(artifact_path)
        pairs = []
        for root, _, names in os.walk(top):
            inner = [] if root == top else os.path.relpath(root, top).split(os.sep)
            pairs += [(os.path.join(root, name), "/".join([*base, *inner, name])) for name in sorted(names)]
        self._keep(pairs)

    def list_artifacts(self, path: Any = None) -> List[Any]:
        parts = _safe(path)
        folder = self._file(parts)
        if not os.path.isdir(folder):
            return []
        found = []
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if not entry.name.startswith(".part."):
                found.append(FileInfo("/".join([*parts, entry.name]), entry.is_dir(), None if entry.is_dir() else entry.stat().st_size))
        return found

    def _download_file(self, remote_file_path: Any, local_path: Any, *_: Any, **__: Any) -> None:
        source = self._file(_safe(remote_file_path))
        if not os.path.isfile(source):
            raise MlflowException(f"No such artifact: '{remote_file_path}'", error_code=RESOURCE_DOES_NOT_EXIST)
        shutil.copyfile(source, local_path)

    def delete_artifacts(self, artifact_path: Any = None, *_: Any, **__: Any) -> None:
        target = self._file(_safe(artifact_path))
        files = [target] if os.path.isfile(target) else [os.path.join(root, name) for root, _, names in os.walk(target) for name in names]
        # Said first: a file that is gone and still told of would be a problem of the run.
        self._say([self._relative(file) for file in files], deleted=True)
        if os.path.isdir(target) and not os.path.islink(target):
            shutil.rmtree(target)
        elif os.path.lexists(target):
            os.unlink(target)

    def _keep(self, pairs: List[Tuple[str, str]]) -> None:
        for source, path in pairs:
            self._place(source, self._file(_safe(path)))
        self._say([self._relative(self._file(_safe(path))) for _, path in pairs])

    def _place(self, source: str, target: str) -> None:
        """Copy beside, then rename: a run can be killed at any moment."""
        folder, root, _ = self.place
        os.makedirs(os.path.dirname(target), exist_ok=True)
        self._inside(os.path.dirname(target))
        part = os.path.join(folder or root, f".part.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            shutil.copyfile(source, part)
            os.replace(part, target)
        finally:
            if os.path.exists(part):
                os.unlink(part)

    def _file(self, parts: List[str]) -> str:
        _, root, base = self.place
        path = os.path.join(root, *base.split("/"), *parts) if base else os.path.join(root, *parts)
        self._inside(path)
        return path

    def _inside(self, path: str) -> None:
        """Raises where a link on the way leads out of the folder."""
        root = os.path.realpath(self.place[1])
        if os.path.commonpath([root, os.path.realpath(path)]) != root:
            raise MlflowException(f"Invalid path: {path} leaves its folder through a link", error_code=INVALID_PARAMETER_VALUE)

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.place[1]).replace(os.sep, "/")

    def _say(self, paths: List[str], deleted: bool = False) -> None:
        folder = self.place[0]
        if folder and paths:
            say(folder, *_events(paths, deleted))


def _events(paths: List[str], deleted: bool) -> Iterator[Dict[str, Any]]:
    for path in paths:
        ending = os.path.splitext(path)[1].lower()
        kind = "image" if ending in _IMAGES else "table" if ending in _TABLES else "file"
        yield {"e": "artifact", "path": path, "kind": kind, **({"deleted": True} if deleted else {})}
