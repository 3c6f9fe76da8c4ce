"""Answers of a model to questions, greedy or sampled."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .model import LanguageModel
from .tokenizer import Tokenizer


@torch.no_grad()
def generate(
    model: LanguageModel,
    tokenizer: Tokenizer,
    questions: list[str],
    *,
    longest: int = 30,
    temperature: float = 0.0,
    seed: int = 0,
) -> list[tuple[str, bool]]:
    """The answer to each question, and whether it ended by itself within `longest` tokens. Temperature 0 is greedy.

    Questions go through the model together, sorted by where their answer stands; finished ones leave the batch.
    """
    device = model.tokens.weight.device
    room = model.shape.context - longest
    prompts = [[tokenizer.user, *tokenizer.encode(q)[: room - 2], tokenizer.assistant] for q in questions]
    ids = torch.full((len(prompts), max(map(len, prompts)) + longest), tokenizer.pad, device=device)
    lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = torch.tensor(prompt, device=device)
    ended = torch.zeros(len(prompts), dtype=torch.bool, device=device)
    random = torch.Generator(device="cpu").manual_seed(seed)
    for _ in range(longest):
        active = (~ended).nonzero()[:, 0]
        if not len(active):
            break
        hidden = model.hidden(ids[active, : int(lengths[active].max())])
        logits = F.linear(hidden[torch.arange(len(active)), lengths[active] - 1], model.tokens.weight)
        if temperature > 0:
            chances = F.softmax(logits.float() / temperature, -1).cpu()
            following = torch.multinomial(chances, 1, generator=random)[:, 0].to(device)
        else:
            following = logits.argmax(-1)
        ids[active, lengths[active]] = following
        lengths[active] += 1
        ended[active] = following == tokenizer.end
    return [
        (tokenizer.decode(ids[row, len(prompt) : int(lengths[row])].tolist()).strip(), bool(ended[row]))
        for row, prompt in enumerate(prompts)
    ]
