"""Processor and memory of this machine every ten seconds, where no agent measures it. What cannot be read is absent."""

from __future__ import annotations

import socket
import time
from typing import Dict, Optional, Tuple

INTERVAL_S = 10.0


class Sampler:
    """Samples of one node; keys are `system/{node}/cpu.util` and `system/{node}/mem.pct`, both in percent."""

    def __init__(self) -> None:
        node = "".join(c if c.isalnum() or c in ".-_" else "-" for c in socket.gethostname())[:100] or "node"
        self._prefix = "system/%s/" % node
        self._busy = _cpu_times()
        self._due = time.monotonic() + INTERVAL_S

    def sample(self, now: float, counters: Dict[str, int]) -> Optional[Dict[str, float]]:
        """The sample that is due at `now` (monotonic seconds), with the counters that are not zero; else None."""
        if now < self._due:
            return None
        self._due = now + INTERVAL_S
        found = {"cpu.util": self._cpu_percent(), "mem.pct": _memory_percent()}
        found.update({name: float(count) for name, count in counters.items() if count})
        return {self._prefix + name: value for name, value in found.items() if value is not None}

    def _cpu_percent(self) -> Optional[float]:
        before, self._busy = self._busy, _cpu_times()
        if before is None or self._busy is None or self._busy[1] <= before[1]:
            return None
        return round(100.0 * (self._busy[0] - before[0]) / (self._busy[1] - before[1]), 2)


def _cpu_times() -> Optional[Tuple[int, int]]:
    """(busy, all) ticks of all processors since boot, from /proc/stat: idle and iowait are not busy."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(part) for part in file.readline().split()[1:9]]
    except (OSError, ValueError):
        return None
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def _memory_percent() -> Optional[float]:
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            sizes = dict(line.split(":") for line in file)
        total, free = (int(sizes[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
    except (OSError, ValueError, KeyError):
        return None
    return round(100.0 * (total - free) / total, 2)
