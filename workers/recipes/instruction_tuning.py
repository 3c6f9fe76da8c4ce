"""Instruction tuning of one checkpoint on chat rows; loss on the answer only.

Run:      python instruction_tuning.py --data FOLDER --parent CHECKPOINT [--replay-rate 0.5] [--method lora]
Reads:    instruction_train: rows of {"prompt": str, "answer": str}; for the replay domain_train and general_train,
          half and half; the parent's weights and its tokenizer, unchanged
Reports:  loss/sft and loss/replay in nats per token (loss only without replay, where it is one quantity); lr,
          grad_norm, tokens as a running total that continues the parent's, tokens_per_s, and eval/general_bpb and
          eval/domain_bpb every --probe-every steps
Writes:   a checkpoint every --save-every steps and one at the end; resuming from one is a new attempt of the same run
Fails:    exit 3 when data or parent are missing, or the parent's tokenizer hash differs from the config's (lineage
          would be void); exit 1 with a traceback on any error
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np
import torch

from parts.batches import chat_example, full_rows, padded, pick, step_rng, token_stream, windows
from parts.checkpoint import load_model, restore
from parts.configuration import (
    add_adapter_arguments,
    add_parent_argument,
    add_size_arguments,
    add_training_arguments,
    read_config,
    recipe_parser,
    scaled_steps,
)
from parts.dataset import open_dataset
from parts.lora import add_lora
from parts.losses import mean_loss
from parts.optimiser import TokenClock, autocast, choose_device, cosine_rate, make_optimiser, take_step
from parts.session import StopSignal, run_recipe
from parts.stage import (
    checkpoint_config,
    declare_inputs,
    is_due,
    open_parent,
    open_start,
    probe,
    probe_rows,
    report_checkpoint,
)

STAGE = "instruction"


def parser() -> argparse.ArgumentParser:
    """The command line; every argument carries a sentence."""
    it = recipe_parser(__doc__)
    add_parent_argument(it)
    add_size_arguments(it, fixed=True)
    add_training_arguments(it, steps=180, batch=48, lr=1.5e-3, decay=0.1)
    add_adapter_arguments(it)
    it.add_argument("--replay-rate", type=float, default=0.0, help="Share of the steps that add a replay batch.")
    it.add_argument("--replay-rows", type=int, default=8, help="Rows of a replay batch, half domain and half general.")
    return it


def train(config: argparse.Namespace, run: Any, stop: StopSignal) -> str:
    """The whole stage; answers why it ended."""
    device = choose_device(config.device)
    dataset = open_dataset(config.data, config.dataset_sha256)
    parent = open_parent(config)
    tokenizer, context = parent.tokenizer, parent.shape.context
    declare_inputs(run, dataset, tokenizer)
    start = open_start(parent.config["tokens"])
    rows = [chat_example(tokenizer, row["prompt"], row["answer"]) for row in dataset.rows("instruction_train")]
    replays = config.replay_rate > 0
    corpora = [token_stream(dataset.rows(f"{c}_train"), tokenizer) for c in ("domain", "general")] if replays else []
    probes = probe_rows(dataset, tokenizer)

    torch.manual_seed(config.seed)
    model = load_model(parent, device)
    if config.method == "lora":
        add_lora(model, config.lora_rank, config.lora_alpha).to(device)
    optimiser = make_optimiser(model, 0.0 if config.method == "lora" else config.weight_decay)
    if start.resume:
        restore(start.resume, model, optimiser)
    steps = run.total_steps = scaled_steps(config)
    about = checkpoint_config(
        STAGE, config, shape=parent.shape, tokenizer=tokenizer, dataset=dataset, parent=parent, steps=steps, model=model
    )

    clock = TokenClock(start.tokens)
    for step in range(start.first_step, steps):
        rng = step_rng(config.seed, step)
        chosen = pick(rng, rows, config.batch)
        with autocast(device, config.dtype):
            sft_loss = mean_loss(model, *padded(chosen, tokenizer, context, device))
        sft_loss.backward()
        clock.add(sum(len(ids) for ids, _ in chosen))
        metrics = {"loss/sft": sft_loss.item()} | ({} if replays else {"loss": sft_loss.item()})
        if replays and rng.random() < config.replay_rate:
            halves = [windows(rng, corpus, max(1, config.replay_rows // 2), context) for corpus in corpora]
            with autocast(device, config.dtype):
                replay_loss = mean_loss(model, *full_rows(np.concatenate(halves), device))
            replay_loss.backward()
            clock.add(sum(half.shape[0] for half in halves) * context)
            metrics["loss/replay"] = replay_loss.item()
        rate = cosine_rate(step, steps, config.lr)
        norm = take_step(optimiser, model.parameters(), rate)

        metrics |= {"lr": rate, "grad_norm": norm, "tokens": clock.tokens, "tokens_per_s": clock.per_second}
        if step == 0 or is_due(step, config.probe_every):
            metrics |= probe(model, probes, tokenizer, device)
        run.log(metrics, step=step)

        why, last = stop.reason(run), step == steps - 1
        if why or last or is_due(step, config.save_every):
            kept = None if last else optimiser
            report_checkpoint(run, config, about, model, tokenizer, step=step, tokens=clock.tokens, optimiser=kept)
        if why and not last:
            return why
    return "finished"


if __name__ == "__main__":
    sys.exit(run_recipe(STAGE, lambda: read_config(parser()), train))
