"""The fixed evaluation suite on one checkpoint; one evaluation per benchmark, with every item.

Run:      python evaluate.py --data FOLDER --target CHECKPOINT [--items 8] [--reference CHECKPOINT] [--json FILE]
Reads:    the held-out files of the data set; the checkpoint's weights and tokenizer
Reports:  general-bpb, domain-bpb, knowledge, instruction-format, instruction-accuracy, task-accuracy, task-macro-f1,
          preference-accuracy, and with a reference reward-margin and reward-accuracy, on DESCENT_TARGET_CHECKPOINT;
          without that id nothing is posted and the scores are printed only
Writes:   with --json the scores as one JSON object
Fails:    exit 3 when data or checkpoint are missing or damaged; exit 1 with a traceback on any error
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from parts.checkpoint import load_model, open_checkpoint
from parts.configuration import add_size_arguments, read_config, recipe_parser
from parts.dataset import open_dataset
from parts.optimiser import choose_device
from parts.refusal import Refusal
from parts.session import StopSignal, run_recipe
from parts.suite import Subject, measure_all


def parser() -> argparse.ArgumentParser:
    """The command line; every argument carries a sentence."""
    it = recipe_parser(__doc__)
    add_size_arguments(it, fixed=True)
    it.add_argument(
        "--target",
        default=os.environ.get("DESCENT_TARGET_PATH"),
        help="Folder of the checkpoint to measure; an agent sets DESCENT_TARGET_PATH.",
    )
    it.add_argument(
        "--reference",
        default=os.environ.get("DESCENT_REFERENCE_PATH"),
        help="Folder of a preference stage's frozen reference, for the implicit rewards.",
    )
    it.add_argument("--json", default=None, help="File to write the scores to.")
    return it


def evaluate(config: argparse.Namespace, run: Any, _stop: StopSignal) -> str:
    """Measures everything, then reports everything; answers why it ended."""
    if not config.target:
        raise Refusal("nothing to measure: give --target FOLDER or set DESCENT_TARGET_PATH")
    device = choose_device(config.device)
    dataset = open_dataset(config.data, config.dataset_sha256)
    target = open_checkpoint(config.target, "target", config.tokenizer_sha256)
    reference = None
    if config.reference:
        reference = load_model(open_checkpoint(config.reference, "reference", target.tokenizer.sha256), device)
    model = load_model(target, device)
    started = time.monotonic()
    subject = Subject(model, target.tokenizer, dataset, target.config["stage"], config.items, reference)
    results = measure_all(subject)
    spent = time.monotonic() - started

    checkpoint = os.environ.get("DESCENT_TARGET_CHECKPOINT")
    for result in results:
        print(f"{result.benchmark['slug']:22} {result.score:8.4f}   n {len(result.items)}")
        if checkpoint:
            run.log_eval(
                result.benchmark,
                score=result.score,
                n=len(result.items),
                metric=result.metric,
                checkpoint=checkpoint,
                protocol=result.protocol,
                items=result.items,
            )
    if not checkpoint:
        print("DESCENT_TARGET_CHECKPOINT is not set: nothing was posted")
    print(f"measured in {spent:.1f} s", flush=True)
    if config.json:
        Path(config.json).write_text(json.dumps({result.benchmark["slug"]: result.score for result in results}) + "\n")
    return "finished"


if __name__ == "__main__":
    sys.exit(run_recipe(None, lambda: read_config(parser()), evaluate))
