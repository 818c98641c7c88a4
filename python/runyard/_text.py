"""Values as the spool's JSON wants them."""
from __future__ import annotations

import json
import operator
from typing import Any, Dict, Mapping, Optional

from ._spool import warn

_EXACT = 2 ** 53


def number(key: Any, value: Any) -> Optional[str]:
    """A metric's value as JSON: a number, or ``"NaN"``, ``"Infinity"``, ``"-Infinity"``; None, with a warning once per key,
    for what isn't a number."""
    if not isinstance(value, (int, float)):
        value = _plain(value)
    if value is None:
        warn(f"value {key}", f"metric {key!r} is skipped: its value is not a number")
        return None
    if isinstance(value, int) and -_EXACT < value < _EXACT:
        return str(int(value))
    try:
        real = float(value)
    except OverflowError:
        real = float("inf") if value > 0 else float("-inf")
    if real - real == 0.0:
        return repr(real)
    return '"NaN"' if real != real else '"Infinity"' if real > 0 else '"-Infinity"'


def _plain(value: Any) -> Optional[float]:
    """A numpy or torch scalar, a one-element array, a Decimal or a Fraction as a Python number; None for anything else."""
    try:
        if hasattr(value, "item"):
            value = value.item()
        elif hasattr(value, "__float__"):
            value = float(value)
    except Exception:
        return None
    return value if isinstance(value, (int, float)) else None


def step_text(step: Any) -> Optional[str]:
    """A step as JSON; None, with a warning, for what isn't a whole number that JSON keeps exactly."""
    try:
        whole = operator.index(step.item() if hasattr(step, "item") and not isinstance(step, int) else step)
    except Exception:
        whole = int(step) if isinstance(step, float) and step.is_integer() else _EXACT
    if -_EXACT < whole < _EXACT:
        return str(int(whole))
    warn("step", f"step {step!r} is not a whole number: the calls are counted instead")
    return None


def key_text(key: Any) -> str:
    """A metric's name as the JSON in front of its value, colon included."""
    return json.dumps(key if isinstance(key, str) else str(key)) + ":"


def flat_text(values: Any, prefix: str = "") -> Dict[str, str]:
    """A dict (or an object with attributes, such as argparse's) as dotted names and texts."""
    flat: Dict[str, str] = {}
    for key, value in (values if isinstance(values, Mapping) else vars(values)).items():
        if isinstance(value, Mapping) and value:
            flat.update(flat_text(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = _text(value)
    return flat


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, default=str)
    return str(value)
