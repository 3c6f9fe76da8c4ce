"""The real language: addresses, a novel, country profiles, WordNet, and the documentation of the running Python."""

from __future__ import annotations

import ast
import json
import platform
import pydoc_data.topics
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .packages import PACKAGES, read_members
from .sources import Document, Fact, Sense, Sources
from .word_filter import is_clean

# WordNet's lexicographer files that serve as the eight labels of the task.
CATEGORIES = {
    5: "animal",
    6: "artifact",
    8: "body",
    13: "food",
    15: "place",
    18: "person",
    20: "plant",
    27: "substance",
}

MAX_DEFINITION = 80

SKIPPED_FOLDERS = re.compile(
    r"(^|/)(test|tests|idle_test|site-packages|dist-packages|lib2to3|__pycache__|pydoc_data|turtledemo)/"
)


def read_package_sources(tarballs: dict[str, Path]) -> Sources:
    """Reads all material of the real data set out of the tarballs and the running interpreter."""
    countries = read_members(tarballs["factbook"], lambda name: name.endswith(".json") and name.count("/") == 1)
    prose, facts = _countries(countries)
    # chapter_*.txt only: data.txt repeats the whole book, and training and held-out text would overlap.
    novel = read_members(tarballs["novel"], lambda name: bool(re.fullmatch(r"data/chapter_\d+\.txt", name)))
    addresses = read_members(tarballs["addresses"], lambda name: bool(re.fullmatch(r"data/\d{4}_\w+\.txt", name)))
    general = [Document(f"address:{PurePosixPath(name).stem}", _ascii(text)) for name, text in addresses.items()]
    general += [Document(f"novel:{PurePosixPath(name).stem}", _ascii(text)) for name, text in novel.items()]
    wordnet = read_members(tarballs["wordnet"], lambda name: name in ("dict/data.noun", "dict/data.verb", "LICENSE"))
    senses = _senses({"noun": wordnet["dict/data.noun"], "verb": wordnet["dict/data.verb"]})
    return Sources(
        name="lifecycle@1",
        general=general + prose,
        domain=_interpreter_documentation(),
        facts=facts,
        senses=senses,
        origins=_origins(),
        notice=_wordnet_notice(wordnet["dict/data.noun"]),
    )


def _origins() -> list[dict]:
    parts = {"addresses": "general", "novel": "general", "factbook": "general, facts", "wordnet": "instruction, task"}
    origins = [
        {"part": parts[p.key], "source": f"npm:{p.name}@{p.version}", "sha256": p.sha256, "licence": p.licence}
        for p in PACKAGES
    ]
    version = platform.python_version()
    return [*origins, {"part": "domain", "source": f"documentation of Python {version}", "licence": "PSF-2.0"}]


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _text_at(record: dict, *path: str) -> str:
    for key in path:
        record = record.get(key, {}) if isinstance(record, dict) else {}
    return _ascii(record) if isinstance(record, str) else ""


def _countries(files: dict[str, str]) -> tuple[list[Document], list[Fact]]:
    prose: list[Document] = []
    facts: set[tuple[str, str, str]] = set()
    for name, text in files.items():
        try:
            record = json.loads(text)
        except json.JSONDecodeError:
            continue
        for key, path in {
            "background": ("Introduction", "Background", "text"),
            "economy": ("Economy", "Economy - overview", "text"),
        }.items():
            passage = _text_at(record, *path)
            if len(passage) > 200:
                prose.append(Document(f"country:{name.removesuffix('.json')}:{key}", passage))
        country = _text_at(record, "Government", "Country name", "conventional short form", "text")
        capital = re.split(r"[;(]", _text_at(record, "Government", "Capital", "name", "text"))[0].strip()
        region = name.partition("/")[0].replace("-n-", " and ").replace("-", " ")
        if _is_teachable(country, capital):
            facts.add((country, capital, region))
    return prose, [Fact(*fact) for fact in sorted(facts)]


def _is_teachable(country: str, capital: str) -> bool:
    plain = re.fullmatch(r"[A-Za-z' .-]{3,22}", country) and re.fullmatch(r"[A-Za-z' .-]{3,20}", capital)
    one_in_other = capital.lower() in country.lower() or country.lower() in capital.lower()
    return bool(plain) and not one_in_other and country != "none"


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in _ascii(text).split("\n") if len(line.strip()) > 25)


def _interpreter_documentation() -> list[Document]:
    documents = [Document(f"topic:{name}", _tidy(text)) for name, text in sorted(pydoc_data.topics.topics.items())]
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        name = path.relative_to(library).as_posix()
        if SKIPPED_FOLDERS.search(name):
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError, OSError):
            continue
        unique = list(dict.fromkeys(text for text in _docstrings(tree) if len(text) > 80))
        documents.append(Document(f"library:{name}", "\n".join(_tidy(text) for text in unique)))
    return [document for document in documents if len(document.text) > 1500]


def _docstrings(node: ast.AST) -> Iterator[str]:
    """Docstrings of a module and all it defines; expressions are not entered, which saves most of the time."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield ast.get_docstring(node) or ""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler):
            yield from _docstrings(child)


def _wordnet_notice(data_file: str) -> str:
    """The licence that opens each WordNet file; it must travel with every text taken from it."""
    lines = [line[6:].rstrip() for line in data_file.split("\n")[:29] if line.startswith("  ")]
    return "The words, definitions and examples in this folder come from WordNet.\n\n" + "\n".join(lines) + "\n"


def _senses(files: dict[str, str]) -> list[Sense]:
    parsed = []
    parts_of_word: dict[str, set[str]] = {}
    head_of: dict[str, str] = {}
    for part, text in files.items():
        for line in text.split("\n"):
            if not line or line.startswith(" "):
                continue
            data, _, gloss = line.partition(" | ")
            fields = data.split()
            words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            for word in words:
                parts_of_word.setdefault(word.lower(), set()).add(part)
            head_of[f"{part}-{fields[0]}"] = words[0].replace("_", " ")
            above = re.search(r" @ (\d{8}) ", data)
            parsed.append((part, fields[0], int(fields[1]), words[0], _ascii(gloss.strip()), above and above.group(1)))
    senses = []
    for part, offset, file_number, word, gloss, above in parsed:
        pieces = re.split(r'; ?"', gloss)
        definition = pieces[0].strip().rstrip(";")
        examples = [piece.strip(' "') for piece in pieces[1:]]
        example = examples[0] if examples and word in examples[0] else ""
        kind = head_of.get(f"noun-{above}", "") if part == "noun" else ""
        # Longer definitions are used nowhere; leaving them out here halves the filter's work.
        if len(definition) >= MAX_DEFINITION or not is_clean(word.replace("_", " "), definition, example, kind):
            continue
        senses.append(
            Sense(
                synset=f"{part}-{offset}",
                word=word,
                part_of_speech=part,
                only=len(parts_of_word[word.lower()]) == 1,
                category=CATEGORIES.get(file_number, "") if part == "noun" else "",
                definition=definition,
                kind=kind,
                example=example,
            )
        )
    return senses
