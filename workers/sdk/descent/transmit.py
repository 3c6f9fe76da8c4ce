"""Sends the batches of one stream in order, one request at a time, from the spool."""

from __future__ import annotations

import json
import threading
from typing import Any, Dict, Optional

from .client import Answer, segment
from .courier import Courier, Halted
from .lane import Lane, Record
from .link import Link
from .notices import warn_once
from .retry import action_for

REMOVALS_MAX = 20


class StreamSender(threading.Thread):
    """The thread of one lane. It ends when the lane is drained after the last record, or when sending is halted."""

    def __init__(self, link: Link, name: str) -> None:
        super().__init__(name="descent-" + name, daemon=True)
        self.link = link
        self.lane: Lane = link.spool.lanes[name]
        self.kind = name
        self.stream: str = link.meta["streams"][name]
        self.path = "/runs/%s/%s" % (segment(link.run), name)
        self.courier = Courier(link, name)
        self._skip_below = 0
        self.rewind_to = 0

    def run(self) -> None:
        """Send until there is nothing more to send."""
        try:
            while not self.link.over():
                self._step()
        except Halted:
            pass
        except Exception as error:  # A defect here must not look like a server that is away.
            self.link.halt("a defect while sending %s: %r" % (self.kind, error))

    def unsent(self) -> bool:
        """True while records wait."""
        return not self.lane.empty()

    def _step(self) -> None:
        if not self.link.attempt_known.wait(0.25):
            return
        if self.rewind_to:
            self._skip_below, self.rewind_to = self.rewind_to, 0
            self.lane.rewind()
        record = self.lane.peek()
        if record is None:
            self.lane.wakeup.wait(0.25)
            return
        if record.head["seq"] < self._skip_below:
            self.lane.ack(record, self.lane.contiguous)
            return
        self._send(record)
        self.link.spool.save_progress()

    def _send(self, record: Record) -> None:
        body, removals = record.body, 0
        while True:
            answer = self._post(record.head["seq"], body)
            action = action_for(answer)
            if action == "stop":
                raise Halted(answer.text())
            if action == "ok":
                self._accept(record, body, answer)
                return
            if action == "halve":
                smaller = self._halve(record, body)
                if smaller is not None:
                    body = smaller
                    continue
            key = answer.data.get("key")
            if action == "refused" and isinstance(key, str) and removals < REMOVALS_MAX:
                fewer = without_key(body, key)
                if fewer is not None:
                    self.link.spool.dead_letter("metric key", answer.text(), {"key": key, "batch": _loads(body)})
                    body, removals = fewer, removals + 1
                    continue
            self._refuse(record, body, answer)
            return

    def _post(self, seq: int, body: bytes) -> Answer:
        headers = dict(self.link.fence_headers())
        headers.update({"X-Stream": self.stream, "X-Seq": str(seq), "Content-Type": "application/json"})
        # A server without this door for logs or telemetry must not end the recording of metrics.
        tolerate = () if self.kind == "metrics" else (404,)
        return self.courier.deliver("POST", self.path, body, headers, tolerate)

    def _accept(self, record: Record, body: bytes, answer: Answer) -> None:
        rejected = answer.data.get("rejected")
        if isinstance(rejected, list) and rejected:
            self.link.spool.dead_letter("metric", json.dumps(rejected)[:1000], _loads(body))
        if answer.data.get("stop") is True:
            self.link.stop_requested = True
        contiguous = answer.integer("contiguous")
        self.lane.ack(record, self.lane.contiguous if contiguous is None else contiguous)

    def _refuse(self, record: Record, body: bytes, answer: Answer) -> None:
        """Put the batch aside. Its number stays a hole, which the server shows: nothing is silent."""
        already_there = answer.status == 409
        if not already_there:
            self.lane.holes += 1
        self.link.spool.dead_letter("batch of " + self.kind, answer.text(), _loads(body))
        self.lane.ack(record, self.lane.contiguous)

    def _halve(self, record: Record, body: bytes) -> Optional[bytes]:
        """The first half, after the second went to the end of the spool under a number of its own."""
        halves = split_batch(body)
        if halves is None:
            return None
        head = {k: v for k, v in record.head.items() if k != "seq"}
        return halves[0] if self.lane.append(head, halves[1]) else None


def split_batch(body: bytes) -> Any:
    """Two bodies that hold the points (or lines) of `body` in order; None when there is only one left."""
    data = _loads(body)
    if isinstance(data, dict) and isinstance(data.get("lines"), list) and len(data["lines"]) > 1:
        middle = len(data["lines"]) // 2
        return _dumps({"lines": data["lines"][:middle]}), _dumps({"lines": data["lines"][middle:]})
    groups = data.get("groups") if isinstance(data, dict) else None
    if not isinstance(groups, list) or not groups:
        return None
    if len(groups) > 1:
        middle = len(groups) // 2
        return _dumps({"groups": groups[:middle]}), _dumps({"groups": groups[middle:]})
    group = groups[0]
    if len(group["step"]) > 1:
        middle = len(group["step"]) // 2
        return _dumps({"groups": [_rows(group, 0, middle)]}), _dumps({"groups": [_rows(group, middle, None)]})
    keys = list(group["m"])
    if len(keys) < 2:
        return None
    middle = len(keys) // 2
    return tuple(
        _dumps({"groups": [dict(group, m={key: group["m"][key] for key in part})]})
        for part in (keys[:middle], keys[middle:])
    )


def without_key(body: bytes, key: str) -> Optional[bytes]:
    """The batch without one metric key; None when it does not hold it."""
    data = _loads(body)
    groups = data.get("groups") if isinstance(data, dict) else None
    if not isinstance(groups, list) or not any(key in group["m"] for group in groups):
        return None
    kept = [dict(group, m={k: v for k, v in group["m"].items() if k != key}) for group in groups]
    return _dumps({"groups": [group for group in kept if group["m"]]})


def note_rewind(sender: StreamSender, expected_seq: int) -> bool:
    """Send again from `expected_seq`. False when that batch is no longer here."""
    oldest = None
    sender.lane.rewind()
    record = sender.lane.peek()
    if record is not None:
        oldest = record.head["seq"]
    if oldest is None or oldest > expected_seq:
        warn_once("gap", "the server misses batch %d of %s and no copy is left" % (expected_seq, sender.kind))
        return False
    sender.rewind_to = expected_seq
    sender.lane.wakeup.set()
    return True


def _rows(group: Dict[str, Any], begin: int, end: Optional[int]) -> Dict[str, Any]:
    return {
        "step": group["step"][begin:end],
        "t": group["t"][begin:end],
        "m": {key: values[begin:end] for key, values in group["m"].items()},
    }


def _loads(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8")
