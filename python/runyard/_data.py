"""What can be said about data without a data library: digest, rows, schema."""
from __future__ import annotations

import csv
import hashlib
import os
from itertools import islice
from typing import Any, Dict, Iterable, List, Optional

#: Rows of a CSV file that are looked at to tell the columns' types.
SNIFFED_ROWS = 1000


def describe(name: str, source: Any, role: str, given: Dict[str, Any]) -> Dict[str, Any]:
    """The spool's dataset event for a file, a folder, a list of files or a DataFrame-like object; what is given wins."""
    found: Dict[str, Any] = {"name": name, "role": role}
    if source is None:
        pass
    elif hasattr(source, "columns"):
        found.update(_frame_facts(source, with_digest=given["digest"] is None))
    else:
        paths = [os.fspath(path) for path in source] if isinstance(source, (list, tuple)) else [os.fspath(source)]
        found.update(_path_facts(paths, with_digest=given["digest"] is None))
    found.update({key: value for key, value in given.items() if value is not None})
    if isinstance(found.get("schema"), dict):
        found["schema"] = [{"name": str(key), "type": str(value)} for key, value in found["schema"].items()]
    if "rows" in found:
        found["rows"] = int(found["rows"])
    return found


def _frame_facts(frame: Any, with_digest: bool) -> Dict[str, Any]:
    columns = [str(column) for column in frame.columns]
    dtypes = list(getattr(frame, "dtypes", None) if getattr(frame, "dtypes", None) is not None else ["unknown"] * len(columns))
    facts: Dict[str, Any] = {"rows": len(frame), "schema": [{"name": n, "type": str(d)} for n, d in zip(columns, dtypes)]}
    if with_digest:
        # pandas writes with to_csv, polars with write_csv; the text is the one form that both have and no version changes.
        text = frame.to_csv(index=False) if hasattr(frame, "to_csv") else frame.write_csv() if hasattr(frame, "write_csv") else None
        if text is not None:
            facts["digest"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return facts


def _path_facts(paths: List[str], with_digest: bool) -> Dict[str, Any]:
    facts: Dict[str, Any] = {}
    root = os.path.dirname(os.path.abspath(paths[0])) if paths else ""
    if len(paths) == 1:
        if "://" in paths[0]:
            return {"path": paths[0]}  # an address: said as it is, nothing is read over a network
        root = paths[0] if os.path.isdir(paths[0]) else root
        facts["path"] = _shown(paths[0])
        if os.path.isdir(paths[0]):
            paths = [os.path.join(at, file) for at, _, found in os.walk(paths[0]) for file in found]
    rows: Optional[int] = 0
    digests = []
    for path in sorted(paths):
        is_csv = path.lower().endswith(".csv")
        digest, lines = _read(path, is_csv) if with_digest or is_csv else ("", 0)
        digests.append((os.path.relpath(path, root).replace(os.sep, "/"), digest))
        rows = rows + max(0, lines - 1) if is_csv and rows is not None else None
        if is_csv and "schema" not in facts:
            facts["schema"] = csv_schema(path)
    if rows is not None and digests:
        facts["rows"] = rows
    if with_digest and digests:
        listing = "".join(f"{name}\0{digest}\n" for name, digest in digests)
        facts["digest"] = digests[0][1] if len(digests) == 1 else hashlib.sha256(listing.encode()).hexdigest()
    return facts


def _shown(path: str) -> str:
    """Relative to the workspace (the folder that holds .runyard) where the file lies inside it: a moved folder stays right."""
    run = os.path.abspath(os.environ.get("RUNYARD_RUN_DIR", ""))
    workspace = os.path.dirname(os.path.dirname(os.path.dirname(run)))
    full = os.path.abspath(path)
    inside = os.path.basename(os.path.dirname(os.path.dirname(run))) == ".runyard" and full.startswith(workspace + os.sep)
    return (os.path.relpath(full, workspace) if inside else full).replace(os.sep, "/")


def _read(path: str, count_lines: bool) -> "tuple[str, int]":
    """SHA-256 of a file and, for CSV, its lines: newlines inside quotes aren't ends of lines, a last line may lack its own."""
    digest, lines, quoted, last = hashlib.sha256(), 0, 0, b"\n"
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
            if count_lines:
                pieces = block.split(b'"')
                lines += sum(piece.count(b"\n") for piece in pieces[quoted::2])
                quoted = (quoted + len(pieces) - 1) % 2
                last = block[-1:]
    return digest.hexdigest(), lines + (last != b"\n")


def csv_schema(path: str) -> List[Dict[str, str]]:
    """Columns and types (bool, int64, float64, string) from the header and the first rows; an empty cell says nothing."""
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        rows = list(islice(reader, SNIFFED_ROWS))
    return [{"name": name, "type": _type(row[i] for row in rows if i < len(row))} for i, name in enumerate(header)]


def _type(cells: Iterable[str]) -> str:
    values = {cell.strip() for cell in cells} - {""}
    if values and values <= {"True", "False", "true", "false"}:
        return "bool"
    for kind, label in ((int, "int64"), (float, "float64")):
        try:
            for value in values:
                kind(value)
        except ValueError:
            continue
        return label if values else "string"
    return "string"
