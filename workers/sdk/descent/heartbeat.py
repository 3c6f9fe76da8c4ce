"""Tells the server every ten seconds that the run lives, and hears whether it should stop. A thread and a connection of
its own: hashing and uploads never delay it."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, Dict

from .client import segment
from .link import Link
from .retry import action_for

INTERVAL_S = 10.0


class Heartbeat(threading.Thread):
    """`progress` answers what is new (step, total_steps, message); `on_stop` is called once when the server asks."""

    def __init__(self, link: Link, progress: Callable[[], Dict[str, Any]], on_stop: Callable[[], None]) -> None:
        super().__init__(name="descent-heartbeat", daemon=True)
        self.link = link
        self.progress = progress
        self.on_stop = on_stop
        self.wakeup = threading.Event()
        self._client = link.client()
        self._told = False

    def run(self) -> None:
        """Beat until the run is finished or sending is halted. A beat that fails is simply followed by the next."""
        while not self.link.over() and not self.link.finished.is_set():
            if self.link.attempt_known.wait(0.25):
                self._beat()
                self._tell()
                self.wakeup.wait(INTERVAL_S)
                self.wakeup.clear()
        self._tell()

    def _tell(self) -> None:
        if self.link.stop_requested and not self._told:
            self._told = True
            self.on_stop()

    def _beat(self) -> None:
        body = json.dumps(dict(self.progress(), attempt=self.link.attempt)).encode("utf-8")
        headers = dict(self.link.fence_headers(), **{"Content-Type": "application/json"})
        answer = self._client.request("POST", "/runs/%s/heartbeat" % segment(self.link.run), body, headers)
        if answer.ok and answer.data.get("stop") is True:
            self.link.stop_requested = True
        if action_for(answer) == "stale":
            self.link.stop_requested = True
            self.link.halt("another attempt has taken over this run")
