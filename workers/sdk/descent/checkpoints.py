"""Checkpoints as the training process sees them: the list of files now, the upload later."""

from __future__ import annotations

import os
import threading
import unicodedata
import uuid
from typing import Any, Dict, List, Optional

FILES_MAX = 10_000
PINNED_BYTES_MAX = 20 * 1024 * 1024 * 1024


class Checkpoint:
    """Handle of a checkpoint that is being uploaded."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.ref = uuid.uuid4().hex
        self.error: Optional[str] = None
        self._id: Optional[str] = None
        self._settled = threading.Event()

    @property
    def id(self) -> Optional[str]:
        """The checkpoint's id, or None until the server has it whole."""
        return self._id

    def wait(self, timeout: Optional[float] = None) -> Optional[str]:
        """Wait until the checkpoint is committed or refused (then `error` says why); its id, or None."""
        self._settled.wait(timeout)
        return self._id

    def settle(self, identity: Optional[str], error: Optional[str] = None) -> None:
        """Called by the sending thread, once."""
        self._id, self.error = identity, error
        self._settled.set()

    def __repr__(self) -> str:
        return "<descent.Checkpoint step=%d id=%s>" % (self.step, self._id or "pending")


def list_files(path: str) -> List[Dict[str, Any]]:
    """The regular files of a folder (or the one file): name relative to the folder with `/`, path, size, mtime.
    ValueError when there is none. Links are not followed out of the folder."""
    if os.path.isfile(path):
        return [_entry(os.path.basename(path), path)]
    found = []
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            full = os.path.join(folder, name)
            if os.path.isfile(full) and not os.path.islink(full):
                found.append(_entry(os.path.relpath(full, path).replace(os.sep, "/"), full))
    if not found:
        raise ValueError("%s holds no files" % path)
    if len(found) > FILES_MAX:
        raise ValueError("%s holds %d files; at most %d make a checkpoint" % (path, len(found), FILES_MAX))
    return found


def pin_files(files: List[Dict[str, Any]], folder: str) -> None:
    """Give each file a second name below `folder` by a hard link, so that a recipe may replace or remove its own.
    Where the file system cannot, or too much is pinned, the original is read later."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with os.scandir(folder) as entries:
            pinned = sum(entry.stat().st_size for entry in entries)
    except OSError:
        return
    for file in files:
        pinned += file["size"]
        if pinned > PINNED_BYTES_MAX:
            return
        name = uuid.uuid4().hex
        try:
            os.link(file["path"], os.path.join(folder, name))
        except (OSError, AttributeError, NotImplementedError):
            continue
        file["pinned"] = name


def pinned_path(file: Dict[str, Any], folder: str) -> Optional[str]:
    """Where the second name of a file lies, if it has one. The name comes from the spool: it is checked."""
    name = file.get("pinned")
    return os.path.join(folder, name) if isinstance(name, str) and name.isalnum() else None


def unpin_files(files: List[Dict[str, Any]], folder: str) -> None:
    """Remove the second names."""
    for file in files:
        path = pinned_path(file, folder)
        if path:
            try:
                os.unlink(path)
            except OSError:
                pass


def _entry(name: str, path: str) -> Dict[str, Any]:
    status = os.stat(path)
    name = unicodedata.normalize("NFC", name)
    if "\\" in name or not name.isprintable() or len(name) > 512:
        raise ValueError("file name %r cannot be recorded: no backslashes, no control characters, 512 at most" % name)
    return {"name": name, "path": os.path.abspath(path), "size": status.st_size, "mtime_ns": status.st_mtime_ns}
