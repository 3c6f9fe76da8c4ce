"""Log-likelihoods of many texts, in batches of similar length."""

from __future__ import annotations

import numpy as np
import torch

from .batches import Example, padded
from .losses import row_losses
from .model import LanguageModel
from .tokenizer import Tokenizer


@torch.inference_mode()
def score_examples(
    model: LanguageModel, tokenizer: Tokenizer, examples: list[Example], batch: int = 128
) -> tuple[np.ndarray, np.ndarray]:
    """Per example, in the given order: nats of its counted tokens, and how many there are."""
    nats, counts = np.zeros(len(examples)), np.zeros(len(examples))
    device = model.tokens.weight.device
    # Sorted by length: a batch is as long as its longest row, and padding costs as much as text.
    order = sorted(range(len(examples)), key=lambda i: len(examples[i][0]))
    for first in range(0, len(order), batch):
        chosen = order[first : first + batch]
        ids, mask = padded([examples[i] for i in chosen], tokenizer, model.shape.context, device)
        lost, counted = row_losses(model, ids, mask)
        nats[chosen], counts[chosen] = lost.double().cpu().numpy(), counted.double().cpu().numpy()
    return nats, counts


def score_texts(model: LanguageModel, tokenizer: Tokenizer, texts: list[str]) -> list[tuple[float, int, int]]:
    """Per text: nats over all its tokens, its UTF-8 bytes, its tokens.

    Long texts are read in blocks of the context, each token predicted once; the first from the document token, which
    itself is neither counted nor has bytes.
    """
    context = model.shape.context
    blocks: list[Example] = []
    owner: list[int] = []
    sizes = []
    for number, text in enumerate(texts):
        ids = [tokenizer.document, *tokenizer.encode(text)]
        sizes.append((len(text.encode()), len(ids) - 1))
        for start in range(0, len(ids) - 1, context):
            block = ids[start : start + context + 1]
            blocks.append((block, [1] * len(block)))
            owner.append(number)
    nats, _ = score_examples(model, tokenizer, blocks, batch=32)
    totals = np.zeros(len(texts))
    np.add.at(totals, owner, nats)
    return [(float(total), size, tokens) for total, (size, tokens) in zip(totals, sizes, strict=True)]
