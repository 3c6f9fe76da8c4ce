"""Blocks of a spool segment: a header with two checksums, then the payload.

    4 bytes magic | u32 payload length | u32 CRC-32 of the payload | u32 CRC-32 of the twelve bytes before it

The second checksum tells a damaged length from a damaged payload: with a whole header the reader knows where the
next block begins, without one it looks for the next whole header. All integers are big-endian.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any, BinaryIO, Dict, NamedTuple, Optional, Tuple

MAGIC = b"dsb1"
HEADER = struct.Struct(">4sIII")
BLOCK_BYTES_MAX = 64 * 1024 * 1024


class Block(NamedTuple):
    """One step of the reader: `payload` is None where bytes were damaged and are to be skipped."""

    payload: Optional[bytes]
    next_offset: int


def encode_block(head: Dict[str, Any], body: bytes) -> bytes:
    """One block that holds `head` as JSON, a line feed, and `body` as it is."""
    payload = json.dumps(head, separators=(",", ":")).encode("utf-8") + b"\n" + body
    start = MAGIC + struct.pack(">II", len(payload), zlib.crc32(payload))
    return start + struct.pack(">I", zlib.crc32(start)) + payload


def decode_payload(payload: bytes) -> Tuple[Dict[str, Any], bytes]:
    """The head and the body of a payload. ValueError when it was not made by `encode_block`."""
    line, separator, body = payload.partition(b"\n")
    head = json.loads(line)
    if not separator or not isinstance(head, dict):
        raise ValueError("a spool block without a head")
    return head, body


def read_block(file: BinaryIO, offset: int, end: int) -> Optional[Block]:
    """The block at `offset` of a file of `end` bytes; None at the end and at an incomplete tail."""
    if end - offset < HEADER.size:
        return None
    file.seek(offset)
    length = _payload_length(file.read(HEADER.size))
    if length is None:
        return Block(None, _next_header(file, offset + 1, end))
    begin = offset + HEADER.size
    if begin + length > end:
        return None
    file.seek(offset)
    raw = file.read(HEADER.size + length)
    payload = raw[HEADER.size :]
    if len(payload) < length:
        return None
    whole = zlib.crc32(payload) == HEADER.unpack(raw[: HEADER.size])[2]
    return Block(payload if whole else None, begin + length)


def _payload_length(header: bytes) -> Optional[int]:
    if len(header) < HEADER.size:
        return None
    magic, length, _, check = HEADER.unpack(header)
    if magic != MAGIC or check != zlib.crc32(header[:12]) or length > BLOCK_BYTES_MAX:
        return None
    return length


def _next_header(file: BinaryIO, offset: int, end: int) -> int:
    file.seek(offset)
    rest = file.read(end - offset)
    at = rest.find(MAGIC)
    while at >= 0:
        if _payload_length(rest[at : at + HEADER.size]) is not None:
            return offset + at
        at = rest.find(MAGIC, at + 1)
    return end
