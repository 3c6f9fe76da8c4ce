"""The folder on disk that holds everything one process recorded until the server has it.

    <spool>/<run>-<time>-<random>/     0700
      run.json            what the records belong to: address, project, run, attempt, fence; never a credential
      environment.json    what was captured at the start
      calls-*.seg         project, run, attempt, checkpoints, evaluations, training rows, finish; in order
      metrics-*.seg  logs-*.seg  telemetry-*.seg
      files/              hard links that keep files of checkpoints until they are uploaded
      progress.json       how far the server has it
      dead-letter.jsonl   what the server refused, with the reason
      lock                held by the process that writes or sends
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
import uuid
from typing import Any, Dict, List, Optional

from .lane import Lane
from .notices import say, warn_once

try:
    import fcntl
except ImportError:  # Windows: two processes still cannot share a segment, since files are created exclusively.
    fcntl = None  # type: ignore[assignment]

SPOOL_BYTES_MAX = 500 * 1024 * 1024
SPOOL_AGE_S_MAX = 14 * 24 * 3600
SYNC_INTERVAL_S = 1.0
DEAD_LETTER_BYTES_MAX = 16 * 1024 * 1024
STREAMS = ("metrics", "logs", "telemetry")
DROP_ORDER = ("telemetry", "logs")


class SpoolBusy(Exception):
    """Another process writes or sends this spool."""


class Spool:
    """One process's records. Use `create_spool` or `open_spool`."""

    def __init__(self, folder: str, meta: Dict[str, Any], bytes_max: int = SPOOL_BYTES_MAX) -> None:
        self.folder = folder
        self.meta = meta
        self.bytes_max = bytes_max
        self.files_folder = os.path.join(folder, "files")
        self.lanes = {name: Lane(folder, name) for name in ("calls", *STREAMS)}
        self.dropped: Dict[str, int] = {name: 0 for name in STREAMS}
        self.dead_letters = 0
        self.results: Dict[str, Any] = {}
        self._lock = threading.Lock()
        self._lock_file = _take_lock(folder)
        self._synced_at = 0.0
        self._saved_at = 0.0

    def append(self, lane: str, head: Dict[str, Any], body: bytes = b"", items: int = 1) -> bool:
        """Spool one record. False: the spool is full and `items` items were dropped and counted."""
        if lane == "calls" or self._make_room(lane, len(body)):
            if self.lanes[lane].append(head, body):
                return True
        if lane in self.dropped:
            self.dropped[lane] += items
        warn_once(
            "spool-full-" + lane,
            "the spool %s is full or its disk refuses writes; %s are dropped and counted, training goes on"
            % (self.folder, lane if lane != "calls" else "records"),
        )
        return False

    def _make_room(self, lane: str, length: int) -> bool:
        while self.bytes() + length > self.bytes_max:
            victim = self._victim(lane)
            if victim is None:
                return False
            self.dropped[victim] += self.lanes[victim].drop_oldest()
            warn_once("spool-drop-" + victim, "the spool is full; the oldest %s are dropped and counted" % victim)
        return True

    def _victim(self, lane: str) -> Optional[str]:
        for name in DROP_ORDER:
            if self.lanes[name].segments:
                return name
            if name == lane:
                return None
        return None

    def bytes(self) -> int:
        """Bytes of all lanes."""
        return sum(lane.bytes for lane in self.lanes.values())

    def tick(self, now: float) -> None:
        """fsync at most once a second; called by the collecting thread."""
        if now - self._synced_at < SYNC_INTERVAL_S:
            return
        self._synced_at = now
        for lane in self.lanes.values():
            lane.retry_memory()
            lane.sync()

    # Progress and results of calls

    def remember(self, name: str, value: Any) -> None:
        """Keep what a call answered (an attempt's number, a checkpoint's id); on disk before this returns."""
        with self._lock:
            self.results[name] = value
        self.save_progress(force=True)

    def save_progress(self, force: bool = False) -> None:
        """Write progress.json, at most twice a second unless forced. A disk that refuses is ignored: what is sent
        again because of it is a duplicate by its number."""
        with self._lock:
            now = time.monotonic()
            if not force and now - self._saved_at < 0.5:
                return
            self._saved_at = now
            state = {
                "lanes": {name: lane.progress() for name, lane in self.lanes.items()},
                "results": self.results,
                "dropped": self.dropped,
                "dead_letters": self.dead_letters,
            }
            try:
                write_json(os.path.join(self.folder, "progress.json"), state)
            except (OSError, ValueError):
                pass

    def dead_letter(self, what: str, reason: str, content: Any) -> None:
        """Put a refused record aside with the reason and say so once per kind."""
        line = json.dumps({"at": time.time(), "what": what, "reason": reason[:1000], "record": content}, default=str)
        path = os.path.join(self.folder, "dead-letter.jsonl")
        with self._lock:
            self.dead_letters += 1
            try:
                descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
                try:
                    if os.fstat(descriptor).st_size + len(line) < DEAD_LETTER_BYTES_MAX:
                        os.write(descriptor, line.encode("utf-8", "replace") + b"\n")
                finally:
                    os.close(descriptor)
            except OSError:
                pass
        warn_once("dead-letter-" + what, "the server refused a %s: %s (kept in %s)" % (what, reason[:300], path))

    # The end

    def complete(self) -> bool:
        """True when the server has every record."""
        return all(lane.empty() for lane in self.lanes.values())

    def close(self) -> None:
        """Write everything down, release the lock, and remove the folder when nothing is left to send or to read."""
        for lane in self.lanes.values():
            lane.close()
            if lane.waiting:
                say("warning: the disk refused %d records of %s; they end here" % (lane.waiting, lane.name))
        done = self.complete()
        self.save_progress(force=True)
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None
        if not done:
            return
        if self.dead_letters == 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        for lane in self.lanes.values():
            for path in lane.paths():
                _unlink(path)
        shutil.rmtree(self.files_folder, ignore_errors=True)


