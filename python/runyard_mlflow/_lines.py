"""What MLflow's client logs, as lines of a spool; checked as MLflow's server checks it."""
from __future__ import annotations

import json
from typing import Any, Dict, List, Sequence, Tuple

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE
from mlflow.utils import validation as rules

_keys: Dict[str, str] = {}
#: JSON's readers keep whole numbers up to here.
SAFE = 2**53 - 1


def refuse(message: str) -> MlflowException:
    return MlflowException(message, error_code=INVALID_PARAMETER_VALUE)


def _key(key: str) -> str:
    if len(_keys) > 10_000:
        _keys.clear()
    text = _keys[key] = json.dumps(key)
    # Keys that were seen are not checked again: their check is most of the time that a call takes.
    return text


def checked(metric: Any) -> Any:
    """The metric itself, or MLflow's own refusal of it."""
    if metric.key not in _keys or metric.value.__class__ is not float or metric.step.__class__ is not int or metric.timestamp.__class__ is not int:
        rules._validate_metric(metric.key, metric.value, metric.timestamp, metric.step)
    elif metric.timestamp < 0:
        rules._validate_metric(metric.key, metric.value, metric.timestamp, metric.step)
    if not -SAFE <= metric.step <= SAFE:
        raise refuse(f"Invalid value {metric.step} for parameter 'step' supplied: it is too large.")
    return metric


def _value(value: float) -> str:
    if value - value == 0.0:
        return repr(value)
    return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'


def _where(metric: Any) -> str:
    """What a metric of a logged model says beside its value."""
    model, name = getattr(metric, "model_id", None), getattr(metric, "dataset_name", None)
    text = f',"model":{json.dumps(model)}' if model else ""
    if name:
        text += f',"dataset":{json.dumps({"name": name, "digest": getattr(metric, "dataset_digest", None) or ""})}'
    return text


def metric_line(metric: Any) -> str:
    """One metric as one line."""
    key = _keys.get(metric.key) or _key(metric.key)
    return f'{{"e":"m","t":{metric.timestamp / 1000!r},"s":{int(metric.step)},"m":{{{key}:{_value(float(metric.value))}}}{_where(metric)}}}\n'


def metric_lines(metrics: Sequence[Any]) -> str:
    """Metrics in their order; neighbours of one time and step share a line."""
    lines: List[str] = []
    at: Tuple[Any, ...] = ()
    parts: Dict[str, str] = {}
    for metric in metrics:
        here = (metric.timestamp, metric.step, _where(metric))
        key = _keys.get(metric.key) or _key(metric.key)
        if parts and (here != at or key in parts):
            lines.append(_joined(at, parts))
            parts = {}
        at = here
        parts[key] = _value(float(metric.value))
    if parts:
        lines.append(_joined(at, parts))
    return "".join(lines)


def _joined(at: Tuple[Any, ...], parts: Dict[str, str]) -> str:
    inner = ",".join(f"{key}:{value}" for key, value in parts.items())
    return f'{{"e":"m","t":{at[0] / 1000!r},"s":{int(at[1])},"m":{{{inner}}}{at[2]}}}\n'


def checked_param(param: Any) -> Tuple[str, str]:
    """Key and value as they are kept: long values cut, where MLflow is set to cut them."""
    return _checked_text(rules._validate_param, param, 6000, rules.MAX_PARAM_VAL_LENGTH)


def checked_tag(tag: Any) -> Tuple[str, str]:
    return _checked_text(rules._validate_tag, tag, 8000, rules.MAX_TAG_VAL_LENGTH)


def _checked_text(check: Any, pair: Any, limit: int, theirs: int) -> Tuple[str, str]:
    value = "" if pair.value is None else str(pair.value)
    if hasattr(rules, "MLFLOW_TRUNCATE_LONG_VALUES"):
        found = check(pair.key, value)
        return found.key, found.value
    # Older MLflow refuses where newer cuts, some of it at a lower limit.
    check(pair.key, value[:theirs])
    return pair.key, value[:limit]
