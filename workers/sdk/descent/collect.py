"""The thread between training and the spool: takes what `log()` queued, checks it, makes batches, spools them."""

from __future__ import annotations

import collections
import json
import threading
import time
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from .console import clean_line
from .link import Link
from .logged_media import MediaEntry, spool_media
from .media import Text
from .notices import warn_once
from .points import BATCH_BYTES, BUSY_BATCH_BYTES, BatchBuilder, clean_step
from .spool import Spool
from .telemetry import Sampler

TICK_S = 0.2
FLUSH_INTERVAL_S = 1.0
QUEUE_MAX = 1_000_000
# So many calls of `log()` in one round of 0.2 s make larger batches.
BUSY_ENTRIES = 2_000
LINE_BYTES_MAX = 60_000
LINES_BYTES = 64 * 1024

Make = Callable[[], List[Tuple[str, Dict[str, Any]]]]


class Collector(threading.Thread):
    """Owns the queues. `append` of `points` and `lines` are all that the training thread ever calls."""

    def __init__(self, link: Link, wire: str = "binary") -> None:
        super().__init__(name="descent-collect", daemon=True)
        self.link = link
        self.wire = wire
        self.spool: Spool = link.spool
        # (step, seconds, values); bounded, so that a machine that cannot keep up loses old points and not its memory.
        self.points: Deque[Tuple[Any, float, Any]] = collections.deque(maxlen=QUEUE_MAX)
        self.calls: Deque[Make] = collections.deque()
        self.lines: Deque[Tuple[float, int, str]] = collections.deque(maxlen=QUEUE_MAX)
        # An agent measures its machine itself.
        self._sampler = None if link.meta.get("job") else Sampler()
        self.wakeup = threading.Event()
        self.last_step = -1
        self.recorded = 0
        self._ending = False
        self._flushed_at = time.monotonic()
        self._builder = BatchBuilder(wire)
        # The last text of each key: a word that stays the same for a thousand steps is one artifact, not a thousand.
        self._said: Dict[Any, Optional[str]] = {}

    def end(self) -> None:
        """Take what is queued and return; `link.collected` is set when everything is spooled."""
        self._ending = True
        self.wakeup.set()

    def run(self) -> None:
        """Until `end`: a round every 0.2 s. Nothing that goes wrong in a round ends the thread."""
        while True:
            ending = self._ending
            try:
                self._round(flush=ending)
            except Exception as error:
                warn_once("collect", "some records were lost to a defect of the client: %r" % error)
            if ending:
                self.link.collected.set()
                return
            self.wakeup.wait(TICK_S)
            self.wakeup.clear()

    def _round(self, flush: bool) -> None:
        now = time.monotonic()
        self._take_points()
        self._take_calls()
        if flush or now - self._flushed_at >= FLUSH_INTERVAL_S:
            self._flushed_at = now
            self._flush_points()
            self._take_telemetry(now)
            self._take_lines()
        self.spool.tick(now)
        for client in self.link.clients:
            client.expire()

    def _take_points(self) -> None:
        if len(self.points) >= QUEUE_MAX:
            warn_once("queue", "log() is called faster than this machine can spool; the oldest points are dropped")
        waiting = len(self.points)
        self._builder.bytes_max = BATCH_BYTES if waiting < BUSY_ENTRIES else BUSY_BATCH_BYTES
        for _ in range(waiting):
            step, seconds, values = self.points.popleft()
            try:
                self._take_entry(step, seconds, values)
            except Exception as error:
                warn_once("entry", "one log() call could not be recorded: %r" % error)

    def _take_entry(self, step: Any, seconds: float, values: Any) -> None:
        number = clean_step(step, self.last_step + 1)
        if type(values) is MediaEntry:
            if number is not None:
                self.last_step = max(self.last_step, number)
                self._spool_media(number, values)
            values = values.numbers
            if not values:
                return
        # A clock before 1970 must not cost the whole batch.
        kept = 0 if number is None else self._builder.add(number, max(0, int(seconds * 1000)), values)
        if number is None or not kept:
            return
        self.last_step = max(self.last_step, number)
        self.recorded += kept
        if self._builder.full:
            self._flush_points()

    def _spool_media(self, step: int, entry: MediaEntry) -> None:
        for key, media in entry.media.items():
            said = media[0].text if len(media) == 1 and isinstance(media[0], Text) else None
            if said is not None and self._said.get(key) == said:
                continue
            self._said[key] = said
            try:
                records = spool_media(key, media, step, self.spool.files_folder)
            except Exception as error:
                warn_once("media-%s" % key, "%r of type %s was not recorded: %s" % (key, media[0].kind, error))
                continue
            for record in records:
                body = json.dumps(record, separators=(",", ":")).encode("utf-8")
                self.spool.append("calls", {"kind": "artifact"}, body)

    def _flush_points(self) -> None:
        if self._builder.points:
            body, head = self._builder.take()
            self.spool.append("metrics", head, body, head["points"])

    def _take_calls(self) -> None:
        while self.calls:
            make = self.calls.popleft()
            try:
                records = make()
            except ValueError as error:
                warn_once("call-%s" % error, "%s; it was not recorded" % error)
                continue
            except Exception as error:
                warn_once("call", "a call could not be recorded: %r" % error)
                continue
            self._flush_points()
            for kind, data in records:
                self.spool.append("calls", {"kind": kind}, json.dumps(data, separators=(",", ":")).encode("utf-8"))

    def _take_telemetry(self, now: float) -> None:
        counters = {"spool.dropped.%s" % kind: count for kind, count in self.spool.dropped.items()}
        values = self._sampler.sample(now, counters) if self._sampler else None
        if not values:
            return
        time_ms = int(time.time() * 1000)
        builder = BatchBuilder(self.wire)
        builder.add(max(0, time_ms - int(self.link.meta["started_at"] * 1000)), time_ms, values)
        body, head = builder.take()
        self.spool.append("telemetry", head, body, head["points"])

    def _take_lines(self) -> None:
        lines: List[Dict[str, Any]] = []
        size = 0
        while self.lines:
            seconds, descriptor, text = self.lines.popleft()
            lines.append({"t": int(seconds * 1000), "fd": descriptor, "text": clean_line(text)})
            size += len(text) + 40
            if size >= LINES_BYTES:
                self._spool_lines(lines)
                lines, size = [], 0
        self._spool_lines(lines)

    def _spool_lines(self, lines: List[Dict[str, Any]]) -> None:
        if lines:
            body = json.dumps({"lines": lines}, separators=(",", ":")).encode("utf-8")
            self.spool.append("logs", {"lines": len(lines)}, body, len(lines))
