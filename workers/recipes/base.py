"""Pre-training from random weights on general text; trains the lineage's tokenizer first.

Run:      python base.py --data FOLDER [--steps 760] [--width 128 --layers 4 --heads 4 --context 128]
Reads:    general_train; the tokenizer is learned from general, domain and instruction text
Reports:  loss/lm (also as loss: it is the only one) in nats per token, lr, grad_norm, tokens as a running total,
          tokens_per_s, and eval/general_bpb and eval/domain_bpb every --probe-every steps
Writes:   a checkpoint every --save-every steps and one at the end; resuming from one is a new attempt of the same run
Fails:    exit 3 when the data set is missing or not the one asked for; exit 1 with a traceback on any error
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import torch

from parts.batches import full_rows, step_rng, token_stream, windows
from parts.checkpoint import restore
from parts.configuration import add_size_arguments, add_training_arguments, read_config, recipe_parser, scaled_steps
from parts.dataset import Dataset, open_dataset
from parts.losses import mean_loss
from parts.model import LanguageModel, Shape
from parts.optimiser import TokenClock, autocast, choose_device, cosine_rate, make_optimiser, take_step
from parts.refusal import Refusal
from parts.session import StopSignal, run_recipe
from parts.stage import checkpoint_config, declare_inputs, is_due, open_start, probe, probe_rows, report_checkpoint
from parts.tokenizer import Tokenizer, train_tokenizer

STAGE = "pretrain"


def parser() -> argparse.ArgumentParser:
    """The command line; every argument carries a sentence."""
    it = recipe_parser(__doc__)
    add_size_arguments(it, fixed=False)
    add_training_arguments(it, steps=760, batch=16, lr=2.5e-3, decay=0.1)
    return it


def learn_tokenizer(dataset: Dataset, size: int) -> Tokenizer:
    """One tokenizer for all stages to come, so it must see a little of each."""
    general = "".join(row["text"] for row in dataset.rows("general_train"))[:900_000]
    domain = "".join(row["text"] for row in dataset.rows("domain_train"))[:500_000]
    chat = " ".join(text for row in dataset.rows("instruction_train") for text in (row["prompt"], row["answer"]))
    return train_tokenizer(general + domain + chat[:200_000], size)


def train(config: argparse.Namespace, run: Any, stop: StopSignal) -> str:
    """The whole stage; answers why it ended."""
    if config.width % config.heads:
        raise Refusal(
            f"width {config.width} is no multiple of heads {config.heads}; each head takes an equal part of it"
        )
    device = choose_device(config.device)
    dataset = open_dataset(config.data, config.dataset_sha256)
    start = open_start(tokens=0)
    tokenizer = start.resume.tokenizer if start.resume else learn_tokenizer(dataset, config.vocabulary)
    if config.tokenizer_sha256 and not tokenizer.sha256.startswith(config.tokenizer_sha256):
        raise Refusal(
            f"the tokenizer has sha256 {tokenizer.sha256[:12]}, the config says {config.tokenizer_sha256[:12]}"
        )
    declare_inputs(run, dataset, tokenizer)
    stream = token_stream(dataset.rows("general_train"), tokenizer)
    probes = probe_rows(dataset, tokenizer)

    torch.manual_seed(config.seed)
    shape = Shape(tokenizer.size, config.width, config.layers, config.heads, config.context)
    model = LanguageModel(shape).to(device)
    optimiser = make_optimiser(model, config.weight_decay)
    if start.resume:
        restore(start.resume, model, optimiser)
    steps = run.total_steps = scaled_steps(config)
    about = checkpoint_config(
        STAGE, config, shape=shape, tokenizer=tokenizer, dataset=dataset, parent=None, steps=steps, model=model
    )
    print(
        f"{about['params']} parameters on {device}, {len(stream)} tokens of text, steps {start.first_step} to {steps}"
    )

    clock = TokenClock(start.tokens)
    for step in range(start.first_step, steps):
        batch = full_rows(windows(step_rng(config.seed, step), stream, config.batch, shape.context), device)
        with autocast(device, config.dtype):
            loss = mean_loss(model, *batch)
        loss.backward()
        rate = cosine_rate(step, steps, config.lr)
        norm = take_step(optimiser, model.parameters(), rate)
        clock.add(config.batch * shape.context)

        value = loss.item()
        metrics = {"loss": value, "loss/lm": value, "lr": rate, "grad_norm": norm}
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
