"""Byte-level BPE without a dependency. Trained once, in the base stage; every child carries the same bytes of it on.

The file is canonical JSON, so equal merges mean an equal SHA-256. Changing the tokenizer between stages would void the
lineage: the same numbers would then mean other words.
"""

from __future__ import annotations

import collections
import hashlib
import itertools
import json
import re
from pathlib import Path

from .refusal import Refusal

PIECE = re.compile(r" ?[A-Za-z]+| ?\d| ?[^\sA-Za-z\d]+|\s+")
SPECIALS = ("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|doc|>")


class Tokenizer:
    """256 bytes, then the merges in order, then five special tokens."""

    def __init__(self, merges: list[tuple[int, int]]):
        self.merges = [(int(a), int(b)) for a, b in merges]
        self.rank = {pair: number for number, pair in enumerate(self.merges)}
        self.first_special = 256 + len(self.merges)
        self.size = self.first_special + len(SPECIALS)
        self.pad, self.end, self.user, self.assistant, self.document = range(self.first_special, self.size)
        self.bytes_of = [bytes([i]) for i in range(256)]
        for a, b in self.merges:
            self.bytes_of.append(self.bytes_of[a] + self.bytes_of[b])
        self._pieces: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        """Token ids of the text, without special tokens."""
        return [token for piece in PIECE.findall(text) for token in self._encode_piece(piece)]

    def decode(self, tokens: list[int]) -> str:
        """Text of the tokens; special tokens are left out, broken UTF-8 becomes the replacement character."""
        return b"".join(self.bytes_of[t] for t in tokens if t < self.first_special).decode("utf-8", "replace")

    def to_json(self) -> str:
        """The whole tokenizer as canonical JSON."""
        content = {"kind": "byte-bpe", "version": 1, "specials": SPECIALS, "merges": self.merges}
        return json.dumps(content, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """SHA-256 of `to_json()`, and so of the file."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def _encode_piece(self, piece: str) -> list[int]:
        known = self._pieces.get(piece)
        if known is not None:
            return known
        tokens = list(piece.encode())
        while len(tokens) > 1:
            ranks = [self.rank.get(pair, 1 << 30) for pair in itertools.pairwise(tokens)]
            best = min(range(len(ranks)), key=ranks.__getitem__)
            if ranks[best] == 1 << 30:
                break
            tokens[best : best + 2] = [256 + ranks[best]]
        self._pieces[piece] = tokens
        return tokens


def load_tokenizer(path: Path, expected_sha256: str = "") -> Tokenizer:
    """Reads a tokenizer file.

    Errors   Refusal when the file is missing or its hash is not the expected one (a prefix is enough).
    """
    try:
        tokenizer = Tokenizer([tuple(pair) for pair in json.loads(path.read_text())["merges"]])
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(f"no tokenizer can be read from {path}: {error}") from error
    if expected_sha256 and not tokenizer.sha256.startswith(expected_sha256):
        raise Refusal(
            f"the tokenizer in {path} has sha256 {tokenizer.sha256[:12]}, the config says {expected_sha256[:12]}; "
            "another tokenizer would void the lineage"
        )
    return tokenizer


def train_tokenizer(text: str, size: int) -> Tokenizer:
    """Learns merges until the vocabulary, special tokens included, has `size` entries or no pair occurs twice."""
    words = [(list(piece.encode()), n) for piece, n in sorted(collections.Counter(PIECE.findall(text)).items())]
    pairs: collections.Counter = collections.Counter()
    where = collections.defaultdict(set)
    for number, (word, n) in enumerate(words):
        for pair in itertools.pairwise(word):
            pairs[pair] += n
            where[pair].add(number)
    merges: list[tuple[int, int]] = []
    while 256 + len(merges) + len(SPECIALS) < size and pairs:
        pair, n = max(pairs.items(), key=lambda entry: (entry[1], entry[0]))
        if n < 2:
            break
        new = 256 + len(merges)
        for number in where.pop(pair):
            word, count = words[number]
            for old in itertools.pairwise(word):
                pairs[old] -= count
            word = _merged(word, pair, new)
            words[number] = (word, count)
            for made in itertools.pairwise(word):
                pairs[made] += count
                where[made].add(number)
        del pairs[pair]
        merges.append(pair)
    return Tokenizer(merges)


def _merged(word: list[int], pair: tuple[int, int], new: int) -> list[int]:
    merged, i = [], 0
    while i < len(word):
        if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
            merged.append(new)
            i += 2
        else:
            merged.append(word[i])
            i += 1
    return merged
