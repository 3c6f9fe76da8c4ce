"""Stands in for the client in these tests: writes each call as one JSON line to the file that RECORDED_CALLS names."""

from __future__ import annotations

import json
import os
import signal
from typing import Any


class Run:
    """The calls that recipes make, and nothing else."""

    stop_reason = None

    def __init__(self, **fields: Any):
        self._file = open(os.environ["RECORDED_CALLS"], "a", encoding="utf-8")
        self._write("init", fields)

    def _write(self, call: str, fields: dict) -> None:
        self._file.write(json.dumps({"call": call, **fields}) + "\n")
        self._file.flush()

    def on_stop(self) -> None:
        """From now on SIGTERM is a reason to stop."""
        signal.signal(signal.SIGTERM, self._terminate)

    def _terminate(self, _number: int, _frame: object) -> None:
        self.stop_reason = "preempted"

    def log(self, metrics: dict, step: int) -> None:
        """Records one step."""
        self._write("log", {"step": step, "metrics": metrics})

    def use(self, name: str, **fields: Any) -> None:
        """Records one input."""
        self._write("use", {"name": name, **fields})

    def log_checkpoint(self, folder: str, **fields: Any) -> None:
        """Records one checkpoint."""
        self._write("checkpoint", {"folder": folder, **fields})

    def log_eval(self, benchmark: dict, **fields: Any) -> None:
        """Records one evaluation."""
        self._write("eval", {"benchmark": benchmark, **fields})

    def finish(self, **fields: Any) -> None:
        """Records the end."""
        self._write("finish", fields)


def init(**fields: Any) -> Run:
    """Starts recording."""
    return Run(**fields)
