"""LoRA: low-rank adapters on every linear layer of the blocks, merged into the weights when a checkpoint is written.

Source   arXiv 2106.09685: W x + (alpha / rank) B A x, A random, B zero, so that training starts at the parent.
"""

from __future__ import annotations

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn

from .model import LanguageModel

TARGETS = ("query_key_value", "attention_out", "up", "down")


class Adapted(nn.Module):
    """A frozen linear layer and its low-rank change."""

    def __init__(self, frozen: nn.Linear, rank: int, alpha: float):
        super().__init__()
        self.frozen = frozen
        self.a = nn.Parameter(torch.randn(rank, frozen.in_features) / math.sqrt(frozen.in_features))
        self.b = nn.Parameter(torch.zeros(frozen.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The frozen layer's answer plus the adapter's."""
        return self.frozen(x) + F.linear(F.linear(x, self.a), self.b) * self.scale


def add_lora(model: LanguageModel, rank: int = 8, alpha: float = 16) -> LanguageModel:
    """Freezes the model and puts an adapter on each target layer, in place."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for block in model.blocks:
        for name in TARGETS:
            setattr(block, name, Adapted(getattr(block, name), rank, alpha))
    return model


def merged(model: LanguageModel) -> LanguageModel:
    """A copy with the adapters added into the weights; the model itself goes on training. Without adapters: itself."""
    if not has_lora(model):
        return model
    plain = copy.deepcopy(model)
    with torch.no_grad():
        for block in plain.blocks:
            for name in TARGETS:
                adapted = getattr(block, name)
                adapted.frozen.weight += adapted.scale * (adapted.b @ adapted.a)
                setattr(block, name, adapted.frozen)
    return plain.requires_grad_(True)


def has_lora(model: LanguageModel) -> bool:
    """True when the model carries adapters."""
    return any(isinstance(module, Adapted) for module in model.modules())
