"""AdamW with warm-up and cosine, the device, and the clock of a training loop."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable

import torch
from torch import nn

from .refusal import Refusal

GRADIENT_CLIP = 1.0


def choose_device(name: str) -> torch.device:
    """The device by name; "auto" takes the GPU when there is one. On CPU one thread unless OMP_NUM_THREADS differs."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise Refusal('device is "cuda", but torch sees no GPU here; use device "auto" or "cpu"')
    if name == "cpu":
        # Spinning OpenMP threads beside a server or a second job cost a factor of three to eight.
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    return torch.device(name)


def autocast(device: torch.device, dtype: str) -> torch.autocast:
    """Mixed precision: "auto" is bfloat16 on a GPU and float32 on CPU, where bfloat16 is slower."""
    if dtype == "bfloat16" and device.type == "cpu":
        raise Refusal('dtype "bfloat16" needs a GPU; on CPU use dtype "auto" or "float32"')
    half = dtype == "bfloat16" or (dtype == "auto" and device.type == "cuda")
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=half)


def make_optimiser(model: nn.Module, weight_decay: float) -> torch.optim.AdamW:
    """AdamW over what is trainable; only matrices decay."""
    trainable = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trainable if p.dim() > 1], "weight_decay": weight_decay},
        {"params": [p for p in trainable if p.dim() < 2], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=trainable[0].is_cuda)


def cosine_rate(step: int, steps: int, peak: float) -> float:
    """5 % warm-up, then a cosine down to 10 % of the peak."""
    warm = min(1.0, (step + 1) / max(1.0, 0.05 * steps))
    return peak * warm * (0.1 + 0.45 * (1 + math.cos(math.pi * step / steps)))


def constant_rate(step: int, peak: float, warmup_steps: int = 5) -> float:
    """A few steps of warm-up, then the peak."""
    return peak * min(1.0, (step + 1) / warmup_steps)


def take_step(optimiser: torch.optim.Optimizer, parameters: Iterable[nn.Parameter], rate: float) -> float:
    """Clips, steps and clears the gradients; answers their norm before clipping."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    norm = nn.utils.clip_grad_norm_([p for p in parameters if p.grad is not None], GRADIENT_CLIP)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(norm)


class TokenClock:
    """Counts tokens as a running total that continues the parent's, and their rate since the process began."""

    def __init__(self, tokens: int):
        self.tokens = tokens
        self._first = tokens
        self._started = time.monotonic()

    def add(self, tokens: int) -> None:
        """Counts the tokens of one step; padding is none."""
        self.tokens += tokens

    @property
    def per_second(self) -> float:
        """Tokens per second of this process, over all its steps so far."""
        return (self.tokens - self._first) / max(1e-9, time.monotonic() - self._started)
