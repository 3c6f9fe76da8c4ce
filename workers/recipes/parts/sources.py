"""What a source of language gives: two kinds of documents, facts, and words with their senses.

The packages (`package_sources.py`) and the synthetic language (`synthetic.py`) both answer with `Sources`; everything
after that (splits, items, files) is the same for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Document:
    """One text with a stable name."""

    id: str
    text: str


@dataclass(frozen=True)
class Fact:
    """One country, its capital and the region it lies in."""

    country: str
    capital: str
    region: str


@dataclass(frozen=True)
class Sense:
    """One meaning of a word.

    synset    stable id of the meaning ("noun-00020270")
    only      True when the word belongs to this part of speech alone
    category  one of the task's labels, "" when the meaning belongs to none
    kind      what the thing is a kind of, "" when unknown
    example   one sentence with the word, "" when there is none
    """

    synset: str
    word: str
    part_of_speech: str
    only: bool
    category: str
    definition: str
    kind: str
    example: str


@dataclass
class Sources:
    """All raw material of one data set, in a fixed order."""

    name: str
    general: list[Document]
    domain: list[Document]
    facts: list[Fact]
    senses: list[Sense]
    origins: list[dict] = field(default_factory=list)
    notice: str = ""
