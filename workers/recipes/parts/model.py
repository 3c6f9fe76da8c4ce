"""The model: decoder-only, LayerNorm before each block, learned positions, tied embeddings."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    """Everything that decides the shapes of the weights."""

    vocabulary: int
    width: int = 128
    layers: int = 4
    heads: int = 4
    context: int = 128

    def to_json(self) -> dict:
        """As it stands in a checkpoint's config.json."""
        return asdict(self)


class Block(nn.Module):
    """Causal self-attention and a feed-forward layer, both residual."""

    def __init__(self, shape: Shape):
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.norm_attention = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.attention_out = nn.Linear(width, width, bias=False)
        self.norm_feed_forward = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (rows, positions, width), and so is the answer."""
        rows, positions, width = x.shape
        qkv = self.query_key_value(self.norm_attention(x)).view(rows, positions, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(rows, positions, width)
        x = x + self.attention_out(mixed)
        return x + self.down(F.gelu(self.up(self.norm_feed_forward(x))))


class LanguageModel(nn.Module):
    """Token ids (rows, positions) in, logits (rows, positions, vocabulary) out."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.context, shape.width)
        self.blocks = nn.ModuleList([Block(shape) for _ in range(shape.layers)])
        self.norm = nn.LayerNorm(shape.width)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)
        for block in self.blocks:
            # Residual branches start smaller, or the variance would grow with depth.
            for layer in (block.attention_out, block.down):
                nn.init.normal_(layer.weight, std=0.02 / math.sqrt(2 * shape.layers))

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        """States before the output layer, (rows, positions, width)."""
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits of the next token at every position."""
        return F.linear(self.hidden(ids), self.tokens.weight)


def count_parameters(model: nn.Module, *, trainable: bool = False) -> int:
    """Number of parameters; with `trainable` only those that training changes."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable)
