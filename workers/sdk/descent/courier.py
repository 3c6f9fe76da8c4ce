"""Brings one request to a definite answer: again and again, with back-off, until there is one or the process ends."""

from __future__ import annotations

import time
from typing import Any, Callable, Collection, Dict, Optional

from .client import Answer, Body
from .link import Link
from .notices import warn_once
from .retry import PAUSE_S, action_for, backoff_s

MakeBody = Callable[[], Body]


class Halted(Exception):
    """Sending ended before there was a definite answer."""


class Courier:
    """One sending thread's way to the server; `name` tells its troubles from those of the other threads."""

    def __init__(self, link: Link, name: str) -> None:
        self.link = link
        self.name = name
        self._client = link.client()

    def deliver(
        self,
        method: str,
        path: str,
        body: Optional[bytes] = None,
        headers: Optional[Dict[str, str]] = None,
        tolerate: Collection[int] = (),
        make_body: Optional[MakeBody] = None,
        length: Optional[int] = None,
    ) -> Answer:
        """The first definite answer: a success, a refusal, or a status in `tolerate`.

        The same bytes are sent each time (`make_body` opens them anew where they are a file). Halted when the run is
        gone, another holder has it, or the process ends."""
        tries, failing_since = 0, 0.0
        while True:
            if self.link.over():
                raise Halted(self.link.halted or "the process ends")
            answer = self._once(method, path, make_body() if make_body else body, self._rekeyed(headers), length)
            if answer.status:
                self.link.ever_answered = True
            action = action_for(answer)
            if answer.status in tolerate or action not in ("retry", "pause", "stop", "stale"):
                self.link.trouble.pop(self.name, None)
                return answer
            if action in ("pause", "stop") and "Idempotency-Key" in (headers or {}):
                self.link.spool.remember("refusals", self._refusals() + 1)
            if action in ("stop", "stale"):
                self.link.stop_requested = self.link.stop_requested or action == "stale"
                self.link.halt("%s %s was answered %s" % (method, path, answer.text()))
                continue
            self._note(action, method, path, answer)
            failing_since = failing_since or time.monotonic()
            if action == "pause" and self.link.give_up_s is not None:
                self.link.halt(answer.text())
            wait = PAUSE_S if action == "pause" else backoff_s(tries, answer.retry_after)
            self._wait(wait, failing_since)
            tries += 1

    def _refusals(self) -> int:
        count = self.link.result("refusals")
        return count if isinstance(count, int) else 0

    def _rekeyed(self, headers: Optional[Dict[str, str]]) -> Optional[Dict[str, str]]:
        """The server stores refusals under their Idempotency-Key too: after one that a person can mend, the same call
        needs another key to be judged again. Nothing was written under the first."""
        refusals = self._refusals()
        if not headers or "Idempotency-Key" not in headers or not refusals:
            return headers
        return dict(headers, **{"Idempotency-Key": "%s-r%d" % (headers["Idempotency-Key"], refusals)})

    def _once(
        self, method: str, path: str, body: Body, headers: Optional[Dict[str, str]], length: Optional[int]
    ) -> Answer:
        try:
            with self.link.in_flight:
                return self._client.request(method, path, body, headers, length)
        finally:
            close: Any = getattr(body, "close", None)
            if close:
                close()

    def _wait(self, seconds: float, failing_since: float) -> None:
        give_up_s = self.link.give_up_s
        if give_up_s is not None and time.monotonic() + seconds - failing_since > give_up_s:
            self.link.halt(self.link.trouble.get(self.name, "no answer"))
        self.link.ending.wait(0 if self.link.halted else seconds)

    def _note(self, action: str, method: str, path: str, answer: Answer) -> None:
        self.link.trouble[self.name] = answer.text()
        self.link.paused = action == "pause"
        if action == "pause":
            warn_once(
                "pause-%d-%s" % (answer.status, answer.code),
                "%s REFUSES THIS CLIENT (%s, at %s %s). Recording goes on in %s; the credentials are read again each "
                "minute. Set DESCENT_API_KEY to a valid key, or send later with: python -m descent sync"
                % (self.link.url, answer.text(), method, path, self.link.spool.folder),
            )
        elif answer.status != 429:
            warn_once(
                "unreachable",
                "%s does not answer (%s). Recording goes on in %s and is sent when it answers."
                % (self.link.url, answer.text(), self.link.spool.folder),
            )
