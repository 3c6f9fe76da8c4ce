"""Preference tuning of one checkpoint with DPO against a frozen reference, optionally with an NLL term.

Run:      python rlhf.py --data FOLDER --parent CHECKPOINT [--reference CHECKPOINT] [--nll-weight 0.5]
          [--own-prompts 64]
Reads:    preference_train: rows of {"prompt": str, "chosen": str, "rejected": str}; with --own-prompts also pairs of
          the reference's own samples, ranked by the rule judge; the parent's weights and its tokenizer, unchanged. The
          reference is the parent unless another checkpoint is given
Reports:  rewards/chosen, rewards/rejected, rewards/margins, rewards/accuracies (implicit rewards, nats), logps/chosen
          and logps/rejected (nats per answer), loss/dpo, loss/nll in nats per token (loss only at --nll-weight 0, where
          it is one quantity); lr, grad_norm, tokens as a running total that continues the parent's, tokens_per_s,
          and eval/general_bpb and eval/domain_bpb every --probe-every steps
Writes:   a checkpoint every --save-every steps and one at the end; resuming from one is a new attempt of the same run
Fails:    exit 3 when data, parent or reference are missing, or a tokenizer's hash differs; exit 1 on any error
Source:   DPO arXiv 2305.18290; the NLL term as in arXiv 2404.19733
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

import torch

from parts.batches import chat_example, padded, step_rng
from parts.checkpoint import load_model, open_checkpoint, restore
from parts.configuration import (
    add_parent_argument,
    add_size_arguments,
    add_training_arguments,
    read_config,
    recipe_parser,
    scaled_steps,
)
from parts.dataset import open_dataset
from parts.generation import generate
from parts.judge import judge
from parts.losses import dpo_loss, row_losses
from parts.model import LanguageModel
from parts.optimiser import TokenClock, autocast, choose_device, constant_rate, make_optimiser, take_step
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
from parts.tokenizer import Tokenizer

STAGE = "preference"


def parser() -> argparse.ArgumentParser:
    """The command line; every argument carries a sentence."""
    it = recipe_parser(__doc__)
    add_parent_argument(it)
    add_size_arguments(it, fixed=True)
    add_training_arguments(it, steps=40, batch=16, lr=5e-5, decay=0.0)
    it.add_argument(
        "--reference",
        default=os.environ.get("DESCENT_REFERENCE_PATH"),
        help="Folder of the frozen reference; the parent when not given.",
    )
    it.add_argument("--method", default="dpo", choices=["dpo", "dpo-nll"], help="Name of the method on the stage.")
    it.add_argument("--beta", type=float, default=0.1, help="Strength of the pull to the reference.")
    it.add_argument("--nll-weight", type=float, default=0.0, help="Weight of the chosen answer's loss per token.")
    it.add_argument(
        "--own-prompts", type=int, default=0, help="Questions whose own answers are ranked into pairs; 0 for none."
    )
    return it


def own_pairs(model: LanguageModel, tokenizer: Tokenizer, rows: list[dict], seed: int) -> list[dict]:
    """Two answers of the model to each question, the one that the rule judge prefers first; ties are left out."""
    questions = [row["prompt"] for row in rows]
    first = generate(model, tokenizer, questions)
    second = generate(model, tokenizer, questions, temperature=1.0, seed=seed)
    pairs = []
    for row, (a, a_ended), (b, b_ended) in zip(rows, first, second, strict=True):
        score_a = judge(row["type"], a, row["answer"], a_ended)
        score_b = judge(row["type"], b, row["answer"], b_ended)
        if round(score_a) != round(score_b):
            chosen, rejected = (a, b) if score_a > score_b else (b, a)
            pairs.append({"prompt": row["prompt"], "chosen": chosen, "rejected": rejected})
    return pairs


def train(config: argparse.Namespace, run: Any, stop: StopSignal) -> str:
    """The whole stage; answers why it ended."""
    device = choose_device(config.device)
    dataset = open_dataset(config.data, config.dataset_sha256)
    parent = open_parent(config)
    tokenizer, context = parent.tokenizer, parent.shape.context
    frozen = open_checkpoint(config.reference, "reference", tokenizer.sha256) if config.reference else parent
    declare_inputs(run, dataset, tokenizer)
    start = open_start(parent.config["tokens"])
    probes = probe_rows(dataset, tokenizer)

    torch.manual_seed(config.seed)
    model = load_model(parent, device)
    reference = load_model(frozen, device).requires_grad_(False)
    pairs = dataset.rows("preference_train")
    asked = dataset.rows("instruction_train")[: int(config.own_prompts * min(1.0, config.scale))]
    if asked:
        made = own_pairs(reference, tokenizer, asked, config.seed)
        print(f"{len(made)} pairs from {len(asked)} questions answered by the model itself", flush=True)
        # Few against many: repeated so that about a quarter of all pairs are the model's own.
        pairs = pairs + made * (len(pairs) // (3 * len(made)) if made else 0)
    chosen = [chat_example(tokenizer, pair["prompt"], pair["chosen"]) for pair in pairs]
    rejected = [chat_example(tokenizer, pair["prompt"], pair["rejected"]) for pair in pairs]
    optimiser = make_optimiser(model, config.weight_decay)
    if start.resume:
        restore(start.resume, model, optimiser)
    steps = run.total_steps = scaled_steps(config)
    about = checkpoint_config(
        STAGE, config, shape=parent.shape, tokenizer=tokenizer, dataset=dataset, parent=parent, steps=steps, model=model
    )

    clock = TokenClock(start.tokens)
    for step in range(start.first_step, steps):
        drawn = step_rng(config.seed, step).integers(0, len(pairs), size=config.batch)
        examples = [chosen[i] for i in drawn] + [rejected[i] for i in drawn]
        ids, mask = padded(examples, tokenizer, context, device)
        with autocast(device, config.dtype):
            with torch.no_grad():
                reference_nats, _ = row_losses(reference, ids, mask)
            nats, counted = row_losses(model, ids, mask)
        loss_dpo, reward_chosen, reward_rejected = dpo_loss(-nats, -reference_nats, config.beta)
        loss_nll = (nats[: config.batch] / counted[: config.batch]).mean()
        (loss_dpo + config.nll_weight * loss_nll).backward()
        rate = constant_rate(step, config.lr)
        norm = take_step(optimiser, model.parameters(), rate)
        clock.add(sum(len(tokens) for tokens, _ in examples))

        metrics = {
            "loss/dpo": loss_dpo.item(),
            "loss/nll": loss_nll.item(),
            "rewards/chosen": reward_chosen.mean().item(),
            "rewards/rejected": reward_rejected.mean().item(),
            "rewards/margins": (reward_chosen - reward_rejected).mean().item(),
            "rewards/accuracies": (reward_chosen > reward_rejected).float().mean().item(),
            "logps/chosen": -nats[: config.batch].mean().item(),
            "logps/rejected": -nats[config.batch :].mean().item(),
            "lr": rate,
            "grad_norm": norm,
            "tokens": clock.tokens,
            "tokens_per_s": clock.per_second,
        }
        if not config.nll_weight:
            metrics["loss"] = loss_dpo.item()
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
