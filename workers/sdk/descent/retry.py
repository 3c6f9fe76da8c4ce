"""What an answer asks of the sender, and how long to wait; the retry table of the native protocol."""

from __future__ import annotations

import random
from typing import Optional

from .client import Answer

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 60.0
RETRY_AFTER_MAX_S = 300.0
PAUSE_S = 60.0


def action_for(answer: Answer) -> str:
    """One of: ok, retry (the same bytes again), pause (a person must act; try each minute), stop (keep the file),
    stale (another holder has the run), gap (send again from expected_seq), halve (too large), refused."""
    status, code = answer.status, answer.code
    if answer.ok:
        return "ok"
    if status in (0, 408, 425, 429) or status >= 500 or code == "idempotency_in_flight":
        return "retry"
    if 100 <= status < 400 or status in (401, 403, 421, 426):
        return "pause"
    if status == 409 and code in ("stale_fence", "stream_gap"):
        return "stale" if code == "stale_fence" else "gap"
    if status in (404, 410):
        return "stop"
    return "halve" if status == 413 else "refused"


def backoff_s(attempt: int, retry_after: Optional[str] = None, chance: float = -1.0) -> float:
    """Seconds to wait before try `attempt` + 1 (from 0): full jitter below 0.5, 1, 2 … 60 s, and never less than the
    server asked for, which counts up to five minutes. `chance` in [0, 1) replaces the random number in tests."""
    chance = random.random() if chance < 0 else chance
    wait = chance * min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(attempt, 20))
    return max(wait, retry_after_s(retry_after))


def retry_after_s(header: Optional[str]) -> float:
    """The seconds of a Retry-After header from 0 to 300; 0 for anything else."""
    try:
        seconds = float(header or 0)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_S) if seconds == seconds else 0.0
