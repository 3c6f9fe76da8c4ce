"""What every training stage does before and after its loop: open data, parent and resume point; save; probe."""

from __future__ import annotations

import argparse
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .batches import padded
from .checkpoint import Checkpoint, open_checkpoint, save_checkpoint
from .dataset import Dataset
from .lora import has_lora, merged
from .losses import row_losses
from .model import LanguageModel, Shape, count_parameters
from .refusal import Refusal
from .session import public_parameters, work_folder
from .tokenizer import Tokenizer


@dataclass(frozen=True)
class Start:
    """Where the loop begins: its first step, the tokens seen before it, and the checkpoint it resumes from, if any."""

    first_step: int
    tokens: int
    resume: Checkpoint | None


def open_parent(config: argparse.Namespace) -> Checkpoint:
    """The checkpoint that the stage starts from.

    Errors   Refusal when none is given, it is damaged, its tokenizer is not the config's, or the config asks for sizes
             that its weights do not have.
    """
    if not config.parent:
        raise Refusal("this stage starts from a checkpoint: give --parent FOLDER or set DESCENT_PARENT_PATH")
    parent = open_checkpoint(config.parent, "parent", config.tokenizer_sha256)
    for name, has in parent.shape.to_json().items():
        wants = getattr(config, name, None)
        if wants is not None and wants != has:
            raise Refusal(f"the parent has {name} {has}, the config says {wants}; a child keeps its parent's sizes")
    return parent


def open_start(tokens: int) -> Start:
    """A fresh start after `tokens` tokens, or the resume point that DESCENT_RESUME_PATH names."""
    path = os.environ.get("DESCENT_RESUME_PATH")
    if not path:
        return Start(0, tokens, None)
    resume = open_checkpoint(path, "resume checkpoint")
    return Start(resume.config["step"] + 1, resume.config["tokens"], resume)


def checkpoint_config(
    stage: str,
    config: argparse.Namespace,
    *,
    shape: Shape,
    tokenizer: Tokenizer,
    dataset: Dataset,
    parent: Checkpoint | None,
    steps: int,
    model: LanguageModel,
) -> dict:
    """The part of config.json that holds for the whole run; step and tokens are added when a checkpoint is written."""
    return {
        "format": 1,
        "stage": stage,
        "method": getattr(config, "method", "full"),
        "model": shape.to_json(),
        # Of the weights that the checkpoint holds: adapters are merged into them and add none.
        "params": count_parameters(merged(model)),
        "trainable_params": count_parameters(model, trainable=True),
        "merged_lora": has_lora(model),
        "tokenizer_sha256": tokenizer.sha256,
        "dataset": {"name": dataset.name, "sha256": dataset.sha256},
        "parent": os.environ.get("DESCENT_PARENT_CHECKPOINT") or (parent and parent_name(parent)),
        "steps": steps,
        "seed": config.seed,
        "parameters": public_parameters(config),
    }


def parent_name(parent: Checkpoint) -> str:
    """Names a parent whose id is unknown, by stage and step."""
    return f"{parent.config['stage']} step {parent.config['step']}"


def declare_inputs(run: Any, dataset: Dataset, tokenizer: Tokenizer) -> None:
    """Tells the run which data set and tokenizer it uses."""
    run.use(f"dataset:{dataset.name}", sha256=dataset.sha256)
    run.use(f"tokenizer:bpe{tokenizer.size}@{tokenizer.sha256[:8]}", sha256=tokenizer.sha256)


def report_checkpoint(
    run: Any,
    config: argparse.Namespace,
    about: dict,
    model: LanguageModel,
    tokenizer: Tokenizer,
    *,
    step: int,
    tokens: int,
    optimiser: torch.optim.Optimizer | None,
) -> Path:
    """Writes the checkpoint of one step and hands it to the run. Without an optimiser it cannot be resumed."""
    folder = work_folder(config, about["stage"]) / "checkpoints" / f"step-{step:06d}"
    save_checkpoint(folder, model, tokenizer, {**about, "step": step, "tokens": tokens}, optimiser)
    keys = ("params", "merged_lora", "tokenizer_sha256", "stage", "parent", "dataset")
    run.log_checkpoint(str(folder), step=step, tokens=tokens, metadata={key: about[key] for key in keys})
    print(f"step {step}: checkpoint {folder}", flush=True)
    return folder


def probe_rows(dataset: Dataset, tokenizer: Tokenizer, rows: int = 8) -> dict[str, list[list[int]]]:
    """Ids of a few held-out passages by corpus, for the curves. The full suite is evaluate.py."""
    return {
        corpus: [
            [tokenizer.document, *tokenizer.encode(row["text"][:240])]
            for row in dataset.rows(f"{corpus}_heldout")[::4][:rows]
        ]
        for corpus in ("general", "domain")
    }


@torch.no_grad()
def probe(
    model: LanguageModel, probes: dict[str, list[list[int]]], tokenizer: Tokenizer, device: torch.device
) -> dict[str, float]:
    """Bits per byte of the probe passages: `eval/general_bpb` and `eval/domain_bpb`."""
    values = {}
    context = model.shape.context
    for corpus, passages in probes.items():
        # Passages longer than the context are cut, and so are the bytes they are divided by.
        cut = [ids[: context + 1] for ids in passages]
        nats, _ = row_losses(model, *padded([(ids, [1] * len(ids)) for ids in cut], tokenizer, context, device))
        size = sum(len(tokenizer.decode(ids[1:]).encode()) for ids in cut)
        values[f"eval/{corpus}_bpb"] = float(nats.sum()) / math.log(2) / size
    return values


def is_due(step: int, every: int) -> bool:
    """True on every `every`-th step, counted from 1; never when `every` is 0."""
    return every > 0 and (step + 1) % every == 0
