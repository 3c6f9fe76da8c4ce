"""One execution of a recipe: starts the run, listens for signals, and ends it with a reason and an exit code.

exit code   0 finished · 1 failed · 2 bad arguments · 3 cannot start or go on (a Refusal) ·
            130 stopped on request · 143 preempted; in the last two a checkpoint was saved
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .configuration import RECIPES
from .refusal import Refusal

EXIT_CODES = {"finished": 0, "stopped": 130, "preempted": 143}
REFUSED = 3


class StopSignal:
    """Turns SIGTERM and SIGINT into a question asked between two steps, so that a checkpoint is never half of a step.

    SIGTERM belongs to the client: it then asks the server at once whether a person wanted the stop.
    """

    def __init__(self, run: Any) -> None:
        self._interrupted = False
        run.on_stop()
        signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, _number: int, _frame: object) -> None:
        self._interrupted = True

    def reason(self, run: Any) -> str:
        """Why to stop now: "stopped" when a person asked for it, "preempted" on a signal, "" to go on."""
        return run.stop_reason or ("preempted" if self._interrupted else "")


def run_recipe(
    stage: str | None,
    read: Callable[[], argparse.Namespace],
    work: Callable[[argparse.Namespace, Any, StopSignal], str],
) -> int:
    """Reads the config, starts a run, does the work and reports how it ended. Answers the exit code.

    `stage` is the kind of the experiment that the run belongs to, None for a run that trains nothing.
    `work` answers the reason of its end: "finished", "stopped" or "preempted".
    """
    run = None
    try:
        config = read()
        run = _start(stage, config)
        stop = StopSignal(run)
        # Asked again after saving: by then the server may have said that the signal was a person's wish.
        reason = work(config, run, stop)
        reason = reason if reason == "finished" else stop.reason(run)
    except Refusal as refusal:
        return _end_badly(run, str(refusal), REFUSED)
    except Exception as error:
        traceback.print_exc()
        return _end_badly(run, f"{type(error).__name__}: {error}", 1)
    code = EXIT_CODES[reason]
    run.finish(reason=reason, exit_code=code)
    return code


def _end_badly(run: Any, message: str, code: int) -> int:
    print(message, file=sys.stderr, flush=True)
    if run is not None:
        run.finish(reason="failed", exit_code=code, error=message)
    return code


def _start(stage: str | None, config: argparse.Namespace) -> Any:
    descent = _import_client()
    return descent.init(
        project=config.project,
        experiment=config.experiment or stage,
        stage=stage,
        method=getattr(config, "method", None),
        parent=os.environ.get("DESCENT_PARENT_CHECKPOINT"),
        config=public_parameters(config),
        seed=config.seed,
    )


def _import_client() -> Any:
    """The client package: installed, or the one that lies beside the recipes."""
    try:
        import descent
    except ImportError:
        sys.path.append(str(RECIPES.parent / "sdk"))
        try:
            import descent
        except ImportError:
            raise Refusal("the Python client `descent` is not installed and not beside the recipes (../sdk)") from None
    return descent


def public_parameters(config: argparse.Namespace) -> dict:
    """The parameters without paths of this machine: those mean nothing elsewhere."""
    paths = ("data", "out", "parent", "reference", "target", "json")
    return {name: value for name, value in sorted(vars(config).items()) if name not in paths}


def work_folder(config: argparse.Namespace, stage: str) -> Path:
    """Where checkpoints are written: --out, else the attempt's private folder, else .runs beside the recipes."""
    return Path(config.out or os.environ.get("DESCENT_WORK_DIR") or RECIPES / ".runs" / (config.experiment or stage))
