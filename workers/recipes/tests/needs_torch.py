"""Skips a test module where torch is missing, and says so where nobody can overlook it."""

from __future__ import annotations

import sys
import unittest


def require_torch() -> None:
    """Raises SkipTest with the reason when torch cannot be imported; call it before importing parts that need it."""
    try:
        import torch  # noqa: F401
    except ImportError as error:
        reason = f"SKIPPED, no training is tested: torch cannot be imported by {sys.executable} ({error})"
        print(reason, file=sys.stderr)
        raise unittest.SkipTest(reason) from error
