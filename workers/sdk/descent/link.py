"""What the threads of one run share: where to send, what is known, and whether sending is halted."""

from __future__ import annotations

import threading
from typing import Any, Dict, List, Optional

from .client import Client
from .notices import say
from .spool import Spool

IN_FLIGHT_MAX = 2


class Link:
    """Shared state of the sending threads. Every flag only ever goes from false to true, except `paused`; `trouble`
    holds what keeps each thread from sending."""

    def __init__(self, spool: Spool, give_up_s: Optional[float] = None) -> None:
        self.spool = spool
        self.meta = spool.meta
        self.url: str = spool.meta["url"]
        self.run: str = spool.meta["run"]
        self.give_up_s = give_up_s
        self.in_flight = threading.BoundedSemaphore(IN_FLIGHT_MAX)
        self.ending = threading.Event()
        self.attempt_known = threading.Event()
        self.finished = threading.Event()
        self.collected = threading.Event()
        self.environment_ready = threading.Event()
        self.stop_requested = False
        self.ever_answered = False
        self.halted = ""
        self.trouble: Dict[str, str] = {}
        self.paused = False
        self.clients: List[Client] = []
        if self.attempt is not None:
            self.attempt_known.set()

    @property
    def attempt(self) -> Optional[int]:
        """The attempt's number: given by an agent, or answered when the attempt started."""
        number = self.spool.results.get("attempt", self.meta.get("attempt"))
        return number if isinstance(number, int) else None

    def client(self) -> Client:
        """A connection for one thread."""
        client = Client(self.url)
        self.clients.append(client)
        return client

    def halt(self, reason: str) -> None:
        """Stop sending for good in this process; the spool keeps everything."""
        if not self.halted:
            self.halted = reason
            say("sending stopped: %s; everything stays in %s" % (reason, self.spool.folder))
            for lane in self.spool.lanes.values():
                lane.wakeup.set()

    def over(self) -> bool:
        """True when a sending thread has to return."""
        return bool(self.halted) or self.ending.is_set()

    def fence_headers(self) -> Dict[str, str]:
        """X-Attempt, and X-Fence under a lease."""
        headers = {} if self.attempt is None else {"X-Attempt": str(self.attempt)}
        if self.meta.get("fence") is not None:
            headers["X-Fence"] = str(self.meta["fence"])
        return headers

    def result(self, name: str) -> Any:
        """What an earlier call answered under this name, or None."""
        return self.spool.results.get(name)
