"""SIGTERM and the server's wish to stop, for recipes that want to save a checkpoint first."""

from __future__ import annotations

import signal
import threading
from typing import Any, Callable, List, Optional

from .notices import warn_once

StopCallback = Callable[[str], Any]


class StopSignal:
    """Remembers who asked to stop. `callbacks` get `preempted` (SIGTERM) or `stopped` (the server), once."""

    def __init__(self) -> None:
        self.by_signal = False
        self.callbacks: List[StopCallback] = []
        self.on_signal: Optional[Callable[[], None]] = None

    def install(self, callback: Optional[StopCallback]) -> None:
        """Take SIGTERM over, in the main thread; the handler that was there is called after ours."""
        if callback is not None:
            self.callbacks.append(callback)
        if threading.current_thread() is not threading.main_thread():
            warn_once("sigterm", "on_stop was called outside the main thread; SIGTERM is not handled")
            return
        before = signal.getsignal(signal.SIGTERM)
        if before == self._handle:
            return

        self._before = before
        signal.signal(signal.SIGTERM, self._handle)

    _before: Any = None

    def _handle(self, number: int, frame: Any) -> None:
        first, self.by_signal = not self.by_signal, True
        if self.on_signal is not None:
            self.on_signal()
        if first:
            self.tell("preempted")
        if callable(self._before):
            self._before(number, frame)

    def tell(self, reason: str) -> None:
        """Call the callbacks, each once; what they raise is named and goes no further."""
        callbacks, self.callbacks = self.callbacks, []
        for callback in callbacks:
            try:
                callback(reason)
            except Exception as error:
                warn_once("on_stop", "a callback of on_stop raised %r" % error)
