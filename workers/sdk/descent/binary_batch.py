"""The binary body of a metrics batch, version 1; little-endian. docs/wire/metrics-v1.md of the server has it in tables.

    "DSM1" | u16 names | per name: u16 bytes, UTF-8 | group, or groups
    group   u8 1 | u8 regular | u32 n | u16 keys | f64 first step | f64 stride, or u32 bytes and n differences
            | u32 bytes and n differences of the wall times | per key: u32 name, u8 width (4 or 8), n values
    groups  u8 2 | u16 count | per group: u32 bytes, a group

A group here is what it is in JSON: {"step": [...], "t": [...] or None, "m": {key: numbers}}.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from typing import Any, Dict, List, Optional, Sequence, Tuple

CONTENT_TYPE = "application/vnd.descent.metrics.v1"
MAGIC = b"DSM1"
GROUP_HEAD = struct.Struct("<BBIHd")
INTEGER_MAX = 2**53 - 1
NAMES_MAX = 0xFFFF
KEYS_PER_GROUP_MAX = 0xFFFF

Group = Dict[str, Any]

_BIG_ENDIAN = sys.byteorder == "big"
# Where the bytes of a double lie, the lowest first.
_BYTE = range(7, -1, -1) if _BIG_ENDIAN else range(8)
_MULTIPLES_OF_32 = bytes(range(0, 256, 32))
# Sign and upper exponent of doubles from 2^-111 to 2^112, all of which are within the range of single precision.
_IN_RANGE = bytes([*range(0x39, 0x47), *range(0xB9, 0xC7)])


def encode_batch(groups: Sequence[Group]) -> bytes:
    """The body. The same groups give the same bytes; values may be arrays of doubles or lists of floats.

    Steps and times are integers from 0 to 2^53 - 1, names at most 65535, each at most 65535 bytes of UTF-8."""
    names: Dict[str, int] = {}
    parts: List[bytes] = []
    for group in groups:
        keys = list(group["m"])
        for begin in range(0, len(keys), KEYS_PER_GROUP_MAX):
            parts.append(_encode_group(group, keys[begin : begin + KEYS_PER_GROUP_MAX], names))
    table = [MAGIC, struct.pack("<H", len(names))]
    for name in names:
        raw = name.encode("utf-8")
        table += (struct.pack("<H", len(raw)), raw)
    if len(parts) != 1:
        framed = [piece for part in parts for piece in (struct.pack("<I", len(part)), part)]
        parts = [struct.pack("<BH", 2, len(parts)), *framed]
    return b"".join(table + parts)


def _encode_group(group: Group, keys: List[str], names: Dict[str, int]) -> bytes:
    steps, times, columns = group["step"], group["t"], group["m"]
    stride = regular_stride(steps)
    axes = struct.pack("<d", stride) if stride is not None else _counted(encode_deltas(steps))
    parts = [
        GROUP_HEAD.pack(1, stride is not None, len(steps), len(keys), steps[0]),
        axes,
        _counted(b"" if times is None else encode_deltas(times)),
    ]
    for key in keys:
        values = columns[key]
        raw, width = encode_values(values if type(values) is array else array("d", values))
        parts += (struct.pack("<IB", names.setdefault(key, len(names)), width), raw)
    return b"".join(parts)


def _counted(raw: bytes) -> bytes:
    return struct.pack("<I", len(raw)) + raw


def regular_stride(steps: Sequence[int]) -> Optional[int]:
    """The difference between neighbours where it is one and the same (1 for a single step); else None."""
    if len(steps) < 2:
        return 1
    first, stride = steps[0], steps[1] - steps[0]
    if stride == 0:
        return 0 if steps.count(first) == len(steps) else None
    return stride if list(range(first, first + stride * len(steps), stride)) == list(steps) else None


def encode_values(values: "array[float]") -> Tuple[bytes, int]:
    """An array of doubles as bytes, and their width: 4 where single precision keeps every bit, else 8."""
    raw, n = values.tobytes(), len(values)
    # Without converting anything: a double whose lower 29 bits are not all zero is none of single precision.
    if raw[_BYTE[0] :: 8].count(0) != n or raw[_BYTE[3] :: 8].translate(None, _MULTIPLES_OF_32):
        return _little_endian(values), 8
    if raw[_BYTE[1] :: 8].count(0) != n or raw[_BYTE[2] :: 8].count(0) != n:
        return _little_endian(values), 8
    narrow = array("f", values.tolist())
    if raw[_BYTE[7] :: 8].translate(None, _IN_RANGE) and array("d", narrow.tolist()).tobytes() != raw:
        return _little_endian(values), 8
    return _little_endian(narrow), 4


def _little_endian(values: "array[float]") -> bytes:
    if _BIG_ENDIAN:
        values = values[:]
        values.byteswap()
    return values.tobytes()


class _Differences(dict):  # type: ignore[type-arg]
    """The bytes of a difference; small ones are remembered."""

    def __missing__(self, difference: int) -> bytes:
        rest = difference << 1 if difference >= 0 else ~difference << 1 | 1
        out = bytearray()
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
        raw = bytes(out)
        if -16_384 < difference < 16_384:
            self[difference] = raw
        return raw


_differences = _Differences()


def encode_deltas(values: Sequence[int]) -> bytes:
    """Integers as differences to the one before, the first to 0: zigzag, 7 bits a byte, low bits first."""
    previous = 0
    out = []
    for value in values:
        out.append(_differences[value - previous])
        previous = value
    return b"".join(out)


def decode_batch(body: bytes) -> List[Group]:
    """The groups of a body, their values as lists of floats. ValueError when it was not made by `encode_batch`."""
    try:
        return _decode(body)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("no binary batch: %s" % error) from None


def _decode(body: bytes) -> List[Group]:
    if body[:4] != MAGIC:
        raise ValueError("no binary batch: it does not begin with DSM1")
    (count,) = struct.unpack_from("<H", body, 4)
    at, names = 6, []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", body, at)
        names.append(_slice(body, at + 2, length).decode("utf-8"))
        at += 2 + length
    if body[at] == 1:
        return [_decode_group(body[at:], names)]
    kind, count = struct.unpack_from("<BH", body, at)
    if kind != 2:
        raise ValueError("no binary batch: it holds no group")
    at, groups = at + 3, []
    for _ in range(count):
        (length,) = struct.unpack_from("<I", body, at)
        groups.append(_decode_group(_slice(body, at + 4, length), names))
        at += 4 + length
    if at != len(body):
        raise ValueError("no binary batch: %d bytes lie behind it" % (len(body) - at))
    return groups


def _decode_group(data: bytes, names: List[str]) -> Group:
    kind, regular, n, keys, start = GROUP_HEAD.unpack_from(data)
    if kind != 1 or regular not in (0, 1) or n == 0 or keys == 0:
        raise ValueError("no binary batch: a group cannot begin so")
    first = _whole(start)
    at = GROUP_HEAD.size
    if regular:
        (stride,) = struct.unpack_from("<d", data, at)
        steps = [first + number * _whole(stride) for number in range(n)]
        at += 8
    else:
        (length,) = struct.unpack_from("<I", data, at)
        steps = decode_deltas(_slice(data, at + 4, length), n)
        at += 4 + length
    (length,) = struct.unpack_from("<I", data, at)
    times = decode_deltas(_slice(data, at + 4, length), n) if length else None
    at += 4 + length
    if steps[0] != first or any(not 0 <= value <= INTEGER_MAX for value in (*steps, *(times or ()))):
        raise ValueError("no binary batch: a step or a time is not from 0 to 2^53 - 1")
    columns: Dict[str, List[float]] = {}
    for _ in range(keys):
        index, width = struct.unpack_from("<IB", data, at)
        if width not in (4, 8):
            raise ValueError("no binary batch: a value is %d bytes wide" % width)
        values = array("f" if width == 4 else "d", _slice(data, at + 5, n * width))
        if _BIG_ENDIAN:
            values.byteswap()
        columns[names[index]] = values.tolist()
        at += 5 + n * width
    if at != len(data):
        raise ValueError("no binary batch: %d bytes lie behind a group" % (len(data) - at))
    return {"step": steps, "t": times, "m": columns}


def _whole(number: float) -> int:
    if not number.is_integer() or (number == 0 and math.copysign(1, number) < 0):
        raise ValueError("no binary batch: %r is no whole number" % number)
    return int(number)


def decode_deltas(raw: bytes, n: int) -> List[int]:
    """The `n` integers of `encode_deltas`. ValueError when the bytes hold another number of them."""
    values, value, size, shift = [], 0, 0, 0
    for byte in raw:
        size |= (byte & 127) << shift
        shift += 7
        if shift > 56:
            raise ValueError("no binary batch: a difference has more than 8 bytes")
        if byte < 128:
            value += size >> 1 if size & 1 == 0 else ~(size >> 1)
            values.append(value)
            size, shift = 0, 0
    if len(values) != n or shift:
        raise ValueError("no binary batch: %d integers instead of %d" % (len(values), n))
    return values


def _slice(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise ValueError("no binary batch: it is cut at byte %d" % len(data))
    return data[at : at + length]
