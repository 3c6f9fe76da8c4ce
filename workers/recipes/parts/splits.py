"""Puts every word into exactly one pool before any stage is built, so that no stage tests on what another trained.

Meanings that share a word, a synset or a definition hang together; each such group goes to one pool as a whole.
Splitting per stage instead would leak: a definition held out for the task would be learned as an instruction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .sources import Sense

POOLS = ("instruction_train", "task_train", "instruction_heldout", "task_heldout", "preference_heldout")
SHARES = (0.44, 0.38, 0.06, 0.06, 0.06)


@dataclass(frozen=True)
class Pools:
    """The meanings of each pool, in the order of the source."""

    instruction_train: list[Sense]
    task_train: list[Sense]
    instruction_heldout: list[Sense]
    task_heldout: list[Sense]
    preference_heldout: list[Sense]


def split_senses(senses: list[Sense]) -> Pools:
    """Splits by group; which pool a group gets depends on its first word alone, so more data moves nothing."""
    pools: dict[str, list[Sense]] = {name: [] for name in POOLS}
    for sense, group in zip(senses, _groups(senses), strict=True):
        pools[_pool_of(group)].append(sense)
    return Pools(**pools)


def _groups(senses: list[Sense]) -> list[str]:
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def join(a: str, b: str) -> None:
        first, second = sorted((root(a), root(b)))
        parent[second] = first

    for sense in senses:
        word = "word " + sense.word.lower()
        join(word, "synset " + sense.synset)
        join(word, "gloss " + sense.definition.lower())
    return [root("word " + sense.word.lower()) for sense in senses]


def _pool_of(group: str) -> str:
    place = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") / 2**64
    for name, share in zip(POOLS, SHARES, strict=True):
        if place < share:
            return name
        place -= share
    return POOLS[-1]
