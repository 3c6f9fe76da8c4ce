"""Arguments of the recipes. A flag on the command line wins over DESCENT_CONFIG (JSON), that over the default."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

from .refusal import Refusal

RECIPES = Path(__file__).resolve().parent.parent


def recipe_parser(description: str | None) -> argparse.ArgumentParser:
    """The arguments that every recipe takes; a recipe adds its own."""
    it = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument("--data", default=str(RECIPES / ".data"), help="Folder that prepare_data.py made.")
    it.add_argument("--dataset-sha256", default="", help="Refuse any other data set; a prefix is enough.")
    it.add_argument("--tokenizer-sha256", default="", help="Refuse any other tokenizer; a prefix is enough.")
    it.add_argument("--project", default="lifecycle", help="Project to report to; an agent's environment wins.")
    it.add_argument("--experiment", default=None, help="Experiment to report to; an agent's environment wins.")
    it.add_argument("--device", default="auto", help="auto, cpu or cuda; auto takes the GPU when there is one.")
    it.add_argument(
        "--dtype",
        default="auto",
        choices=["auto", "float32", "bfloat16"],
        help="auto is bfloat16 on a GPU, else float32.",
    )
    it.add_argument("--seed", type=int, default=0, help="Seed of weights, batches and samples.")
    it.add_argument("--scale", type=float, default=1.0, help="Fraction of the steps to take, at least two steps.")
    it.add_argument("--items", type=int, default=0, help="Items per evaluation, 0 for all; training ignores it.")
    return it


def add_training_arguments(it: argparse.ArgumentParser, *, steps: int, batch: int, lr: float, decay: float) -> None:
    """The arguments of a training loop, with the stage's own defaults."""
    it.add_argument("--steps", type=int, default=steps, help="Optimiser steps before --scale.")
    it.add_argument("--batch", type=int, default=batch, help="Rows per step, before any replay.")
    it.add_argument("--lr", type=float, default=lr, help="Peak learning rate.")
    it.add_argument("--weight-decay", type=float, default=decay, help="Weight decay of matrices; adapters have none.")
    it.add_argument(
        "--save-every", type=int, default=0, help="Steps between checkpoints that can be resumed; 0 for none."
    )
    it.add_argument("--probe-every", type=int, default=20, help="Steps between held-out losses; 0 for none.")
    it.add_argument("--out", default=None, help="Folder for checkpoints; default DESCENT_WORK_DIR, else .runs/STAGE.")


def add_size_arguments(it: argparse.ArgumentParser, *, fixed: bool) -> None:
    """The sizes of the model. `fixed`: a parent has decided them, and a value that differs is refused."""
    note = " Decided by the parent; another value is refused." if fixed else ""
    for flag, default, meaning in (
        ("--width", 128, "Width of the model."),
        ("--layers", 4, "Number of blocks."),
        ("--heads", 4, "Attention heads per block."),
        ("--context", 128, "Longest input in tokens."),
        ("--vocabulary", 1024, "Entries of the tokenizer, special tokens included."),
    ):
        it.add_argument(flag, type=int, default=None if fixed else default, help=meaning + note)


def add_parent_argument(it: argparse.ArgumentParser) -> None:
    """Where the stage starts from."""
    it.add_argument(
        "--parent",
        default=os.environ.get("DESCENT_PARENT_PATH"),
        help="Folder of the parent's checkpoint; an agent sets DESCENT_PARENT_PATH.",
    )


def add_adapter_arguments(it: argparse.ArgumentParser) -> None:
    """Full tuning or LoRA."""
    it.add_argument("--method", default="full", choices=["full", "lora"], help="Train all weights, or LoRA adapters.")
    it.add_argument("--lora-rank", type=int, default=8, help="Rank of the adapters.")
    it.add_argument("--lora-alpha", type=float, default=16.0, help="Scale of the adapters, divided by the rank.")


def read_config(
    it: argparse.ArgumentParser, argv: list[str] | None = None, environment: Mapping[str, str] = os.environ
) -> argparse.Namespace:
    """Parses the command line over DESCENT_CONFIG.

    Errors   Refusal for a parameter that the recipe does not know or a value of the wrong type; both are named.
    """
    known = {action.dest: action for action in it._actions if action.dest != "help"}
    given = _environment_config(environment.get("DESCENT_CONFIG", ""))
    for name, value in given.items():
        if name not in known:
            raise Refusal(f'DESCENT_CONFIG has "{name}", which this recipe does not know; it knows {", ".join(known)}')
        it.set_defaults(**{name: _converted(name, value, known[name])})
    config = it.parse_args(argv)
    # A relative folder means the working directory, or the recipes' own folder where it does not exist there: an agent
    # may start a recipe anywhere.
    if not os.path.isabs(config.data) and not os.path.exists(config.data):
        config.data = str(RECIPES / config.data)
    return config


def scaled_steps(config: argparse.Namespace) -> int:
    """Steps to take: --steps times --scale, at least two."""
    return max(2, int(config.steps * config.scale))


def _environment_config(text: str) -> dict:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refusal(f"DESCENT_CONFIG is no JSON ({error}); it must be an object of parameters") from None
    if not isinstance(value, dict):
        raise Refusal(f"DESCENT_CONFIG must be a JSON object of parameters, not {type(value).__name__}")
    return value


def _converted(name: str, value: object, action: argparse.Action) -> object:
    if value is None:
        return None
    kind = action.type or str
    good = isinstance(value, str) if kind is str else isinstance(value, int | float) and not isinstance(value, bool)
    if not good or (kind is int and value != int(value)):
        raise Refusal(f'DESCENT_CONFIG has "{name}": {json.dumps(value)}; {kind.__name__} expected')
    if action.choices and value not in action.choices:
        raise Refusal(f'DESCENT_CONFIG has "{name}": {json.dumps(value)}; one of {", ".join(action.choices)} expected')
    return kind(value)
