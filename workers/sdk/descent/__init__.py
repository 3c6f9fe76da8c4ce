"""Records training runs of language models in Descent.

    import descent

    run = descent.init(project="lifecycle", experiment="task-full", stage="task", parent="instruction", config=config)
    for step in range(steps):
        run.log({"train/loss": loss, "lr": lr}, step=step)
        if run.stop_requested:
            break
    checkpoint = run.log_checkpoint("out/last", step=step, tokens=tokens)
    run.log_eval("supersense", score=0.71, n=1200, metric="accuracy", checkpoint=checkpoint, protocol=protocol)
    run.finish()

Everything is written to a spool on disk first and sent by background threads. Nothing here stops, slows or raises into
training; what could not be sent is sent later by `python -m descent sync`.
"""

from __future__ import annotations

from typing import Any, Optional

from .checkpoints import Checkpoint
from .media import Audio, Histogram, Image, Table, Text
from .notices import warn_once
from .session import start_run
from .tracked_run import Run

__version__ = "0.1.0"
__all__ = [
    "Audio",
    "Checkpoint",
    "Histogram",
    "Image",
    "Run",
    "Table",
    "Text",
    "finish",
    "init",
    "log",
    "log_artifact",
    "log_checkpoint",
    "log_eval",
    "log_preferences",
    "log_training_rows",
    "on_stop",
    "run",
    "use",
]

run: Optional[Run] = None


def init(project: Optional[str] = None, experiment: Optional[str] = None, **options: Any) -> Run:
    """Start a run; it is also `descent.run` from now on. What an agent set in the environment wins.

    project: slug of the project, made on first use.
    experiment: slug of the stage's node in the lineage, made on first use when `stage` is given.
    stage: stage kind (pretrain, continued_pretrain, instruction, task, preference, …) or an alias (sft, dpo, …).
    name, group, tags, seed: name of the run, group of runs that differ only in seed, labels, seed.
    parent: what the weights start from: a checkpoint id, an experiment, an edge `{"checkpoint", "kind"}`, or a list.
    config: dictionary of settings; secrets are taken out before it is written anywhere.
    method: finer word for the stage, such as `lora` or `dpo`.
    dir: folder that gets the spool (default: the working folder).
    resume: id of the checkpoint that this attempt continues from; run_id: UUID of the run it belongs to.
    console: also record what is printed (an agent does that itself).
    wire: how points travel, `binary` (the default) or `json`, which people and proxies can read.
    experiment_fields: further members of a new experiment: goal, mixture, adapter, root, params, plan, owner, team,
        mitigations, chat_template."""
    global run
    if run is not None:
        warn_once("init-twice", "init was called while a run was open; that run is finished first")
        run.finish(timeout=5.0)
    run = start_run(project, experiment, **options)
    return run


def log(metrics: Any, step: Optional[int] = None) -> None:
    """`Run.log` of the current run."""
    if _current("log") is not None:
        _current("log").log(metrics, step)


def log_checkpoint(path: Any, step: int, **options: Any) -> Checkpoint:
    """`Run.log_checkpoint` of the current run."""
    current = _current("log_checkpoint")
    if current is not None:
        return current.log_checkpoint(path, step, **options)
    checkpoint = Checkpoint(step)
    checkpoint.settle(None, "there is no run")
    return checkpoint


def log_eval(benchmark: Any, score: Optional[float] = None, **options: Any) -> None:
    """`Run.log_eval` of the current run."""
    if _current("log_eval") is not None:
        _current("log_eval").log_eval(benchmark, score, **options)


def log_preferences(battles: Any, **common: Any) -> None:
    """`Run.log_preferences` of the current run."""
    if _current("log_preferences") is not None:
        _current("log_preferences").log_preferences(battles, **common)


def log_training_rows(dataset: str, rows: Any, **options: Any) -> None:
    """`Run.log_training_rows` of the current run."""
    if _current("log_training_rows") is not None:
        _current("log_training_rows").log_training_rows(dataset, rows, **options)


def log_artifact(path: Any, name: Optional[str] = None, type: str = "file") -> None:
    """`Run.log_artifact` of the current run."""
    if _current("log_artifact") is not None:
        _current("log_artifact").log_artifact(path, name, type)


def use(name: str, sha256: Optional[str] = None, role: Optional[str] = None) -> None:
    """`Run.use` of the current run."""
    if _current("use") is not None:
        _current("use").use(name, sha256, role)


def on_stop(callback: Any = None) -> None:
    """`Run.on_stop` of the current run."""
    if _current("on_stop") is not None:
        _current("on_stop").on_stop(callback)


def finish(reason: str = "finished", exit_code: Optional[int] = None, **options: Any) -> bool:
    """`Run.finish` of the current run."""
    current = _current("finish")
    return True if current is None else current.finish(reason, exit_code, **options)


def _current(verb: str) -> Any:
    if run is None:
        warn_once("no-run-" + verb, "descent.%s was called without descent.init; it was not recorded" % verb)
    return run
