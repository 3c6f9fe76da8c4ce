"""Copies what a script prints to the run's console, where no agent does it already."""

from __future__ import annotations

import sys
import time
from typing import Any, Deque, Tuple

from .redact import redact_text

LINE_CHARACTERS_MAX = 16_000


class Tee:
    """A text stream that passes everything on and queues whole lines. Behaves like the stream it stands for."""

    def __init__(self, stream: Any, descriptor: int, lines: "Deque[Tuple[float, int, str]]") -> None:
        self._stream = self.original = stream
        self._descriptor = descriptor
        self._lines = lines
        self._partial = ""

    def write(self, text: str) -> Any:
        """Pass on, then queue the lines that are complete."""
        written = self._stream.write(text)
        try:
            *whole, self._partial = (self._partial + text).split("\n")
            for line in whole:
                # Only the last state of a progress bar that redraws itself with carriage returns.
                shown = line.rstrip("\r").rpartition("\r")[2]
                self._lines.append((time.time(), self._descriptor, shown[:LINE_CHARACTERS_MAX]))
            self._partial = self._partial.rpartition("\r")[2][:LINE_CHARACTERS_MAX]
        except Exception:
            self._partial = ""
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def tee_console(lines: "Deque[Tuple[float, int, str]]") -> None:
    """Put a Tee before stdout and stderr of this process."""
    sys.stdout = Tee(sys.stdout, 1, lines)  # type: ignore[assignment]
    sys.stderr = Tee(sys.stderr, 2, lines)  # type: ignore[assignment]


def untee_console() -> None:
    """Take the Tees away again."""
    if isinstance(sys.stdout, Tee):
        sys.stdout = sys.stdout.original
    if isinstance(sys.stderr, Tee):
        sys.stderr = sys.stderr.original


def clean_line(text: str) -> str:
    """A console line without secrets."""
    return redact_text(text)
