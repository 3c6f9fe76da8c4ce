"""Continued pre-training of one checkpoint on the domain's documents, with or without replay of general text.

Run:      python continued_pretraining.py --data FOLDER --parent CHECKPOINT [--replay-share 0.25] [--method lora]
Reads:    domain_train, and general_train for the replay; the parent's weights and its tokenizer, unchanged
Reports:  loss/lm on domain rows and loss/replay on general rows, in nats per token (loss only without replay, where it
          is one quantity); lr, grad_norm, tokens as a running total that continues the parent's, tokens_per_s, and
          eval/general_bpb and eval/domain_bpb every --probe-every steps
Writes:   a checkpoint every --save-every steps and one at the end; resuming from one is a new attempt of the same run
Fails:    exit 3 when data or parent are missing, or the tokenizer's hash differs from the config's; exit 1 on any error
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import torch

from parts.batches import full_rows, step_rng, token_stream, windows
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

STAGE = "continued_pretrain"


def parser() -> argparse.ArgumentParser:
    """The command line; every argument carries a sentence."""
    it = recipe_parser(__doc__)
    add_parent_argument(it)
    add_size_arguments(it, fixed=True)
    add_training_arguments(it, steps=90, batch=16, lr=1e-3, decay=0.1)
    add_adapter_arguments(it)
    it.add_argument("--replay-share", type=float, default=0.0, help="Share of the rows that are general text.")
    return it


def train(config: argparse.Namespace, run: Any, stop: StopSignal) -> str:
    """The whole stage; answers why it ended."""
    device = choose_device(config.device)
    dataset = open_dataset(config.data, config.dataset_sha256)
    parent = open_parent(config)
    tokenizer, context = parent.tokenizer, parent.shape.context
    declare_inputs(run, dataset, tokenizer)
    start = open_start(parent.config["tokens"])
    domain = token_stream(dataset.rows("domain_train"), tokenizer)
    replay_rows = round(config.batch * config.replay_share)
    general = token_stream(dataset.rows("general_train"), tokenizer) if replay_rows else None
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
        domain_batch = full_rows(windows(rng, domain, config.batch - replay_rows, context), device)
        with autocast(device, config.dtype):
            loss = domain_loss = mean_loss(model, *domain_batch)
            if general is not None:
                replay_loss = mean_loss(model, *full_rows(windows(rng, general, replay_rows, context), device))
                share = replay_rows / config.batch
                loss = (1 - share) * domain_loss + share * replay_loss
        loss.backward()
        rate = cosine_rate(step, steps, config.lr)
        norm = take_step(optimiser, model.parameters(), rate)
        clock.add(config.batch * context)

        metrics = {"loss/lm": domain_loss.item(), "lr": rate, "grad_norm": norm}
        metrics |= {"loss": loss.item()} if general is None else {"loss/replay": replay_loss.item()}
        metrics |= {"tokens": clock.tokens, "tokens_per_s": clock.per_second}
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
