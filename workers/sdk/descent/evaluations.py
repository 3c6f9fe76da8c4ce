"""Builds the records of an evaluation: the score with its first items, further parts of items, the completion."""

from __future__ import annotations

import json
import math
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, List, Optional, Tuple

from .points import wire_number
from .redact import redact

ITEMS_PER_PART = 10_000
_TEXTS = frozenset(("id", "hash", "cluster", "pred", "gold", "prompt", "output", "expected", "verdict"))
PART_BYTES = 2 * 1024 * 1024


def evaluation_records(
    benchmark: Any,
    score: Any,
    items: Optional[List[Dict[str, Any]]],
    fields: Dict[str, Any],
    now: float,
) -> Iterator[Tuple[str, Dict[str, Any]]]:
    """(kind, head members) of each record, in order. ValueError names the field that is wrong.

    `score` may be absent when the items carry scores, or nats and bytes: then it is their mean, trials of an item
    first, or their bits per byte. `n` defaults to the number of items; where none was published, `n_missing` says so.
    `now` is the time of the measurement in seconds since 1970."""
    rows = [_plain(item) for item in items or []]
    body = {key: value for key, value in fields.items() if value is not None}
    body["benchmark"] = _benchmark(benchmark)
    body.setdefault("metric", "bits_per_byte" if score is None and _are_losses(rows) else "score")
    body["score"] = _score(score, rows, str(body["metric"]))
    if "n" in body or not body.get("n_missing"):
        body["n"] = _number_of_items(body.get("n", len({row.get("id") for row in rows})))
    slug = body["benchmark"] if isinstance(body["benchmark"], str) else body["benchmark"]["slug"]
    protocol = {key: _protocol_value(value) for key, value in (body.get("protocol") or {}).items()}
    body["protocol"] = dict({"task": slug}, **protocol)
    moment = datetime.fromtimestamp(now, timezone.utc).isoformat(timespec="milliseconds")
    body.setdefault("measured_at", moment.replace("+00:00", "Z"))
    body = {key: _plain_value(key, value) for key, value in body.items()}
    parts = list(_parts(rows))
    evaluation = uuid.uuid4().hex
    if parts:
        body["items"] = parts[0]
        body["complete"] = len(parts) == 1
    yield "evaluation", {"ref": evaluation, "body": body}
    for number, part in enumerate(parts[1:], start=2):
        yield "evaluation_items", {"ref": evaluation, "body": {"part": number, "items": part}}
    if len(parts) > 1:
        yield "evaluation_complete", {"ref": evaluation, "body": {}}


def _benchmark(benchmark: Any) -> Any:
    if isinstance(benchmark, str) and benchmark:
        return benchmark
    if isinstance(benchmark, dict) and isinstance(benchmark.get("slug"), str):
        return dict(benchmark)
    raise ValueError("benchmark %r: give a slug, or a dictionary with slug, category and kind" % (benchmark,))


def _number_of_items(n: Any) -> int:
    number = int(n.__index__()) if hasattr(n, "__index__") and not isinstance(n, bool) else 0
    if number < 1:
        raise ValueError("n %r: give the number of items that the score is made of" % (n,))
    return number


def _protocol_value(value: Any) -> Any:
    """Structured members (decoding parameters, say) travel as JSON with sorted names, so that equal ones are equal."""
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, (dict, list, tuple)) else value


def _score(score: Any, rows: List[Dict[str, Any]], metric: str) -> float:
    if score is not None:
        try:
            number = float(score)
        except Exception:
            raise ValueError("score %r is no number" % (score,)) from None
        if not math.isfinite(number):
            raise ValueError("score %r is no number that can be compared; nothing was recorded" % (score,))
        return number
    if _are_losses(rows) and metric == "bits_per_byte":
        size = math.fsum(row["bytes"] for row in rows)
        if not size > 0:
            raise ValueError("the items have no bytes: there are no bits per byte")
        return math.fsum(row["nats"] for row in rows) / math.log(2) / size
    trials: Dict[str, List[float]] = {}
    for row in rows:
        value = row.get("score")
        if not isinstance(value, (int, float)):
            raise ValueError("score is missing, and not every item carries one")
        trials.setdefault(str(row.get("id")), []).append(value)
    if not trials:
        raise ValueError("score is missing, and there are no items")
    return math.fsum(math.fsum(values) / len(values) for values in trials.values()) / len(trials)


def _are_losses(rows: List[Dict[str, Any]]) -> bool:
    """Whether every item has nats and bytes, and none a score."""
    return bool(rows) and all(
        isinstance(row.get("nats"), (int, float)) and isinstance(row.get("bytes"), (int, float)) and "score" not in row
        for row in rows
    )


def _plain(item: Dict[str, Any]) -> Dict[str, Any]:
    plain = {str(key): _plain_value(key, value) for key, value in item.items() if value is not None}
    if isinstance(plain.get("score"), bool):
        plain["score"] = int(plain["score"])
    return {key: str(value) if key in _TEXTS and not isinstance(value, str) else value for key, value in plain.items()}


def _plain_value(key: Any, value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return redact(value) if isinstance(value, str) and key not in ("id", "hash") else value
    if isinstance(value, float):
        return wire_number(value)
    if isinstance(value, dict):
        return {str(k): _plain_value(k, v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_value(key, v) for v in value]
    if hasattr(value, "__index__"):
        return int(value.__index__())
    try:
        return wire_number(float(value))
    except Exception:
        return redact(value)


def _parts(rows: List[Dict[str, Any]]) -> Iterator[List[Dict[str, Any]]]:
    part: List[Dict[str, Any]] = []
    size = 0
    for row in rows:
        length = len(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
        if part and (len(part) >= ITEMS_PER_PART or size + length > PART_BYTES):
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    if part:
        yield part
