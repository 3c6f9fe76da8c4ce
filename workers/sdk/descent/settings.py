"""What a run is called and where it goes: the environment that an agent set, then the arguments, then defaults."""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from .notices import shown, warn_once

DEFAULT_URL = "http://127.0.0.1:7070"
SPOOL_FOLDER = ".descent-spool"
_SLUG = re.compile(r"[^a-z0-9]+")
_UUID = re.compile(r"^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$", re.IGNORECASE)


class Settings(NamedTuple):
    """Where records go. `job` is set when an agent started this process."""

    url: str
    project: str
    experiment: Optional[str]
    run: str
    job: Optional[str]
    attempt: Optional[int]
    fence: Optional[int]
    resume_from: Optional[str]
    target_checkpoint: Optional[str]
    spool_root: str
    wire: str = "binary"

    @property
    def under_agent(self) -> bool:
        """True when the run, its experiment and its attempt exist already."""
        return self.job is not None


def read_settings(
    environment: Mapping[str, str],
    project: Optional[str],
    experiment: Optional[str],
    run_id: Optional[str],
    resume: Optional[str],
    folder: Optional[str],
    wire: Optional[str] = None,
) -> Settings:
    """Settings from the environment (which wins) and the arguments of `init`."""
    given = environment.get
    run = given("DESCENT_RUN_ID") or run_id
    if run is not None and not _UUID.match(str(run)):
        warn_once("run-id", "run id %s is no UUID; a new one was made" % shown(run))
        run = None
    return Settings(
        url=(given("DESCENT_URL") or DEFAULT_URL).rstrip("/"),
        project=slug(given("DESCENT_PROJECT") or project or os.path.basename(os.getcwd())) or "project",
        experiment=_text(given("DESCENT_EXPERIMENT") or experiment),
        run=str(uuid.UUID(str(run))) if run else new_run_id(),
        job=given("DESCENT_JOB_ID") or None,
        attempt=_whole(given("DESCENT_ATTEMPT")),
        fence=_whole(given("DESCENT_FENCE")),
        resume_from=_text(given("DESCENT_RESUME_FROM") or resume),
        target_checkpoint=given("DESCENT_TARGET_CHECKPOINT") or None,
        spool_root=given("DESCENT_SPOOL_DIR") or os.path.join(folder or os.getcwd(), SPOOL_FOLDER),
        wire=_wire(given("DESCENT_WIRE") or wire or "binary"),
    )


def read_config(environment: Mapping[str, str], config: Any) -> Dict[str, Any]:
    """The configuration of `init` with the parameters of the job over it."""
    merged: Dict[str, Any] = {}
    if config is not None:
        try:
            merged.update(config if isinstance(config, dict) else vars(config))
        except TypeError:
            warn_once("config", "config %s is no dictionary; it was not recorded" % shown(config))
    text = environment.get("DESCENT_CONFIG")
    if text:
        try:
            given = json.loads(text)
            merged.update(given if isinstance(given, dict) else {})
        except ValueError:
            warn_once("DESCENT_CONFIG", "DESCENT_CONFIG is no JSON: %s" % shown(text))
    return merged


def parent_edges(parent: Any) -> List[Dict[str, Any]]:
    """The `parents` of an experiment: a checkpoint id, an experiment's number or slug, an edge as a dictionary, or a
    list of these. Weights start from them (`init`) unless an edge says otherwise."""
    if parent is None:
        return []
    if isinstance(parent, (list, tuple)):
        return [edge for item in parent for edge in parent_edges(item)]
    if isinstance(parent, dict):
        return [dict(parent, kind=parent.get("kind", "init"))]
    if isinstance(parent, str) and _UUID.match(parent):
        return [{"checkpoint": parent, "kind": "init"}]
    if isinstance(parent, (str, int)) and not isinstance(parent, bool):
        return [{"experiment": parent, "kind": "init"}]
    identity = getattr(parent, "id", None)
    if isinstance(identity, str):
        return [{"checkpoint": identity, "kind": "init"}]
    warn_once("parent", "parent %s is neither a checkpoint nor an experiment; it was not recorded" % shown(parent))
    return []


def slug(name: str) -> str:
    """`name` as a lower-case ASCII slug."""
    return _SLUG.sub("-", str(name).lower()).strip("-")[:64].strip("-")


def new_run_id() -> str:
    """A UUID of version 7 (RFC 9562): the time in milliseconds, then random bits."""
    value = (int(time.time() * 1000) & (2**48 - 1)) << 80 | (uuid.uuid4().int & (2**80 - 1))
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))


def _wire(name: str) -> str:
    if name in ("binary", "json"):
        return name
    warn_once("wire", "wire %s is neither binary nor json; points are sent in binary" % shown(name))
    return "binary"


def _text(value: Any) -> Optional[str]:
    return None if value is None or value == "" else str(value)


def _whole(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isdigit() else None
