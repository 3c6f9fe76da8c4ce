"""What the run ran on: host, Python, command line, git, packages, processor, GPUs. Never environment variables."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import sys
from typing import Any, Dict, List, Optional

from .redact import redact_command, redact_packages, redact_text

DIFF_CHARACTERS_MAX = 256 * 1024
COMMAND_TIMEOUT_S = 3.0


def capture_environment() -> Dict[str, Any]:
    """The `environment` of a run. Parts that cannot be had are absent; nothing here raises. May take seconds."""
    result: Dict[str, Any] = {}
    for name, part in _PARTS.items():
        try:
            value = part()
        except Exception:
            continue
        if value is not None:
            result[name] = value
    return result


def _command() -> List[str]:
    return redact_command([sys.executable or "python", *getattr(sys, "orig_argv", [None, *sys.argv])[1:]])


def _cwd() -> str:
    return redact_text(os.getcwd())


def _git() -> Optional[Dict[str, Any]]:
    commit = _output("git", "rev-parse", "HEAD")
    if not commit:
        return None
    diff = _output("git", "diff", "HEAD", "--no-color", "--no-ext-diff")
    status = _output("git", "status", "--porcelain", "--untracked-files=no")
    found: Dict[str, Any] = {"commit": commit.strip(), "dirty": bool(status and status.strip())}
    branch = _output("git", "rev-parse", "--abbrev-ref", "HEAD")
    remote = _output("git", "config", "--get", "remote.origin.url")
    if branch and branch.strip() != "HEAD":
        found["branch"] = branch.strip()
    if remote and remote.strip():
        found["remote"] = redact_text(remote.strip())
    if diff and diff.strip():
        clean = redact_text(diff)
        found["diff"] = clean[:DIFF_CHARACTERS_MAX]
        if len(clean) > DIFF_CHARACTERS_MAX:
            found["diff"] += "\n[cut: %d of %d characters]\n" % (DIFF_CHARACTERS_MAX, len(clean))
    return found


def _packages() -> Dict[str, str]:
    from importlib import metadata

    found: Dict[str, str] = {}
    for distribution in metadata.distributions():
        name, version = distribution.metadata["Name"], distribution.version
        if name and version and len(found) < 5000:
            found[str(name)] = str(version)
    return redact_packages(dict(sorted(found.items())))


def _cpu() -> Dict[str, Any]:
    found: Dict[str, Any] = {"count": os.cpu_count() or 1}
    model = _cpu_model()
    if model:
        found["model"] = model
    try:
        found["memory_bytes"] = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        pass
    return found


def _cpu_model() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.lower().startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()


def _gpus() -> Optional[List[Dict[str, Any]]]:
    if os.environ.get("CUDA_VISIBLE_DEVICES") == "" or not shutil.which("nvidia-smi"):
        return None
    text = _output("nvidia-smi", "--query-gpu=uuid,name,memory.total", "--format=csv,noheader,nounits")
    rows = [[cell.strip() for cell in line.split(",")] for line in (text or "").splitlines()]
    return [
        {"uuid": row[0], "name": row[1], "memory_bytes": int(row[2]) * 1024 * 1024}
        for row in rows
        if len(row) == 3 and row[2].isdigit()
    ] or None


def _output(*command: str) -> Optional[str]:
    """What a command wrote, or None when it is absent, failed or was too slow."""
    try:
        none, pipe = subprocess.DEVNULL, subprocess.PIPE
        done = subprocess.run(command, stdin=none, stdout=pipe, stderr=none, timeout=COMMAND_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


_PARTS = {
    "host": socket.gethostname,
    "platform": platform.platform,
    "python": platform.python_version,
    "command": _command,
    "cwd": _cwd,
    "git": _git,
    "packages": _packages,
    "cpu": _cpu,
    "gpus": _gpus,
}
