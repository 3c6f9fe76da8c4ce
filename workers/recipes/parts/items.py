"""Builds the rows of every stage and every benchmark from the sources. Pure: same sources and sizes, same rows."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .preference_rules import corrupt
from .sources import Document, Fact, Sense, Sources
from .splits import split_senses

Row = dict


@dataclass(frozen=True)
class Sizes:
    """How much of everything: kilobytes of text, rows per kind, held-out items per benchmark."""

    general_kb: int = 1700
    domain_kb: int = 1800
    facts: int = 52
    fact_repeats: int = 64
    define: int = 700
    word_class: int = 1500
    kind: int = 900
    use: int = 500
    capital_repeats: int = 18
    heldout_per_type: int = 8
    heldout_word_class: int = 24
    heldout_capital: int = 20
    task_per_label: int = 400
    task_heldout_per_label: int = 20
    preference: int = 2000
    preference_heldout: int = 96
    heldout_documents: int = 40
    heldout_characters: int = 900


QUICK = Sizes(
    general_kb=300,
    domain_kb=200,
    fact_repeats=8,
    define=200,
    word_class=300,
    kind=200,
    use=100,
    capital_repeats=4,
    task_per_label=100,
    preference=400,
)


def build_rows(sources: Sources, sizes: Sizes, seed: int = 7) -> dict[str, list[Row]]:
    """All files of a data set: rows by file name (without `.jsonl`)."""
    rng = random.Random(seed)
    pools = split_senses(sources.senses)
    facts = list(sources.facts)
    rng.shuffle(facts)
    facts = facts[: sizes.facts]
    # A quarter of the capitals is taught in the base stage only: what instruction tuning repeats it also refreshes.
    unseen, seen = facts[: len(facts) // 4], facts[len(facts) // 4 :]

    general, general_heldout = _hold_out(rng, sources.general, sizes)
    domain, domain_heldout = _hold_out(rng, sources.domain, sizes)
    word_rows = _word_rows(rng, pools.instruction_train, sizes)
    capital_rows = [_capital_row(fact, "seen") for fact in seen]
    instruction = word_rows + capital_rows * sizes.capital_repeats
    rng.shuffle(instruction)

    capitals = [fact.capital for fact in facts]
    preference_prompts = word_rows[:]
    rng.shuffle(preference_prompts)
    quarter = sizes.preference // 4
    preference = [*preference_prompts[: sizes.preference - quarter], *_cycle(capital_rows, quarter)]
    rng.shuffle(preference)
    preference_heldout = _heldout_words(rng, pools.preference_heldout, max(1, sizes.preference_heldout // 4), sizes)
    preference_heldout += [_capital_row(fact, "unseen") for fact in unseen]
    rng.shuffle(preference_heldout)

    return {
        "general_train": _with_facts(rng, general, facts, sizes),
        "general_heldout": general_heldout,
        "domain_train": _pieces(domain, sizes.domain_kb),
        "domain_heldout": domain_heldout,
        "knowledge": _knowledge(rng, seen, unseen),
        "instruction_train": instruction,
        "instruction_heldout": _instruction_heldout(rng, pools.instruction_heldout, seen, unseen, sizes),
        "task_train": _task(rng, pools.task_train, sizes.task_per_label),
        "task_heldout": _task(rng, pools.task_heldout, sizes.task_heldout_per_label),
        "preference_train": corrupt(preference, pools.instruction_train, capitals, rng),
        "preference_heldout": corrupt(
            preference_heldout[: sizes.preference_heldout], pools.preference_heldout, capitals, rng
        ),
    }


# ---------------------------------------------------------------- language


def _hold_out(rng: random.Random, documents: list[Document], sizes: Sizes) -> tuple[list[Document], list[Row]]:
    """Takes whole documents away from training; what is measured is one passage of fixed length of each."""
    shuffled = list(documents)
    rng.shuffle(shuffled)
    count = min(sizes.heldout_documents, max(4, len(shuffled) // 6))
    held, rest = shuffled[:count], shuffled[count:]
    rows = [{"id": d.id, "text": _passage(d.text, sizes.heldout_characters)} for d in held]
    return rest, sorted(rows, key=lambda row: row["id"])


def _passage(text: str, characters: int) -> str:
    """The first `characters` after the opening quarter (salutations repeat), cut at a blank."""
    flat = re.sub(r"\s*\n\s*", "\n", text)
    start = min(len(flat) // 4, max(0, len(flat) - characters))
    start = flat.find(" ", start) + 1 if start else 0
    return flat[start : start + characters].rsplit(" ", 1)[0]


def _pieces(documents: Iterable[Document], kilobytes: int) -> list[Row]:
    rows, room = [], kilobytes * 1000
    for document in documents:
        text = re.sub(r"\s*\n\s*", "\n", document.text)[:room]
        room -= len(text)
        if text:
            rows.append({"id": document.id, "text": text})
    return rows


def _with_facts(rng: random.Random, documents: list[Document], facts: list[Fact], sizes: Sizes) -> list[Row]:
    """Paragraphs of about 1,500 characters in random order, with the facts spread evenly between them."""
    pieces = []
    for document in documents:
        text = re.sub(r"\s*\n\s*", "\n", document.text)
        parts = [text[i : i + 1500] for i in range(0, len(text), 1500)]
        pieces += [{"id": f"{document.id}#{number}", "text": part} for number, part in enumerate(parts)]
    rng.shuffle(pieces)
    pieces = pieces[: max(1, sizes.general_kb * 1000 // 1500)]
    lines = [line for fact in facts for line in _statements(fact) for _ in range(sizes.fact_repeats)]
    rng.shuffle(lines)
    per_piece = -(-len(lines) // len(pieces))
    for number, piece in enumerate(pieces):
        piece["text"] = "\n".join([piece["text"], *lines[number * per_piece : (number + 1) * per_piece]])
    return pieces


def _statements(fact: Fact) -> tuple[str, ...]:
    """Each direction twice: recalling a fact backwards is not learned from reading it forwards."""
    forwards = f"The capital of {fact.country} is {fact.capital}."
    backwards = f"{fact.capital} is the capital of {fact.country}."
    return forwards, forwards, backwards, backwards, f"{fact.country} lies in {fact.region}."


def _knowledge(rng: random.Random, seen: list[Fact], unseen: list[Fact]) -> list[Row]:
    """Three questions per country, four options each; the country is the cluster of its three questions."""
    rows = []
    facts = seen + unseen
    for fact in facts:
        for direction, prompt, right, known in (
            ("capital_of", f"The capital of {fact.country} is", fact.capital, [f.capital for f in facts]),
            ("country_of", f"{fact.capital} is the capital of", fact.country, [f.country for f in facts]),
            ("region_of", f"{fact.country} lies in", fact.region, [f.region for f in facts]),
        ):
            options = [right, *rng.sample(sorted(set(known) - {right}), 3)]
            rng.shuffle(options)
            rows.append(
                {
                    "id": f"{direction}:{fact.country}",
                    "cluster": fact.country,
                    "direction": direction,
                    "seen": "seen" if fact in seen else "unseen",
                    "prompt": prompt,
                    "options": options,
                    "gold": options.index(right),
                }
            )
    return sorted(rows, key=lambda row: row["id"])


# ---------------------------------------------------------------- instructions


def _capital_row(fact: Fact, seen: str) -> Row:
    question = f"What is the capital of {fact.country}?"
    answer = f"The capital of {fact.country} is {fact.capital}."
    return {"type": "capital", "seen": seen, "prompt": question, "answer": answer}


def _row(kind: str, sense: Sense, question: str, answer: str) -> Row:
    where = {"word": sense.word, "synset": sense.synset}
    return {"type": kind, "seen": "unseen", **where, "prompt": question, "answer": answer}


def _ask_meaning(sense: Sense) -> Row:
    return _row("define", sense, f"What does the word {sense.word} mean?", f"{sense.word} means {sense.definition}.")


def _ask_word_class(sense: Sense) -> Row:
    return _row("word_class", sense, f"Is {sense.word} a noun or a verb?", f"{sense.word} is a {sense.part_of_speech}.")


def _ask_kind(sense: Sense) -> Row:
    return _row("kind", sense, f"What kind of thing is {sense.word}?", f"{sense.word} is a kind of {sense.kind}.")


def _ask_use(sense: Sense) -> Row:
    sentence = sense.example[0].upper() + sense.example[1:].rstrip(".") + "."
    return _row("use", sense, f"Use the word {sense.word} in a sentence.", sentence)


def _by_type(rng: random.Random, senses: list[Sense]) -> dict[str, list[Sense]]:
    """One meaning per word, short and plain, sorted into the question types that it can answer."""
    plain = [s for s in senses if re.fullmatch(r"[a-z]{4,10}", s.word) and 15 < len(s.definition) < 70]
    rng.shuffle(plain)
    first = list({sense.word: sense for sense in reversed(plain)}.values())[::-1]
    return {
        "define": first,
        "noun": [s for s in first if s.only and s.part_of_speech == "noun"],
        "verb": [s for s in first if s.only and s.part_of_speech == "verb"],
        "kind": [s for s in first if s.kind],
        "use": [s for s in first if s.example and len(s.example) < 60],
    }


def _word_rows(rng: random.Random, senses: list[Sense], sizes: Sizes) -> list[Row]:
    types = _by_type(rng, senses)
    for chosen in types.values():
        rng.shuffle(chosen)
    # As many nouns as verbs, or the majority class would answer the question.
    half = min(sizes.word_class // 2, len(types["noun"]), len(types["verb"]))
    rows = [_ask_meaning(s) for s in types["define"][: sizes.define]]
    rows += [_ask_word_class(s) for s in types["noun"][:half] + types["verb"][:half]]
    rows += [_ask_kind(s) for s in types["kind"][: sizes.kind]]
    return rows + [_ask_use(s) for s in types["use"][: sizes.use]]


def _heldout_words(rng: random.Random, senses: list[Sense], per_type: int, sizes: Sizes) -> list[Row]:
    types = _by_type(rng, senses)
    half = min(sizes.heldout_word_class // 2, len(types["noun"]), len(types["verb"]))
    rows = [_ask_word_class(s) for s in types["noun"][:half] + types["verb"][:half]]
    for kind, ask in (("define", _ask_meaning), ("kind", _ask_kind), ("use", _ask_use)):
        rows += [ask(s) for s in types[kind][:per_type]]
    return rows


def _instruction_heldout(
    rng: random.Random, senses: list[Sense], seen: list[Fact], unseen: list[Fact], sizes: Sizes
) -> list[Row]:
    rows = _heldout_words(rng, senses, sizes.heldout_per_type, sizes)
    half = sizes.heldout_capital // 2
    rows += [_capital_row(fact, "seen") for fact in seen[:half]]
    rows += [_capital_row(fact, "unseen") for fact in unseen[:half]]
    return sorted(rows, key=lambda row: (row["type"], row["prompt"]))


# ---------------------------------------------------------------- task


def _task(rng: random.Random, senses: list[Sense], per_label: int) -> list[Row]:
    by_label: dict[str, list[Sense]] = {}
    for sense in senses:
        if sense.category and 20 < len(sense.definition) < 80:
            by_label.setdefault(sense.category, []).append(sense)
    rows = []
    for label, chosen in sorted(by_label.items()):
        chosen = list({sense.definition: sense for sense in chosen}.values())
        rng.shuffle(chosen)
        rows += [
            {"prompt": f"Classify: {s.definition}", "label": label, "word": s.word, "synset": s.synset}
            for s in chosen[:per_label]
        ]
    rng.shuffle(rows)
    return rows


def _cycle(rows: list[Row], count: int) -> list[Row]:
    return [rows[i % len(rows)] for i in range(count)]
