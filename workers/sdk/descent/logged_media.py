"""Media among the values of one `log()` call: told apart from its numbers, then written into the spool as files."""

from __future__ import annotations

import os
import uuid
from typing import Any, Dict, List, Optional, Sequence

from .media import MEDIA_BYTES_MAX, Media, Text
from .points import clean_key


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
