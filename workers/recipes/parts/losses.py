"""What the stages minimise. Losses are in nats per counted token."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .model import LanguageModel


def row_losses(model: LanguageModel, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Per row: nats summed over the counted targets, and how many there are. ids and mask: (rows, positions + 1)."""
    counted = mask[:, 1:] > 0
    # Logits only where a target counts: with answers of a few tokens the rest is most of the work.
    logits = F.linear(model.hidden(ids[:, :-1])[counted], model.tokens.weight)
    nats = F.cross_entropy(logits.float(), ids[:, 1:][counted], reduction="none")
    rows = counted.nonzero()[:, 0]
    return nats.new_zeros(len(ids)).index_add(0, rows, nats), counted.sum(1)


def mean_loss(model: LanguageModel, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Nats per counted token of the whole batch."""
    nats, counted = row_losses(model, ids, mask)
    return nats.sum() / counted.sum()


def dpo_loss(
    policy_logps: torch.Tensor, reference_logps: torch.Tensor, beta: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Loss and the implicit rewards of the chosen and the rejected answers.

    Shapes   both inputs (2 × pairs): log-probabilities of the chosen answers, then of the rejected ones
    Source   arXiv 2305.18290: −log σ(β (log π/π_ref of chosen − of rejected)); rewards are β log π/π_ref
    """
    rewards = beta * (policy_logps - reference_logps)
    chosen, rejected = rewards.chunk(2)
    return -F.logsigmoid(chosen - rejected).mean(), chosen.detach(), rejected.detach()
