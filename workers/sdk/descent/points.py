"""From what `log()` was given to the body of a metrics batch: binary (`binary_batch.py`), or the same as JSON.

    {"groups": [{"step": [0, 1], "t": [ms, ms], "m": {"loss": [2.3, 2.2], "lr": [0.001, 0.001]}}]}

A group shares its axes: all its keys have a value at each of its steps. In JSON, NaN and the infinities are strings.
"""

from __future__ import annotations

import json
import math
import unicodedata
from array import array
from typing import Any, Dict, Iterator, List, Optional, Tuple

from .binary_batch import NAMES_MAX, Group, decode_batch, encode_batch
from .notices import shown, warn_once

STEP_MAX = 2**53 - 1
KEY_CHARACTERS_MAX = 256
POINTS_MAX = 50_000
BATCH_BYTES = 64 * 1024
# Of a process that logs so much that a batch of the usual size is full many times a second: each costs a request.
BUSY_BATCH_BYTES = 512 * 1024
_FORBIDDEN_WORDS = ("__proto__", "constructor", "prototype")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Rows:
    """Entries of the same keys: row after row of `values`, one number per key. Closed once a key of it came elsewhere
    later: what follows must lie behind that."""

    __slots__ = ("keys", "steps", "times", "values", "closed")

    def __init__(self, keys: Tuple[str, ...]) -> None:
        self.keys = keys
        self.steps: List[int] = []
        self.times: List[int] = []
        self.values = array("d")
        self.closed = False

    def group(self) -> Group:
        """As a group, its values as arrays."""
        width = len(self.keys)
        return {
            "step": self.steps,
            "t": self.times,
            "m": {key: self.values[place::width] for place, key in enumerate(self.keys)},
        }


class BatchBuilder:
    """Collects points until they make a batch of `bytes_max`. `wire` is "binary" or "json"."""

    def __init__(self, wire: str = "binary") -> None:
        self.wire = wire
        self.bytes_max = BATCH_BYTES
        self._step_bytes, self._value_bytes, self._key_bytes = (4, 8, 7) if wire == "binary" else (25, 20, 6)
        self._clear()

    def _clear(self) -> None:
        self._rows: List[_Rows] = []
        self._by_keys: Dict[Tuple[Any, ...], _Rows] = {}
        self._last_of: Dict[str, _Rows] = {}
        self.bytes = 0
        self.points = 0

    @property
    def full(self) -> bool:
        """True when the batch should be closed before another entry."""
        return self.bytes >= self.bytes_max or self.points >= POINTS_MAX

    def add(self, step: int, time_ms: int, values: Dict[Any, Any]) -> int:
        """What one `log()` call was given, at a good step; how many numbers of it were kept. A key that came later in
        the run comes later in the batch, since the last of two values at one step wins by position."""
        rows = self._by_keys.get(tuple(values))
        if rows is None or rows.closed or not _extend(rows.values, values):
            values = clean_values(values)
            if not values:
                return 0
            rows = self._open(tuple(values))
            rows.values.fromlist(list(values.values()))
        rows.steps.append(step)
        rows.times.append(time_ms)
        count = len(values)
        self.points += count
        self.bytes += self._step_bytes + self._value_bytes * count
        return count

    def _open(self, keys: Tuple[str, ...]) -> _Rows:
        """The rows of these keys, which are good ones, to go on with."""
        rows = self._by_keys.get(keys)
        if rows is not None and not rows.closed:
            return rows
        rows = self._by_keys[keys] = _Rows(keys)
        self._rows.append(rows)
        for key in keys:
            before = self._last_of.get(key)
            if before is not None:
                before.closed = True
            self._last_of[key] = rows
        self.bytes += 40 + sum(len(key) + self._key_bytes for key in keys)
        return rows

    def take(self) -> Tuple[bytes, Dict[str, Any]]:
        """The body, and how many points it holds in which wire; the builder is empty afterwards."""
        wire = self.wire if len(self._last_of) <= NAMES_MAX else "json"
        head = {"points": self.points, "wire": wire}
        body = dump_groups([rows.group() for rows in self._rows], wire)
        self._clear()
        return body, head


def _extend(numbers: "array[float]", values: Dict[Any, Any]) -> bool:
    """Append all of `values`; False, and nothing is appended, when one of them is no number."""
    try:
        numbers.fromlist(list(values.values()))
    except Exception:
        return False
    return True


def dump_groups(groups: List[Group], wire: str) -> bytes:
    """Groups as a body, "binary" or "json"."""
    if wire == "binary":
        return encode_batch(groups)
    data = {"groups": [json_group(group) for group in groups]}
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode("utf-8")


