"""Preference pairs by rule: the chosen answer is right, short and ended; the rejected one is spoiled in a named way."""

from __future__ import annotations

import random

from .sources import Sense

FILLERS = (
    "I am not sure about it but I think so and so on",
    "As everyone knows, this is a long story and there is much to say",
    "and and and and and and",
)

# Over half of the pairs differ in a fact and not in length: otherwise "shorter wins" explains every pair.
WRONG_SHARE = 0.55


def corrupt(rows: list[dict], senses: list[Sense], capitals: list[str], rng: random.Random) -> list[dict]:
    """Makes one pair of each instruction row: {"type", "corruption", "prompt", "chosen", "rejected"}."""
    kinds = sorted({sense.kind for sense in senses if sense.kind})
    definitions = sorted({sense.definition for sense in senses if 15 < len(sense.definition) < 70})
    pairs = []
    for row in rows:
        name, rejected = _spoil(row, kinds, definitions, capitals, rng)
        pairs.append(
            {
                "type": row["type"],
                "corruption": name,
                **{key: row[key] for key in ("word", "synset") if key in row},
                "prompt": row["prompt"],
                "chosen": row["answer"],
                "rejected": rejected,
            }
        )
    return pairs


def _spoil(
    row: dict, kinds: list[str], definitions: list[str], capitals: list[str], rng: random.Random
) -> tuple[str, str]:
    answer = row["answer"]
    if row["type"] != "use" and rng.random() < WRONG_SHARE:
        return "wrong", _wrong_fact(row, kinds, definitions, capitals, rng)
    words = answer.split()
    draw = rng.random()
    if draw < 0.4:
        return "cut", " ".join(words[: max(2, len(words) // 2)])
    if draw < 0.6:
        return "ramble", answer.rstrip(".") + ", " + rng.choice(FILLERS) + "."
    if draw < 0.8:
        return "repeat", answer + " " + answer
    return "hedge", "I am only a language model. " + answer


def _wrong_fact(row: dict, kinds: list[str], definitions: list[str], capitals: list[str], rng: random.Random) -> str:
    answer = row["answer"]
    if row["type"] == "word_class":
        swapped = "verb" if answer.endswith("noun.") else "noun"
        return f"{row['word']} is a {swapped}."
    marker, options = {
        "capital": (" is ", capitals),
        "kind": (" is a kind of ", kinds),
        "define": (" means ", definitions),
    }[row["type"]]
    opening = answer[: answer.index(marker) + len(marker)]
    right = answer[len(opening) :].rstrip(".")
    wrong = rng.choice(options)
    while wrong == right:
        wrong = rng.choice(options)
    return opening + wrong + "."
