"""What carries a run's entries to the server while the script goes on: the threads from the first entry to the last answer."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict

from .calls import CallSender
from .checkpoints import Checkpoint
from .collect import Collector
from .heartbeat import Heartbeat
from .link import Link
from .spool import STREAMS, Spool
from .transmit import StreamSender

UNREACHABLE_TIMEOUT_S = 5.0


class Sending:
    """The collector, which puts entries into the spool, and the threads that send what lies there."""

    def __init__(
        self,
        spool: Spool,
        wire: str,
        handles: Dict[str, Checkpoint],
        progress: Callable[[], Dict[str, Any]],
        on_stop: Callable[[], None],
    ) -> None:
        link = self.link = Link(spool)
        self.collector = Collector(link, wire)
        self.heartbeat = Heartbeat(link, progress, on_stop)
        self._streams = [StreamSender(link, name) for name in STREAMS]
        self._threads = [*self._streams, CallSender(link, self._streams, handles), self.heartbeat]

    def start(self) -> None:
        """Begin to collect and to send."""
        for thread in [self.collector, *self._threads]:
            thread.start()

    def end(self, timeout: float) -> None:
        """Spool what is queued, send for at most `timeout` seconds, and stop the threads."""
        self.collector.end()
        self.link.collected.wait(10.0)
        self._await_sending(time.monotonic() + timeout)
        self._end_threads()

    def _await_sending(self, deadline: float) -> None:
        link = self.link
        soon = time.monotonic() + UNREACHABLE_TIMEOUT_S
        while time.monotonic() < deadline and not link.halted:
            if link.finished.wait(0.05) and not any(sender.is_alive() and sender.unsent() for sender in self._streams):
                return
            if link.trouble and time.monotonic() > soon and (not link.ever_answered or link.paused):
                return

    def _end_threads(self) -> None:
        link = self.link
        link.ending.set()
        self.heartbeat.wakeup.set()
        for client in link.clients:
            client.interrupt()
        for lane in link.spool.lanes.values():
            lane.wakeup.set()
        for thread in self._threads:
            thread.join(2.0)
        for client in link.clients:
            client.close()
