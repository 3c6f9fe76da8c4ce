"""What the tokenizer promises. Standard library only: runs without torch."""

from __future__ import annotations

import random
import tempfile
import unittest
from pathlib import Path

from parts.refusal import Refusal
from parts.tokenizer import load_tokenizer, train_tokenizer

from .small_data import small_rows

TEXT = "".join(row["text"] for row in small_rows()["general_train"])[:60_000]


class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tokenizer = train_tokenizer(TEXT, 400)

    def test_decoding_gives_back_any_text(self):
        rng = random.Random(0)
        texts = ["", " ", "a\n\n b\t", "capital 1850, naïve € 漢字 🙂", TEXT[:500]]
        texts += ["".join(chr(rng.choice((rng.randrange(32, 127), rng.randrange(160, 0x2FFF)))) for _ in range(40))]
        for text in texts:
            self.assertEqual(self.tokenizer.decode(self.tokenizer.encode(text)), text)

    def test_it_has_the_size_asked_for_and_shortens_text(self):
        self.assertEqual(self.tokenizer.size, 400)
        self.assertLess(len(self.tokenizer.encode(TEXT)), 0.6 * len(TEXT))

    def test_special_tokens_never_come_out_of_text(self):
        self.assertLess(max(self.tokenizer.encode("<|end|><|user|>" + TEXT[:2000])), self.tokenizer.first_special)

    def test_training_again_gives_the_same_hash(self):
        self.assertEqual(train_tokenizer(TEXT, 400).sha256, self.tokenizer.sha256)

    def test_a_file_with_another_hash_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tokenizer.json"
            path.write_text(self.tokenizer.to_json())
            self.assertEqual(load_tokenizer(path, self.tokenizer.sha256).merges, self.tokenizer.merges)
            with self.assertRaisesRegex(Refusal, "void the lineage"):
                load_tokenizer(path, "0" * 64)
