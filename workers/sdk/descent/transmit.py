"""Sends the batches of one stream in order, one request at a time, from the spool."""

from __future__ import annotations

import json
import threading
from typing import Any, Dict, List, Optional

from .binary_batch import CONTENT_TYPE, Group
from .client import Answer, segment
from .courier import Courier, Halted
from .lane import Lane, Record
from .link import Link
from .notices import warn_once
from .points import dump_groups, json_group, load_groups
from .retry import action_for

REMOVALS_MAX = 20
CONTENT_TYPES = {"binary": CONTENT_TYPE, "json": "application/json"}


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
        self._only_json = False
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
        # Records of earlier versions name no wire: they are JSON.
        wire = "binary" if record.head.get("wire") == "binary" else "json"
        body, removals = record.body, 0
        while True:
            if wire == "binary" and self._only_json:
                body, wire = dump_groups(_groups(body, wire), "json"), "json"
            answer = self._post(record.head["seq"], body, wire)
            action = action_for(answer)
            if answer.status == 415 and wire == "binary" and not self._only_json:
                # A server of before binary bodies, or a proxy that lets none through. It read nothing of this one.
                self._only_json = True
                continue
            if action == "stop":
                raise Halted(answer.text())
            if action == "ok":
                self._accept(record, body, wire, answer)
                return
            if action == "halve":
                smaller = self._halve(record, body, wire)
                if smaller is not None:
                    body = smaller
                    continue
            key = answer.data.get("key")
            if action == "refused" and isinstance(key, str) and removals < REMOVALS_MAX:
                fewer = without_key(body, key, wire)
                if fewer is not None:
                    self.link.spool.dead_letter("metric key", answer.text(), {"key": key, "batch": readable(body, wire)})
                    body, removals = fewer, removals + 1
                    continue
            self._refuse(record, body, wire, answer)
            return

    def _post(self, seq: int, body: bytes, wire: str) -> Answer:
        headers = dict(self.link.fence_headers())
        headers.update({"X-Stream": self.stream, "X-Seq": str(seq), "Content-Type": CONTENT_TYPES[wire]})
        # A server without this door for logs or telemetry must not end the recording of metrics.
        tolerate = () if self.kind == "metrics" else (404,)
        return self.courier.deliver("POST", self.path, body, headers, tolerate)

    def _accept(self, record: Record, body: bytes, wire: str, answer: Answer) -> None:
        rejected = answer.data.get("rejected")
        if isinstance(rejected, list) and rejected:
            self.link.spool.dead_letter("metric", json.dumps(rejected)[:1000], readable(body, wire))
        if answer.data.get("stop") is True:
            self.link.stop_requested = True
        contiguous = answer.integer("contiguous")
        self.lane.ack(record, self.lane.contiguous if contiguous is None else contiguous)

    def _refuse(self, record: Record, body: bytes, wire: str, answer: Answer) -> None:
        """Put the batch aside. Its number stays a hole, which the server shows: nothing is silent."""
        already_there = answer.status == 409
        if not already_there:
            self.lane.holes += 1
        self.link.spool.dead_letter("batch of " + self.kind, answer.text(), readable(body, wire))
        self.lane.ack(record, self.lane.contiguous)

    def _halve(self, record: Record, body: bytes, wire: str) -> Optional[bytes]:
        """The first half, after the second went to the end of the spool under a number of its own."""
        halves = split_lines(body) if self.kind == "logs" else split_batch(body, wire)
        if halves is None:
            return None
        head = {k: v for k, v in record.head.items() if k != "seq"}
        return halves[0] if self.lane.append(head, halves[1]) else None


def split_lines(body: bytes) -> Any:
    """Two bodies that hold the lines of `body` in order; None when there is only one left."""
    data = readable(body, "json")
    lines = data.get("lines") if isinstance(data, dict) else None
    if not isinstance(lines, list) or len(lines) < 2:
        return None
    middle = len(lines) // 2
    return _dumps({"lines": lines[:middle]}), _dumps({"lines": lines[middle:]})


def split_batch(body: bytes, wire: str) -> Any:
    """Two bodies that hold the points of `body` in order; None when there is only one left."""
    groups = _groups(body, wire)
    if not groups:
        return None
    middle = len(groups) // 2
    halves = (groups[:middle], groups[middle:]) if middle else _split_group(groups[0])
    return halves and tuple(dump_groups(half, wire) for half in halves)


def _split_group(group: Group) -> Any:
    if len(group["step"]) > 1:
        middle = len(group["step"]) // 2
        return [_rows(group, 0, middle)], [_rows(group, middle, None)]
    keys = list(group["m"])
    if len(keys) < 2:
        return None
    middle = len(keys) // 2
    return tuple([dict(group, m={key: group["m"][key] for key in part})] for part in (keys[:middle], keys[middle:]))


def without_key(body: bytes, key: str, wire: str) -> Optional[bytes]:
    """The batch without one metric key; None when it does not hold it."""
    groups = _groups(body, wire)
    if not any(key in group["m"] for group in groups):
        return None
    kept = [dict(group, m={k: v for k, v in group["m"].items() if k != key}) for group in groups]
    return dump_groups([group for group in kept if group["m"]], wire)


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
        "t": group["t"] and group["t"][begin:end],
        "m": {key: values[begin:end] for key, values in group["m"].items()},
    }


def _groups(body: bytes, wire: str) -> List[Group]:
    try:
        return load_groups(body, wire)
    except ValueError:
        return []


def readable(body: bytes, wire: str) -> Any:
    """The content of a body as JSON can hold it; None when it cannot be read."""
    try:
        if wire == "binary":
            return {"groups": [json_group(group) for group in load_groups(body, wire)]}
        return json.loads(body)
    except ValueError:
        return None


def _dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8")
