"""Values of `log()` that are no numbers: text, images, audio, tables, histograms.

Each takes what it needs when it is made, so that later changes in place cannot reach it; the bytes are made in the
background. They are stored as artifacts of the run, with the key and the step under which they were logged.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
import sys
import uuid
import wave
import zlib
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Union

from .points import clean_key
from .redact import redact_text

MEDIA_BYTES_MAX = 64 * 1024 * 1024
TABLE_CELLS_MAX = 200_000
BINS_MAX = 512
PIXELS_MAX = 64 * 1024 * 1024
_IMAGE_STARTS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))
_AUDIO_STARTS = ((b"ID3", "mp3"), (b"\xff\xfb", "mp3"), (b"\xff\xf3", "mp3"), (b"OggS", "ogg"), (b"fLaC", "flac"))

Encoded = Tuple[bytes, str]


class Media:
    """What all of them have in common. `kind` is the type of the artifact."""

    kind = "file"

    def encode(self) -> Encoded:
        """The bytes and the extension of their file. ValueError when it is not what it should be."""
        raise NotImplementedError


class Text(Media):
    """A text, such as a sample of what the model answers. A plain string in `log()` is the same."""

    kind = "text"

    def __init__(self, text: str) -> None:
        self.text = str(text)

    def encode(self) -> Encoded:
        """UTF-8, without values that look like secrets."""
        return redact_text(self.text).encode("utf-8"), "txt"


class Image(Media):
    """A picture.

    value: bytes of a PNG, JPEG, GIF or WebP file; its path; a figure (whatever has `savefig`) or picture (`save`); or
        rows of pixels: height × width, or height × width × 1, 3 or 4 (grey, red-green-blue, with opacity), whole
        numbers 0 to 255 or fractions 0 to 1. Tensors may have their channels first."""

    kind = "image"

    def __init__(self, value: Any) -> None:
        self._data: Optional[bytes] = None
        self._pixels: Any = None
        if isinstance(value, (bytes, bytearray, memoryview)):
            self._data = bytes(value)
        elif isinstance(value, (str, os.PathLike)):
            self._data = _read(value)
        elif hasattr(value, "savefig"):
            self._data = _saved(value.savefig, format="png")
        elif hasattr(value, "save") and not hasattr(value, "shape"):
            self._data = _saved(value.save, format="PNG")
        else:
            self._pixels = _copied(value)

    def encode(self) -> Encoded:
        """The file as it came, or a PNG of the pixels."""
        if self._data is None:
            return _png(*_pixel_bytes(self._pixels)), "png"
        for start, extension in _IMAGE_STARTS:
            if self._data.startswith(start):
                return self._data, extension
        if self._data[:4] == b"RIFF" and self._data[8:12] == b"WEBP":
            return self._data, "webp"
        raise ValueError("an image is neither PNG nor JPEG, GIF or WebP")


class Audio(Media):
    """A sound.

    value: bytes of a WAV, MP3, OGG or FLAC file; its path; or samples from -1 to 1: a row of them, or rows of one per
        channel.
    rate: samples a second; needed for samples."""

    kind = "audio"

    def __init__(self, value: Any, rate: Optional[int] = None) -> None:
        self._data: Optional[bytes] = None
        self._samples: Any = None
        self._rate = rate
        if isinstance(value, (bytes, bytearray, memoryview)):
            self._data = bytes(value)
        elif isinstance(value, (str, os.PathLike)):
            self._data = _read(value)
        else:
            self._samples = _copied(value)

    def encode(self) -> Encoded:
        """The file as it came, or a WAV of 16 bits."""
        if self._data is None:
            return _wav(_nested(self._samples), self._rate), "wav"
        for start, extension in _AUDIO_STARTS:
            if self._data.startswith(start):
                return self._data, extension
        if self._data[:4] == b"RIFF" and self._data[8:12] == b"WAVE":
            return self._data, "wav"
        raise ValueError("a sound is neither WAV nor MP3, OGG or FLAC")


class Table(Media):
    """Rows under names of columns, such as prompts with their answers. At most 200,000 cells; what follows is left out.

    rows: dictionaries; or lists, with `columns`. Cells are texts, numbers, booleans or None; others become text.
    columns: the names, in their order; default: the keys of the first dictionary."""

    kind = "table"

    def __init__(self, rows: Iterable[Any], columns: Optional[Sequence[str]] = None) -> None:
        taken: List[Dict[str, Any]] = []
        names = None if columns is None else [str(name) for name in columns]
        cells = 0
        self.left_out = 0
        for row in rows:
            if not isinstance(row, dict):
                if names is None:
                    raise ValueError("a table of lists needs columns=")
                row = dict(zip(names, row))
            if names is None:
                names = [str(name) for name in row]
            cells += len(names)
            if cells > TABLE_CELLS_MAX:
                self.left_out += 1
            else:
                taken.append({name: _cell(row.get(name)) for name in names})
        self.rows = taken

    def encode(self) -> Encoded:
        """A JSON object a line, its members in the order of the columns."""
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for row in self.rows]
        return "".join(line + "\n" for line in lines).encode("utf-8"), "jsonl"


class Histogram(Media):
    """How values are distributed.

    values: numbers, nested or an array of any shape, that are counted into `bins` of equal width. What is not finite is
        counted apart.
    edges, counts: instead of values: ascending edges and one count fewer."""

    kind = "histogram"

    def __init__(
        self,
        values: Any = None,
        bins: int = 64,
        edges: Optional[Sequence[float]] = None,
        counts: Optional[Sequence[float]] = None,
    ) -> None:
        self._values = None if values is None else _copied(values)
        self._bins = max(1, min(BINS_MAX, int(bins)))
        self._edges, self._counts = edges, counts

    def encode(self) -> Encoded:
        """{"edges": […], "counts": […], "not_finite": 0} as JSON."""
        if self._values is None:
            edges = [float(edge) for edge in _nested(self._edges or [])]
            counts = [float(count) for count in _nested(self._counts or [])]
            not_finite = 0
        else:
            edges, counts, not_finite = _counted(_flat(self._values), self._bins)
        ascending = all(a < b for a, b in zip(edges, edges[1:])) and all(map(math.isfinite, edges + counts))
        if len(edges) != len(counts) + 1 or not ascending or len(counts) > BINS_MAX:
            raise ValueError("a histogram needs ascending edges, and counts that are one fewer (at most %d)" % BINS_MAX)
        body = {"edges": edges, "counts": counts, "not_finite": not_finite}
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode("utf-8"), "json"


class MediaEntry:
    """What one `log()` call was given, apart: numbers, and media by key."""

    __slots__ = ("numbers", "media")

    def __init__(self, numbers: Dict[Any, Any], media: Dict[str, List[Media]]) -> None:
        self.numbers = numbers
        self.media = media


def split_media(values: Dict[Any, Any]) -> Optional[MediaEntry]:
    """Numbers and media of one `log()` call; None when there is no medium among them. Strings are texts, lists of media
    several under one key, and nested dictionaries keys with a slash."""
    media: Dict[str, List[Media]] = {}
    numbers = _without_media(values, "", media)
    return MediaEntry(numbers, media) if media else None


def _without_media(values: Dict[Any, Any], prefix: str, media: Dict[str, List[Media]]) -> Dict[Any, Any]:
    numbers: Dict[Any, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            inner = _without_media(value, "%s%s/" % (prefix, key), media)
            if inner:
                numbers[key] = inner
            continue
        found = _media_of(value)
        if not found:
            numbers[key] = value
        else:
            media.setdefault(prefix + key if isinstance(key, str) else key, []).extend(found)
    return numbers


def _media_of(value: Any) -> List[Media]:
    if isinstance(value, Media):
        return [value]
    if isinstance(value, str):
        return [Text(value)]
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, (Media, str)) for item in value):
        return [item if isinstance(item, Media) else Text(item) for item in value]
    return []


def spool_media(key: Any, media: Sequence[Media], step: int, folder: str) -> List[Dict[str, Any]]:
    """Writes media of one key and step into `folder`; their records for the calls lane.

    ValueError when one of them is not what it should be; none of them is recorded then."""
    name = clean_key(key)
    if name is None:
        return []
    records = []
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for number, value in enumerate(media):
        data, extension = value.encode()
        if len(data) > MEDIA_BYTES_MAX:
            raise ValueError("at step %d it has %d bytes; at most %d are taken" % (step, len(data), MEDIA_BYTES_MAX))
        place = "%d" % step if len(media) == 1 else "%d-%d" % (step, number + 1)
        pinned = uuid.uuid4().hex
        path = os.path.join(folder, pinned)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        status = os.stat(path)
        file_entry = {
            "name": "media/%s/%s.%s" % (_file_name(name), place, extension),
            "path": path,
            "size": status.st_size,
            "mtime_ns": status.st_mtime_ns,
            "pinned": pinned,
        }
        records.append({"files": [file_entry], "type": value.kind, "key": name, "step": step})
    return records


def _file_name(key: str) -> str:
    """A key as the folders of a file's name: what the server refuses in names becomes an underscore."""
    parts = ["_" if part == "." else part for part in key.replace("\\", "_").split("/")]
    return "".join(c if c.isprintable() else "_" for c in "/".join(parts))


