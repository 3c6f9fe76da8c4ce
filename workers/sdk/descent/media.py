"""Values of `log()` that are no numbers: text, images, audio, tables, histograms.

Each takes what it needs when it is made, so that later changes in place cannot reach it; the bytes are made in the
background. They are stored as artifacts of the run, with the key and the step under which they were logged.
"""

from __future__ import annotations

import io
import json
import math
import os
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Union

from .media_bytes import counted, flat, nested, pixel_bytes, png, wav
from .redact import redact_text

MEDIA_BYTES_MAX = 64 * 1024 * 1024
TABLE_CELLS_MAX = 200_000
BINS_MAX = 512
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
            return png(*pixel_bytes(self._pixels)), "png"
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
            return wav(nested(self._samples), self._rate), "wav"
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
            edges = [float(edge) for edge in nested(self._edges or [])]
            counts = [float(count) for count in nested(self._counts or [])]
            not_finite = 0
        else:
            edges, counts, not_finite = counted(flat(self._values), self._bins)
        ascending = all(a < b for a, b in zip(edges, edges[1:])) and all(map(math.isfinite, edges + counts))
        if len(edges) != len(counts) + 1 or not ascending or len(counts) > BINS_MAX:
            raise ValueError("a histogram needs ascending edges, and counts that are one fewer (at most %d)" % BINS_MAX)
        body = {"edges": edges, "counts": counts, "not_finite": not_finite}
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode("utf-8"), "json"


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


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if hasattr(value, "item") and getattr(value, "size", 2) in (1, ()):
        return _cell(value.item())
    return redact_text(str(value))
