"""How values become the bytes of a file: pixels a PNG, samples a WAV, numbers the counts of a histogram.

What cannot be recorded raises ValueError, in words that name the value.
"""

from __future__ import annotations

import io
import math
import struct
import sys
import wave
import zlib
from typing import Any, List, Optional, Tuple

PIXELS_MAX = 64 * 1024 * 1024


def nested(value: Any) -> Any:
    """Lists of lists of plain numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [nested(item) for item in value] if isinstance(value, (list, tuple)) else value


def flat(value: Any) -> List[float]:
    """All numbers of an array of any shape; in any order."""
    found: List[float] = []
    waiting = [nested(value)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting.extend(item)
        else:
            found.append(float(item))
    return found


def counted(values: List[float], bins: int) -> Tuple[List[float], List[float], int]:
    """Edges and counts of bins of equal width over the finite values, and how many are not finite. Bins hold their lower
    edge, the last one its upper edge too."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        raise ValueError("a histogram got no finite value")
    low, high = min(finite), max(finite)
    if low == high:
        half = abs(low) * 1e-6 or 0.5
        low, high = low - half, high + half
    width = high / bins - low / bins
    edges = [low + width * number for number in range(bins)] + [high]
    counts = [0.0] * bins
    for value in finite:
        counts[min(bins - 1, int((value - low) / width))] += 1
    return edges, counts, len(values) - len(finite)


def pixel_bytes(value: Any) -> Tuple[bytes, int, int, int]:
    """Rows of pixels as bytes, with width, height and channels."""
    if hasattr(value, "cpu"):
        value = value.cpu()
    if hasattr(value, "numpy") and "numpy" in sys.modules:
        value = value.numpy()
    shape = tuple(getattr(value, "shape", ()))
    if shape and hasattr(value, "tobytes") and hasattr(value, "astype") and len(shape) in (2, 3):
        if len(shape) == 3 and shape[2] not in (1, 3, 4) and shape[0] in (1, 3, 4):
            value = value.transpose(1, 2, 0)
            shape = tuple(value.shape)
        if str(value.dtype).startswith(("float", "bfloat")):
            value = value.clip(0, 1) * 255 + 0.5
        elif str(value.dtype) == "bool":
            value = value * 255
        else:
            value = value.clip(0, 255)
        height, width, channels = shape[0], shape[1], shape[2] if len(shape) == 3 else 1
        return value.astype("uint8").tobytes(), *_checked_size(width, height, channels)
    return _pixel_lists(nested(value))


def _pixel_lists(rows: Any) -> Tuple[bytes, int, int, int]:
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list) or not rows[0]:
        raise ValueError("an image needs rows of pixels, height by width by channels")
    is_grey = not isinstance(rows[0][0], list)
    if not is_grey and len(rows) in (1, 3, 4) and len(rows[0][0]) not in (1, 3, 4):
        rows = [[list(pixel) for pixel in zip(*lines)] for lines in zip(*rows)]
    height, width = len(rows), len(rows[0])
    channels = 1 if is_grey else len(rows[0][0])
    _checked_size(width, height, channels)
    flat = [channel for row in rows for pixel in row for channel in ([pixel] if is_grey else pixel)]
    if len(flat) != width * height * channels:
        raise ValueError("the rows of an image differ in length")
    scale = 255 if any(isinstance(channel, float) for channel in flat) else 1
    return bytes(max(0, min(255, int(channel * scale + 0.5))) for channel in flat), width, height, channels


def _checked_size(width: int, height: int, channels: int) -> Tuple[int, int, int]:
    if channels not in (1, 3, 4) or not 0 < width * height <= PIXELS_MAX:
        raise ValueError("an image of %d × %d pixels with %d channels cannot be recorded" % (width, height, channels))
    return width, height, channels


def png(data: bytes, width: int, height: int, channels: int) -> bytes:
    """PNG (RFC 2083) of 8 bits a channel; each row is unfiltered."""

    def chunk(name: bytes, content: bytes) -> bytes:
        whole = name + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    stride = width * channels
    rows = b"".join(b"\0" + data[begin : begin + stride] for begin in range(0, len(data), stride))
    head = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def wav(samples: Any, rate: Optional[int]) -> bytes:
    """WAV of 16 bits, of samples from -1 to 1: a row of them, or rows of one per channel; what lies beyond is cut."""
    if not rate or not 1_000 <= int(rate) <= 384_000:
        raise ValueError("samples of a sound need rate=, the samples a second from 1,000 to 384,000")
    if not isinstance(samples, list) or not samples:
        raise ValueError("a sound has no samples")
    rows = [row if isinstance(row, list) else [row] for row in samples]
    channels = len(rows[0])
    if not 1 <= channels <= 8 or any(len(row) != channels for row in rows):
        raise ValueError("a sound has rows of one sample per channel, at most 8")
    frames = [max(-32768, min(32767, round(float(s) * 32767))) if s == s else 0 for row in rows for s in row]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(int(rate))
        file.writeframes(struct.pack("<%dh" % len(frames), *frames))
    return buffer.getvalue()