def load_groups(body: bytes, wire: str) -> List[Group]:
    """The groups of a body. ValueError when it is none."""
    if wire == "binary":
        return decode_batch(body)
    data = json.loads(body)
    groups = data.get("groups") if isinstance(data, dict) else None
    if not isinstance(groups, list):
        raise ValueError("no batch of points")
    return groups


def json_group(group: Group) -> Group:
    """A group whose values are what JSON can hold."""
    columns = {key: [wire_number(value) for value in values] for key, values in group["m"].items()}
    return dict(group, m=columns)


def non_finite(value: float) -> str:
    """`value` as the wire writes it: NaN, Infinity or -Infinity."""
    if value != value:
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def wire_number(value: Any) -> Any:
    """A float as JSON: itself when finite, else its name as a string. Such a name stays as it is."""
    return value if type(value) is str or math.isfinite(value) else non_finite(value)


def clean_values(values: Dict[Any, Any], prefix: str = "") -> Dict[str, float]:
    """The keys and numbers of one `log()` call that can be kept; what cannot is named once on stderr.

    Nested dictionaries become keys with a slash. Scalars of numpy, torch and the like are read with `float()`."""
    kept: Dict[str, float] = {}
    for raw, value in values.items():
        if type(value) is dict:
            kept.update(clean_values(value, "%s%s/" % (prefix, raw)))
            continue
        key = clean_key(prefix + raw if isinstance(raw, str) else raw)
        number = None if key is None else clean_number(key, value)
        if key is not None and number is not None:
            kept[key] = number
    return kept


_good_keys: Dict[str, str] = {}


def clean_key(key: Any) -> Optional[str]:
    """The key in Unicode normal form C, or None with a warning when it is no metric key."""
    if not isinstance(key, str):
        warn_once("key-type", "metric key %s is no string; it was not recorded" % shown(key))
        return None
    good = _good_keys.get(key)
    if good is not None:
        return good
    normal = unicodedata.normalize("NFC", key)
    reason = key_problem(normal)
    if reason:
        warn_once("key-" + normal[:100], "metric key %s %s; it was not recorded" % (shown(key), reason))
        return None
    if len(_good_keys) < 20_000:
        _good_keys[key] = normal
    return normal


def key_problem(key: str) -> str:
    """What is wrong with a key in normal form C, as the end of a sentence; empty when it is good."""
    if not 1 <= len(key) <= KEY_CHARACTERS_MAX:
        return "has %d characters; 1 to %d are allowed" % (len(key), KEY_CHARACTERS_MAX)
    if key != key.strip():
        return "begins or ends with a blank"
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI for c in key):
        return "holds a control character, a text direction mark or half a surrogate"
    parts = key.split("/")
    if any(part in ("", "..") for part in parts):
        return "has an empty or '..' part between slashes"
    if any(part in _FORBIDDEN_WORDS for part in parts):
        return "uses a word that is reserved"
    return ""


def clean_number(key: str, value: Any) -> Optional[float]:
    """`value` as a float, or None with a warning. None itself means absent and needs no warning."""
    if value is None:
        return None
    if isinstance(value, (str, bytes)):
        warn_once("value-" + key, "metric %r got the text %s; only numbers can be recorded" % (key, shown(value)))
        return None
    try:
        return float(value)
    except OverflowError:
        warn_once("value-" + key, "metric %r got an integer beyond the range of floats" % key)
    except Exception:
        warn_once("value-" + key, "metric %r got %s, which is no number" % (key, shown(value)))
    return None


def clean_step(step: Any, following: int) -> Optional[int]:
    """The step as an integer from 0 to 2^53 - 1; `following` where none was given; None with a warning otherwise."""
    if step is None:
        return following
    try:
        number = step if type(step) is int else _whole(step)
    except Exception:
        number = -1
    if not 0 <= number <= STEP_MAX:
        warn_once("step", "step %s is no whole number from 0 to 2^53 - 1; such points are not recorded" % shown(step))
        return None
    return number


def _whole(step: Any) -> int:
    if isinstance(step, bool):
        raise ValueError
    if hasattr(step, "__index__"):
        return int(step.__index__())
    number = float(step)
    if number != int(number):
        raise ValueError
    return int(number)


def capture_values(values: Dict[Any, Any]) -> Dict[Any, Any]:
    """A copy of `values` that later changes in place cannot reach, without waiting for a device: tensors are detached
    and cloned, arrays copied; whatever cannot change is kept as it is and read later."""
    return {key: _capture(value) for key, value in values.items()}


def _capture(value: Any) -> Any:
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, dict):
        return capture_values(value)
    if hasattr(value, "detach") and hasattr(value, "clone"):
        return value.detach().clone()
    if type(value).__name__ == "ndarray":
        return value.copy()
    return value


def chunked(items: List[Any], size: int) -> Iterator[List[Any]]:
    """`items` in pieces of at most `size`."""
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]
