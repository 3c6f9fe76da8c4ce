"""Starts a run: settings, spool, the first calls, the threads."""

from __future__ import annotations

import atexit
import json
import os
import socket
import sys
import threading
import time
import traceback
import uuid
from typing import Any, Dict, List, Optional, Sequence

from .capture import capture_environment
from .client import Client, read_api_key
from .console import tee_console
from .notices import say, warn_once
from .redact import redact, redact_text
from .settings import Settings, parent_edges, read_config, read_settings, slug
from .spool import STREAMS, Spool, create_spool, remove_expired, write_json
from .stages import stage_kind
from .tracked_run import Run

_failure: Dict[str, str] = {}


def start_run(
    project: Optional[str] = None,
    experiment: Optional[str] = None,
    stage: Optional[str] = None,
    name: Optional[str] = None,
    parent: Any = None,
    config: Any = None,
    seed: Optional[int] = None,
    tags: Sequence[str] = (),
    method: Optional[str] = None,
    group: Optional[str] = None,
    dir: Optional[str] = None,
    resume: Optional[str] = None,
    run_id: Optional[str] = None,
    console: bool = False,
    experiment_fields: Optional[Dict[str, Any]] = None,
    wire: Optional[str] = None,
) -> Run:
    """See `descent.init`. Whatever goes wrong, a run comes back that training can use."""
    environment = dict(os.environ)
    settings = read_settings(environment, project, experiment, run_id, resume, dir, wire)
    merged = read_config(environment, config)
    if not _is_first_rank(environment):
        return Run(settings, None, merged)
    try:
        Client(settings.url)
        run_body = _run_body(settings, name, merged, seed, tags, group)
        spool = create_spool(settings.spool_root, _meta(settings))
        _spool_first_calls(spool, settings, run_body, stage, method, parent, experiment_fields or {})
    except Exception as error:
        say("warning: nothing will be recorded: %s" % error)
        return Run(settings, None, merged)
    if not read_api_key():
        warn_once("no-key", "DESCENT_API_KEY is not set. Recording goes to %s" % spool.folder)
    run = Run(settings, spool, merged)
    _start_capture(run, spool, settings)
    if console and not settings.under_agent:
        tee_console(run._collector.lines)
    _finish_at_exit(run)
    return run


def _meta(settings: Settings) -> Dict[str, Any]:
    return {
        "version": 1,
        "id": uuid.uuid4().hex,
        "url": settings.url,
        "project": settings.project,
        "run": settings.run,
        "job": settings.job,
        "attempt": settings.attempt,
        "fence": settings.fence,
        "streams": {name: str(uuid.uuid4()) for name in STREAMS},
        "started_at": time.time(),
    }


def _run_body(
    settings: Settings, name: Any, config: Dict[str, Any], seed: Any, tags: Any, group: Any
) -> Dict[str, Any]:
    body: Dict[str, Any] = {
        "experiment": _experiment_name(settings),
        "kind": "evaluate" if settings.target_checkpoint else "train",
        "name": None if name is None else redact_text(str(name))[:200],
        "config": redact(config),
        "seed": seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        "group": None if group is None else str(group),
        "tags": [str(tag) for tag in ([tags] if isinstance(tags, str) else tags or ())] or None,
    }
    if seed is not None and body["seed"] is None:
        warn_once("seed", "seed %r is no integer; it was not recorded" % (seed,))
    return {key: value for key, value in body.items() if value is not None}


def _experiment_name(settings: Settings) -> Any:
    if settings.experiment is None:
        return None
    return int(settings.experiment) if settings.experiment.isdigit() else slug(settings.experiment)


def _spool_first_calls(
    spool: Spool,
    settings: Settings,
    run_body: Dict[str, Any],
    stage: Optional[str],
    method: Optional[str],
    parent: Any,
    fields: Dict[str, Any],
) -> None:
    calls: List[Any] = []
    if not settings.under_agent:
        calls.append(("project", {}))
        body = _experiment_body(stage, method, parent, fields)
        if body and isinstance(run_body.get("experiment"), str):
            calls.append(("experiment", {"slug": run_body["experiment"], "body": body}))
        elif body and "experiment" not in run_body:
            warn_once("stage-alone", "stage %r is not recorded without experiment=" % stage)
    calls.append(("run", {"body": run_body, "exists": settings.under_agent}))
    attempt = {"host": _host(), "from_checkpoint": settings.resume_from}
    calls.append(("attempt", {key: value for key, value in attempt.items() if value}))
    for kind, data in calls:
        spool.append("calls", {"kind": kind}, json.dumps(data).encode("utf-8"))


def _experiment_body(
    stage: Optional[str], method: Optional[str], parent: Any, fields: Dict[str, Any]
) -> Dict[str, Any]:
    kind, finer = stage_kind(stage)
    if kind is None:
        return {}
    body: Dict[str, Any] = dict(redact(fields), stage=kind)
    chosen = method or finer
    if chosen:
        body["method"] = str(chosen)
    edges = parent_edges(parent)
    if edges:
        body["parents"] = edges + list(body.get("parents") or [])
    elif kind == "pretrain" and not body.get("parents"):
        body.setdefault("root", {"kind": "random_init"})
    return body


def _start_capture(run: Run, spool: Spool, settings: Settings) -> None:
    """Capture in the background, so that `init` returns at once; the run's call waits for it."""

    def capture() -> None:
        try:
            write_json(os.path.join(spool.folder, "environment.json"), capture_environment())
        except Exception as error:
            warn_once("capture", "the environment could not be captured: %r" % error)
        if run._link is not None:
            run._link.environment_ready.set()
        try:
            remove_expired(settings.spool_root, time.time())
        except OSError:
            pass

    threading.Thread(target=capture, name="descent-capture", daemon=True).start()


def _finish_at_exit(run: Run) -> None:
    previous = sys.excepthook

    def remember_failure(kind: Any, error: Any, trace: Any) -> None:
        _failure["kind"] = kind.__name__
        _failure["error"] = "".join(traceback.format_exception(kind, error, trace))
        previous(kind, error, trace)

    def at_exit() -> None:
        if _failure.get("kind") == "KeyboardInterrupt":
            run.finish("stopped", 130)
        elif "error" in _failure:
            run.finish("failed", 1, _failure["error"])
        else:
            run.finish(run.stop_reason or "finished")

    sys.excepthook = remember_failure
    atexit.register(at_exit)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=run._after_fork)


def _is_first_rank(environment: Dict[str, str]) -> bool:
    """Of the processes that train one model together only rank 0 records."""
    rank = environment.get("RANK") or "0"
    return not rank.isdigit() or int(rank) == 0


def _host() -> str:
    return socket.gethostname()
