"""Uploads one file as an artifact of the run: announce, parts with their hashes, complete.

An interrupted upload goes on with the parts that the server lacks. Everything the server says about an upload is
checked before it is used.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from typing import Any, Dict, Optional, Set

from .checkpoints import pinned_path
from .client import Answer, segment
from .courier import Courier
from .link import Link

PART_BYTES_MAX = 64 * 1024 * 1024
PARTS_MAX = 100_000
TRIES_MAX = 3
READ_BYTES = 1024 * 1024
_UPLOAD_ID = re.compile(r"^[A-Za-z0-9_\-]{1,100}$")


class UploadRefused(Exception):
    """The file cannot be uploaded; the message says why."""


class Uploader:
    """Uploads files over one courier."""

    def __init__(self, link: Link, courier: Courier) -> None:
        self.link = link
        self.courier = courier

    def upload(
        self, file: Dict[str, Any], kind: str, step: Optional[int], key: str, logged_as: Optional[str] = None
    ) -> str:
        """Upload a file of `list_files`; its SHA-256 in hex. `key` makes the announcement idempotent; `logged_as` is the
        key of `log()` under which it came.
        UploadRefused when the file is gone or changed, or when the server refuses it."""
        path = _readable(file, self.link.spool.files_folder)
        sha256 = hash_file(path)
        body = {"name": file["name"], "size": file["size"], "sha256": sha256, "type": kind, "step": step, "key": logged_as}
        raw = json.dumps({k: v for k, v in body.items() if v is not None}).encode("utf-8")
        for attempt in range(TRIES_MAX):
            answer = self._announce(raw, key if attempt == 0 else "%s-%d" % (key, attempt))
            upload = answer.data.get("upload")
            if answer.data.get("status") == "exists" or not isinstance(upload, dict):
                return sha256
            if self._transfer(path, file["size"], upload):
                return sha256
        raise UploadRefused("%s: the server did not take it after %d tries" % (file["name"], TRIES_MAX))

    def _announce(self, raw: bytes, key: str) -> Answer:
        headers = dict(self.link.fence_headers())
        headers.update({"Content-Type": "application/json", "Idempotency-Key": key})
        answer = self.courier.deliver("POST", "/runs/%s/artifacts" % segment(self.link.run), raw, headers)
        if not answer.ok:
            raise UploadRefused(answer.text())
        return answer

    def _transfer(self, path: str, size: int, upload: Dict[str, Any]) -> bool:
        """Send the missing parts and complete. False: the upload has gone or did not match; announce again."""
        identity, part_size, parts = _checked(upload, size)
        base = "/uploads/" + segment(identity)
        known = self.courier.deliver("GET", base, tolerate=(404,))
        if known.status == 404:
            return False
        durable = _durable_parts(known)
        with open(path, "rb") as file:
            for number in range(1, parts + 1):
                if number in durable:
                    continue
                file.seek((number - 1) * part_size)
                if not self._send_part(base, number, file.read(part_size)):
                    return False
        answer = self.courier.deliver("POST", base + "/complete", b"{}", self._json_headers(), tolerate=(404,))
        return answer.ok

    def _send_part(self, base: str, number: int, part: bytes) -> bool:
        headers = dict(self.link.fence_headers())
        headers["Content-Type"] = "application/octet-stream"
        headers["X-Content-SHA256"] = hashlib.sha256(part).hexdigest()
        path = "%s/parts/%d" % (base, number)
        # A file-like body goes out in small pieces, so that the time limit of the socket holds for a piece.
        answer = self.courier.deliver(
            "PUT", path, None, headers, tolerate=(404,), make_body=lambda: io.BytesIO(part), length=len(part)
        )
        return answer.ok

    def _json_headers(self) -> Dict[str, str]:
        return dict(self.link.fence_headers(), **{"Content-Type": "application/json"})


def hash_file(path: str) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            data = file.read(READ_BYTES)
            if not data:
                return digest.hexdigest()
            digest.update(data)


def _readable(file: Dict[str, Any], folder: str) -> str:
    """The path to read, when it still holds what was logged."""
    path = pinned_path(file, folder)
    path = path if path and os.path.exists(path) else file["path"]
    try:
        status = os.stat(path)
    except OSError as error:
        raise UploadRefused("%s cannot be read any more (%s)" % (file["path"], error.strerror)) from None
    if status.st_size != file["size"] or status.st_mtime_ns != file["mtime_ns"]:
        raise UploadRefused("%s changed after it was logged" % file["path"])
    return str(path)


def _checked(upload: Dict[str, Any], size: int) -> Any:
    answer = Answer(200, upload)
    identity, part_size, parts = answer.string("id", 100), answer.integer("part_size"), answer.integer("parts")
    wanted = -(-size // part_size) if part_size else -1
    if not identity or not _UPLOAD_ID.match(identity):
        raise UploadRefused("the server gave an upload without a usable id")
    sane = bool(part_size) and part_size <= PART_BYTES_MAX and parts is not None and parts <= PARTS_MAX
    if not sane or parts not in (wanted, max(wanted, 1)):
        raise UploadRefused("the server asks for %s parts of %s bytes of a file of %d bytes" % (parts, part_size, size))
    return identity, part_size, parts


def _durable_parts(answer: Answer) -> Set[int]:
    parts = answer.data.get("parts")
    rows = parts if isinstance(parts, list) else []
    return {row["n"] for row in rows if isinstance(row, dict) and isinstance(row.get("n"), int)}
