"""A data set is a folder of JSONL files and a manifest with the SHA-256 of each; it is written whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .refusal import Refusal

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Dataset:
    """One opened data set; `sha256` covers every file and is its revision in every protocol."""

    folder: Path
    name: str
    sha256: str
    manifest: dict

    def rows(self, file: str) -> list[dict]:
        """All rows of `{file}.jsonl`, in order."""
        with open(self.folder / f"{file}.jsonl", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]


def write_dataset(
    folder: Path,
    name: str,
    rows: dict[str, list[dict]],
    *,
    origins: list[dict],
    notice: str = "",
    request: dict | None = None,
    fallback: str = "",
) -> dict:
    """Writes all files beside `folder`, the manifest last, and renames the whole into place. Answers the manifest.

    `request` is what was asked for, so that a second call knows the folder is its own; `fallback` says why the data is
    not what was asked for, empty when it is.
    """
    temporary = folder.with_name(folder.name + ".part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    texts = {f"{key}.jsonl": "".join(json.dumps(row) + "\n" for row in value) for key, value in rows.items()}
    if notice:
        texts["NOTICE.txt"] = notice
    files = {}
    for file, text in sorted(texts.items()):
        data = text.encode()
        (temporary / file).write_bytes(data)
        files[file] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "rows": len(text.splitlines())}
    manifest = {
        "name": name,
        "sha256": whole_sha256(files),
        "files": files,
        "origins": origins,
        "request": request or {},
        "fallback": fallback,
    }
    (temporary / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(temporary, folder)
    return manifest


def whole_sha256(files: dict[str, dict]) -> str:
    """One hash for the set: of the lines "sha256  name" in order of name."""
    lines = "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def open_dataset(folder: str | Path, expected_sha256: str = "") -> Dataset:
    """Opens a data set and checks every byte of it.

    Errors   Refusal when the folder or a file is missing, a file differs from the manifest, or the whole is not the
             one that `expected_sha256` names (a prefix is enough).
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        raise Refusal(f"no data set at {folder}; make one with: python prepare_data.py --out {folder}")
    for name, entry in manifest["files"].items():
        path = folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "nothing"
        if found != entry["sha256"]:
            raise Refusal(
                f"{path} has sha256 {found[:12]}, its manifest says {entry['sha256'][:12]}; "
                f"delete {folder} and make it again with prepare_data.py"
            )
    if whole_sha256(manifest["files"]) != manifest["sha256"]:
        raise Refusal(f"the manifest of {folder} contradicts itself; delete the folder and make it again")
    if expected_sha256 and not manifest["sha256"].startswith(expected_sha256):
        raise Refusal(
            f"data set {manifest['name']} at {folder} has sha256 {manifest['sha256'][:12]}, "
            f"the run's config asks for {expected_sha256[:12]}"
        )
    return Dataset(folder, manifest["name"], manifest["sha256"], manifest)


def read_manifest(folder: Path) -> dict | None:
    """The manifest of a finished data set, None when there is none."""
    try:
        return json.loads((folder / MANIFEST).read_text())
    except (OSError, json.JSONDecodeError):
        return None


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the lock of `folder`: a second process waits here until the first has written the data set."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(folder.name + ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
