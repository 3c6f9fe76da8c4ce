"""A run that keeps what a recipe reports, for tests that call a recipe in their own process."""

from __future__ import annotations

from typing import Any


class RecordedRun:
    """The calls that training loops make. `stop_after`: the server asks to stop after that many logged steps."""

    def __init__(self, stop_after: int | None = None):
        self.steps: dict[int, dict] = {}
        self.checkpoints: list[dict] = []
        self.inputs: list[str] = []
        self._stop_after = stop_after

    @property
    def stop_reason(self) -> str | None:
        """As the client says it once the server has asked to stop."""
        return "stopped" if self._stop_after is not None and len(self.steps) >= self._stop_after else None

    def log(self, metrics: dict, step: int) -> None:
        """Keeps the metrics of one step."""
        self.steps[step] = metrics

    def use(self, name: str, **_fields: Any) -> None:
        """Keeps the name of one input."""
        self.inputs.append(name)

    def log_checkpoint(self, folder: str, **fields: Any) -> None:
        """Keeps one checkpoint."""
        self.checkpoints.append({"folder": folder, **fields})
