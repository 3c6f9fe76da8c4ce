"""What the client says to the person at the terminal: one line on stderr, each subject once."""

from __future__ import annotations

import sys
import threading
from typing import Any, Set

_said: Set[str] = set()
_lock = threading.Lock()


def say(text: str) -> None:
    """Write one line to stderr; a closed or broken stderr is ignored."""
    try:
        sys.stderr.write("descent: " + text + "\n")
        sys.stderr.flush()
    except Exception:
        pass


def warn_once(subject: str, text: str) -> None:
    """Say `text` the first time that `subject` comes up in this process."""
    with _lock:
        if subject in _said or len(_said) > 1000:
            return
        _said.add(subject)
    say("warning: " + text)


def shown(value: Any, limit: int = 80) -> str:
    """`value` for a message: its repr, without control characters, cut at `limit` characters."""
    try:
        text = repr(value)
    except Exception:
        text = "<" + type(value).__name__ + ">"
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def forget_notices() -> None:
    """Say everything again from now on; for tests."""
    with _lock:
        _said.clear()