def create_spool(root: str, meta: Dict[str, Any], bytes_max: int = SPOOL_BYTES_MAX) -> Spool:
    """A new, empty spool below `root`; below the temporary folder where `root` cannot be written. OSError when
    neither can."""
    name = "%s-%s-%s" % (meta["run"], time.strftime("%Y%m%dT%H%M%S"), uuid.uuid4().hex[:8])
    try:
        folder = _make_folder(root, name)
    except OSError as error:
        fallback = os.path.join(tempfile.gettempdir(), "descent-spool-%s" % getattr(os, "getuid", lambda: "user")())
        say("warning: %s cannot be written (%s); spooling to %s" % (root, error.strerror or error, fallback))
        folder = _make_folder(fallback, name)
    write_json(os.path.join(folder, "run.json"), meta)
    return Spool(folder, meta, bytes_max)


def open_spool(folder: str) -> Spool:
    """The spool that an earlier process left. SpoolBusy while one still uses it; ValueError or OSError
    when it is none."""
    meta = read_json(os.path.join(folder, "run.json"))
    if not isinstance(meta, dict) or not isinstance(meta.get("run"), str) or not isinstance(meta.get("streams"), dict):
        raise ValueError("%s holds no spool: run.json is not readable" % folder)
    spool = Spool(folder, meta)
    progress: Any = {}
    try:
        progress = read_json(os.path.join(folder, "progress.json"))
    except (OSError, ValueError):
        pass
    progress = progress if isinstance(progress, dict) else {}
    for name, lane in spool.lanes.items():
        lane.restore(_dict(_dict(progress.get("lanes")).get(name)))
    spool.results = _dict(progress.get("results"))
    spool.dropped.update({k: v for k, v in _dict(progress.get("dropped")).items() if k in STREAMS})
    spool.dead_letters = int(progress.get("dead_letters") or 0)
    return spool


def find_spools(path: str) -> List[str]:
    """`path` itself when it is a spool, else the spools right below it, oldest first."""
    if os.path.isfile(os.path.join(path, "run.json")):
        return [path]
    try:
        names = os.listdir(path)
    except OSError:
        return []
    found = [os.path.join(path, n) for n in names if os.path.isfile(os.path.join(path, n, "run.json"))]
    return sorted(found, key=os.path.getmtime)


def remove_expired(root: str, now: float) -> None:
    """Remove spools that nobody uses and that were last written more than 14 days ago, and say so."""
    for folder in find_spools(root):
        newest = max((os.path.getmtime(entry.path) for entry in os.scandir(folder)), default=now)
        if now - newest < SPOOL_AGE_S_MAX:
            continue
        try:
            _take_lock(folder).close()
        except (SpoolBusy, OSError, AttributeError):
            continue
        say("removing the spool %s: not sent within %d days" % (folder, SPOOL_AGE_S_MAX // 86400))
        shutil.rmtree(folder, ignore_errors=True)


def write_json(path: str, value: Any) -> None:
    """Replace `path` at once by `value` as JSON, mode 0600."""
    partial = "%s.%s" % (path, uuid.uuid4().hex[:8])
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(partial, path)
    except BaseException:
        _unlink(partial)
        raise


def read_json(path: str) -> Any:
    """The JSON in `path`. OSError, ValueError."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _make_folder(root: str, name: str) -> str:
    if not os.path.isdir(root):
        os.makedirs(root, mode=0o700)
        with open(os.path.join(root, ".gitignore"), "w", encoding="utf-8") as file:
            file.write("*\n")
    folder = os.path.join(os.path.abspath(root), name)
    os.mkdir(folder, 0o700)
    return folder


def _take_lock(folder: str) -> Any:
    descriptor = os.open(os.path.join(folder, "lock"), os.O_CREAT | os.O_RDWR, 0o600)
    file = os.fdopen(descriptor, "w")
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise SpoolBusy(folder) from None
    return file


def _dict(value: Any) -> Dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