# Making the bytes


def _read(path: Union[str, "os.PathLike[str]"]) -> bytes:
    if os.stat(path).st_size > MEDIA_BYTES_MAX:
        raise ValueError("%s has more than %d bytes" % (os.fspath(path), MEDIA_BYTES_MAX))
    with open(path, "rb") as file:
        return file.read()


def _saved(save: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    save(buffer, **options)
    return buffer.getvalue()


def _copied(value: Any) -> Any:
    """A copy that later changes in place cannot reach; tensors are cloned without waiting for a device."""
    if hasattr(value, "detach") and hasattr(value, "clone"):
        return value.detach().clone()
    if hasattr(value, "tolist") and hasattr(value, "copy"):
        return value.copy()
    return [_copied(item) for item in value] if isinstance(value, (list, tuple)) else value


def _nested(value: Any) -> Any:
    """Lists of lists of plain numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [_nested(item) for item in value] if isinstance(value, (list, tuple)) else value


def _flat(value: Any) -> List[float]:
    found: List[float] = []
    waiting = [_nested(value)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting.extend(item)
        else:
            found.append(float(item))
    return found


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if hasattr(value, "item") and getattr(value, "size", 2) in (1, ()):
        return _cell(value.item())
    return redact_text(str(value))


def _counted(values: List[float], bins: int) -> Tuple[List[float], List[float], int]:
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


def _pixel_bytes(value: Any) -> Tuple[bytes, int, int, int]:
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
    return _pixel_lists(_nested(value))


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


def _png(data: bytes, width: int, height: int, channels: int) -> bytes:
    """PNG (RFC 2083) of 8 bits a channel; each row is unfiltered."""

    def chunk(name: bytes, content: bytes) -> bytes:
        whole = name + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    stride = width * channels
    rows = b"".join(b"\0" + data[begin : begin + stride] for begin in range(0, len(data), stride))
    head = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def _wav(samples: Any, rate: Optional[int]) -> bytes:
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
