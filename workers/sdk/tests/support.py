"""Shared by the tests: the import path, an environment of our own, a run against a fake server, a quiet stderr."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import unittest
from typing import Any, Dict, Iterator, Optional
from unittest import mock

SDK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, SDK)

import descent  # noqa: E402
from descent import notices, retry  # noqa: E402
from fake_server import FakeServer  # noqa: E402


class SdkTest(unittest.TestCase):
    """A test with a folder, a clean environment, fast back-off, and stderr caught in `self.said`."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.spool_root = os.path.join(self.folder, "spool")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("DESCENT_", "RANK"))}
        clean.update(DESCENT_SPOOL_DIR=self.spool_root, DESCENT_API_KEY="test-key")
        self._patch(mock.patch.dict(os.environ, clean, clear=True))
        self._patch(mock.patch.object(retry, "BACKOFF_FIRST_S", 0.01))
        self._patch(mock.patch("descent.collect.FLUSH_INTERVAL_S", 0.1))
        self._patch(mock.patch("descent.session.capture_environment", lambda: {"host": "test"}))
        self._patch(mock.patch("descent.session.atexit.register", lambda function: None))
        self.said = io.StringIO()
        self._patch(contextlib.redirect_stderr(self.said))
        notices.forget_notices()

    def _patch(self, context: Any) -> None:
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    @contextlib.contextmanager
    def server(self, port: int = 0) -> Iterator[FakeServer]:
        """A fake server that the next run talks to."""
        with FakeServer(port) as server:
            os.environ["DESCENT_URL"] = server.url
            yield server

    def start(self, **options: Any) -> "descent.Run":
        """A run of project `p`, finished at the end of the test whatever happens."""
        options.setdefault("project", "p")
        run = descent.init(**options)
        self.addCleanup(run.finish, timeout=0)
        return run

    def offline(self) -> None:
        """No server: a port on which nobody listens."""
        os.environ["DESCENT_URL"] = "http://127.0.0.1:9"

    def spools(self) -> list:
        """The spool folders that are left."""
        names = os.listdir(self.spool_root) if os.path.isdir(self.spool_root) else []
        return sorted(os.path.join(self.spool_root, name) for name in names if not name.startswith("."))

    def write(self, name: str, content: bytes) -> str:
        """A file below the test's folder; its path."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path


def expected_points(steps: int, keys: int = 2) -> Dict[Any, Any]:
    """What `log_steps` leaves on the server."""
    return {("m%d" % key, step): float(step * 10 + key) for step in range(steps) for key in range(keys)}


def log_steps(run: Any, steps: int, keys: int = 2, begin: int = 0) -> None:
    """Log `keys` metrics at each of `steps` steps."""
    for step in range(begin, steps):
        run.log({"m%d" % key: step * 10.0 + key for key in range(keys)}, step=step)


def only(mapping: Dict[Any, Any]) -> Any:
    """The one value of a mapping."""
    (value,) = mapping.values()
    return value


def wait_until(condition: Any, seconds: float = 5.0) -> Optional[bool]:
    """Wait for a condition; True when it came."""
    import time

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False
