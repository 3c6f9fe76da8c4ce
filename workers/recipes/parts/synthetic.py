"""A made-up language from one seed: countries and capitals, words of eight categories, two kinds of documents.

It stands in where the packages cannot be had, and it makes the tests fast. Nothing in it is true, and the data set's
name says so. The structure is the real one: facts can be learned by heart, definitions give their category away by the
words in them, and the two kinds of documents differ enough that training on one costs the other.
"""

from __future__ import annotations

import random

from .sources import Document, Fact, Sense, Sources

CATEGORIES = ("animal", "artifact", "body", "food", "person", "place", "plant", "substance")
REGIONS = ("northern isles", "southern coast", "eastern plains", "western hills", "inner valleys")

# Made-up words by category that stand in a definition and give the category away.
CUES = {
    "animal": ("a small {a} that hunts {n} at night", "any {a} with feathers, kept for its {n}"),
    "artifact": ("a tool with a {a} handle for cutting {n}", "a device that measures the {n} of a {a} machine"),
    "body": ("the {a} part of the hand next to the {n}", "a bone of the {a} leg that carries the {n}"),
    "food": ("a {a} dish of cooked rice and {n}", "sweet bread baked with {a} butter and {n}"),
    "person": ("someone who sells {n} in a {a} shop", "a {a} leader who teaches {n}"),
    "place": ("a {a} region near the {n} border", "an area of {a} land where {n} is found"),
    "plant": ("a tall {a} tree with leaves like {n}", "a flowering herb with {a} petals that grows on {n}"),
    "substance": ("a {a} liquid obtained from {n}", "a white powder used to make {n} more {a}"),
}

SYLLABLES = (
    "ba",
    "do",
    "ki",
    "lu",
    "mer",
    "nal",
    "or",
    "pel",
    "quin",
    "ra",
    "sto",
    "tav",
    "ul",
    "ven",
    "wis",
    "yo",
    "zan",
    "gri",
)


def synthetic_sources(seed: int = 11, words: int = 2600, documents: int = 200, countries: int = 96) -> Sources:
    """Generates the language; the same arguments give the same bytes on every machine."""
    rng = random.Random(seed)
    used: set[str] = set()
    nouns = [_word(rng, used) for _ in range(160)]
    adjectives = [_word(rng, used) + "ish" for _ in range(60)]
    verbs = [_word(rng, used) for _ in range(60)]
    facts = [
        Fact(_word(rng, used, 3).capitalize(), _word(rng, used, 2).capitalize(), rng.choice(REGIONS))
        for _ in range(countries)
    ]
    senses = [_sense(rng, used, number, nouns, adjectives) for number in range(words)]
    general = [Document(f"chronicle:{n}", _chronicle(rng, facts, nouns, adjectives, verbs)) for n in range(documents)]
    domain = [Document(f"manual:{n}", _manual(rng, nouns, verbs)) for n in range(documents // 2)]
    origin = {"part": "all", "source": f"seeded generator, seed {seed}", "licence": "own work"}
    return Sources("synthetic-lifecycle@1", general, domain, facts, senses, [origin])


def _word(rng: random.Random, used: set[str], syllables: int = 2) -> str:
    while True:
        word = "".join(rng.choice(SYLLABLES) for _ in range(syllables + rng.randrange(2)))
        if word not in used and 4 <= len(word) <= 10:
            used.add(word)
            return word


def _sense(rng: random.Random, used: set[str], number: int, nouns: list[str], adjectives: list[str]) -> Sense:
    word = _word(rng, used, 3)
    if number % 3 == 2:
        return Sense(
            synset=f"verb-{number:08d}",
            word=word,
            part_of_speech="verb",
            only=True,
            category="",
            definition=f"move the {rng.choice(nouns)} in a {rng.choice(adjectives)} way",
            kind="",
            example=f"they {word} the {rng.choice(nouns)} every day" if rng.random() < 0.5 else "",
        )
    category = CATEGORIES[number % len(CATEGORIES)]
    definition = rng.choice(CUES[category]).format(a=rng.choice(adjectives), n=rng.choice(nouns))
    return Sense(
        synset=f"noun-{number:08d}",
        word=word,
        part_of_speech="noun",
        only=True,
        category=category,
        definition=definition,
        kind=f"{rng.choice(adjectives)} {category}",
        example=f"the {word} was beside the {rng.choice(nouns)}" if rng.random() < 0.5 else "",
    )


def _chronicle(rng: random.Random, facts: list[Fact], nouns: list[str], adjectives: list[str], verbs: list[str]) -> str:
    sentences = []
    for _ in range(30):
        fact = rng.choice(facts)
        year = rng.randrange(1200, 1900)
        a, b, c = rng.choice(nouns), rng.choice(nouns), rng.choice(adjectives)
        sentences.append(
            rng.choice(
                (
                    f"In the year {year} the people of {fact.country} built a {c} {a} near the river.",
                    f"The {a} of the {fact.region} was {c}, and many came to {rng.choice(verbs)} it.",
                    f"It was said that a {a} without a {b} would never {rng.choice(verbs)} again.",
                    f"When the {c} winter came, {fact.country} sent {a} and {b} to its neighbours.",
                )
            )
        )
    return " ".join(sentences)


def _manual(rng: random.Random, nouns: list[str], verbs: list[str]) -> str:
    lines = []
    for _ in range(22):
        name, argument, result = rng.choice(verbs), rng.choice(nouns), rng.choice(nouns)
        lines.append(
            rng.choice(
                (
                    f"{name}_{argument}({argument}, *, key=None) -> {result}: return the {result} of {argument}.",
                    f"If {argument} is None, raise {result.capitalize()}Error; otherwise call {name}() once.",
                    f"class {result.capitalize()}({argument.capitalize()}): holds one {argument} and its {name} flag.",
                    f"Changed in version {rng.randrange(1, 4)}.{rng.randrange(0, 12)}: the {argument} argument may be 0.",
                )
            )
        )
    return "\n".join(lines)
