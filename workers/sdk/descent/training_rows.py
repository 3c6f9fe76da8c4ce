"""Hashes of rows of training data, for the search for evaluation items among them; the texts themselves are never sent.

A text is normalised: NFKC, lower case, every run of characters that are neither letters nor digits one blank, none at the
ends. Its hash is the SHA-256 of that text in UTF-8. Hashed are whole rows and every 13 words of a row, one after another."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any, Dict, Iterable, Iterator, List, Tuple

WINDOW_WORDS = 13
ROWS_PER_CALL = 10_000
HASHES_PER_CALL = 25_000

_OTHER = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """The text whose hash is compared; empty for a text without letters and digits."""
    return _OTHER.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def text_hash(text: str) -> str:
    """The hash of a whole text: of a row, or of an item's prompt (`hash` in the items of `log_eval`)."""
    return _sha256(normalised(text))


def window_hashes(text: str) -> List[str]:
    """The hashes of every 13 words of a text; none for a shorter one."""
    words = normalised(text).split(" ")
    return [_sha256(" ".join(words[i : i + WINDOW_WORDS])) for i in range(len(words) - WINDOW_WORDS + 1)]


def training_records(dataset: str, rows: Iterable[Any], windows: bool) -> Iterator[Dict[str, Any]]:
    """Bodies of calls, each with at most 10,000 rows and 25,000 hashes; a row of more windows is told in several.

    ValueError names the data set or the row that is wrong."""
    name, separator, version = str(dataset).partition("@")
    if not (name and separator and version):
        raise ValueError("dataset %r: give slug@version, as the data mixture names it" % (dataset,))
    call: List[Dict[str, Any]] = []
    hashes = 0
    for identity, text in map(_row, rows):
        whole = text_hash(text)
        parts = _chunks(window_hashes(text), HASHES_PER_CALL - 1) if windows else [[]]
        for part in parts:
            if call and (len(call) >= ROWS_PER_CALL or hashes + 1 + len(part) > HASHES_PER_CALL):
                yield {"dataset": dataset, "rows": call}
                call, hashes = [], 0
            call.append({"id": identity, "hash": whole, "windows": part} if part else {"id": identity, "hash": whole})
            hashes += 1 + len(part)
    if call:
        yield {"dataset": dataset, "rows": call}


def _row(row: Any) -> Tuple[str, str]:
    if isinstance(row, dict) and "id" in row and isinstance(row.get("text"), str):
        return str(row["id"])[:256], row["text"]
    if isinstance(row, (tuple, list)) and len(row) == 2 and isinstance(row[1], str):
        return str(row[0])[:256], row[1]
    raise ValueError("training row %.80r: give (id, text), or a dictionary with id and text" % (row,))


def _chunks(hashes: List[str], size: int) -> List[List[str]]:
    return [hashes[i : i + size] for i in range(0, len(hashes), size)] or [[]]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
