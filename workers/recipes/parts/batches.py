"""Turns rows into tensors.

What a step trains on depends on the seed and the step alone, so a resumed run goes on exactly where it was: no random
state has to survive.
"""

from __future__ import annotations

import numpy as np
import torch

from .tokenizer import Tokenizer

Example = tuple[list[int], list[int]]


def step_rng(seed: int, step: int) -> np.random.Generator:
    """The random numbers of one step."""
    return np.random.default_rng([seed, step])


def token_stream(rows: list[dict], tokenizer: Tokenizer) -> np.ndarray:
    """All documents as one array of ids, each opened by the document token."""
    tokens: list[int] = []
    for row in rows:
        tokens.append(tokenizer.document)
        tokens += tokenizer.encode(row["text"])
    return np.array(tokens, dtype=np.int64)


def windows(rng: np.random.Generator, stream: np.ndarray, rows: int, context: int) -> np.ndarray:
    """`rows` random windows of context + 1 ids: inputs are all but the last, targets all but the first."""
    starts = rng.integers(0, len(stream) - context, size=rows)
    return stream[starts[:, None] + np.arange(context + 1)]


def chat_example(tokenizer: Tokenizer, prompt: str, answer: str) -> Example:
    """Ids of one exchange, and a mask that is 1 on the answer and its end token."""
    question = [tokenizer.user, *tokenizer.encode(prompt), tokenizer.assistant]
    reply = [*tokenizer.encode(" " + answer), tokenizer.end]
    return question + reply, [0] * len(question) + [1] * len(reply)


def plain_example(tokenizer: Tokenizer, prompt: str, continuation: str) -> Example:
    """Ids of running text, and a mask that is 1 on the continuation."""
    before, after = tokenizer.encode(prompt), tokenizer.encode(" " + continuation)
    return before + after, [0] * len(before) + [1] * len(after)


def pick(rng: np.random.Generator, examples: list[Example], rows: int) -> list[Example]:
    """`rows` examples at random, with repetition."""
    return [examples[i] for i in rng.integers(0, len(examples), size=rows)]


def padded(
    examples: list[Example], tokenizer: Tokenizer, context: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask of equal length, (rows, longest ≤ context + 1); what is longer is cut at the end."""
    length = min(context + 1, max(len(ids) for ids, _ in examples))
    ids = np.full((len(examples), length), tokenizer.pad, dtype=np.int64)
    mask = np.zeros((len(examples), length), dtype=np.float32)
    for row, (tokens, counted) in enumerate(examples):
        ids[row, : min(length, len(tokens))] = tokens[:length]
        mask[row, : min(length, len(counted))] = counted[:length]
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)


def full_rows(tokens: np.ndarray, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows as a batch in which every token counts."""
    ids = torch.from_numpy(tokens).to(device)
    return ids, torch.ones(ids.shape, dtype=torch.float32, device=device)
