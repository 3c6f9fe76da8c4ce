"""Checkpoints are folders that appear whole: written under a temporary name, synced, renamed; the manifest is last.

model.pt        state dict, plain weights (adapters merged); loaded with weights_only=True
tokenizer.json  the lineage's tokenizer, byte for byte the parent's
config.json     shape, stage, step, tokens, parent, data set, seed and parameters
state.pt        optimiser and unmerged weights, for a resume; left out of a finished run's last checkpoint
manifest.json   sha256 and size of each of them
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch

from .lora import has_lora, merged
from .model import LanguageModel, Shape
from .refusal import Refusal
from .tokenizer import Tokenizer, load_tokenizer

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Checkpoint:
    """One opened checkpoint; the weights are read by `load_model`."""

    folder: Path
    config: dict
    tokenizer: Tokenizer

    @property
    def shape(self) -> Shape:
        """The shapes of its weights."""
        return Shape(**self.config["model"])


def save_checkpoint(
    folder: Path,
    model: LanguageModel,
    tokenizer: Tokenizer,
    config: dict,
    optimiser: torch.optim.Optimizer | None = None,
) -> Path:
    """Writes a checkpoint to `folder` and answers it. With an optimiser the run can be resumed from it.

    A kill at any moment leaves either no folder of that name or a whole one.
    """
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    weights = {name: value.cpu() for name, value in merged(model).state_dict().items()}
    torch.save(weights, temporary / "model.pt")
    (temporary / "tokenizer.json").write_text(tokenizer.to_json())
    (temporary / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    if optimiser is not None:
        unmerged = model.state_dict() if has_lora(model) else {}
        torch.save(
            {"optimiser": optimiser.state_dict(), "unmerged": unmerged, "rng": torch.get_rng_state()},
            temporary / "state.pt",
        )
    files = {path.name: _digest(path) for path in sorted(temporary.iterdir())}
    keys = ("stage", "step", "tokens", "parent", "tokenizer_sha256", "merged_lora")
    manifest = {"files": files, **{key: config[key] for key in keys}}
    (temporary / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    for path in [*temporary.iterdir(), temporary]:
        _sync(path)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(temporary, folder)
    _sync(folder.parent)
    return folder


def open_checkpoint(folder: str | Path, role: str = "checkpoint", tokenizer_sha256: str = "") -> Checkpoint:
    """Opens a checkpoint after comparing every file with its manifest.

    Errors   Refusal when it is missing or incomplete, when a file differs, or when its tokenizer is not the one that
             its own config or `tokenizer_sha256` names.
    """
    folder = Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, json.JSONDecodeError):
        raise Refusal(f"the {role} {folder} is no checkpoint: {MANIFEST} is missing or broken") from None
    for name, entry in manifest["files"].items():
        path = folder / name
        if not path.is_file() or _digest(path) != entry:
            raise Refusal(f"the {role} {folder} is damaged: {name} is missing or differs from its manifest")
    config = json.loads((folder / "config.json").read_text())
    tokenizer = load_tokenizer(folder / "tokenizer.json", config["tokenizer_sha256"])
    if tokenizer_sha256:
        load_tokenizer(folder / "tokenizer.json", tokenizer_sha256)
    return Checkpoint(folder, config, tokenizer)


def load_model(checkpoint: Checkpoint, device: torch.device) -> LanguageModel:
    """The model of a checkpoint with its plain weights."""
    model = LanguageModel(checkpoint.shape)
    weights = torch.load(checkpoint.folder / "model.pt", map_location="cpu", weights_only=True)
    model.load_state_dict(weights)
    return model.to(device)


def restore(checkpoint: Checkpoint, model: LanguageModel, optimiser: torch.optim.Optimizer) -> None:
    """Puts model and optimiser back to where the checkpoint was written.

    Errors   Refusal when the checkpoint holds no state to resume from.
    """
    path = checkpoint.folder / "state.pt"
    if not path.exists():
        raise Refusal(
            f"{checkpoint.folder} cannot be resumed: it holds no state.pt (it was the last of a finished run)"
        )
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state["unmerged"]:
        model.load_state_dict(state["unmerged"])
    else:
        weights = torch.load(checkpoint.folder / "model.pt", map_location="cpu", weights_only=True)
        model.load_state_dict(weights)
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["rng"])


def _digest(path: Path) -> dict:
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
