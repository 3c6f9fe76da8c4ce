"""What model, adapters and checkpoints promise."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from .needs_torch import require_torch

require_torch()

import torch

from parts import checkpoint as checkpoints
from parts.checkpoint import load_model, open_checkpoint, save_checkpoint
from parts.lora import add_lora, has_lora, merged
from parts.model import LanguageModel, Shape
from parts.refusal import Refusal
from parts.tokenizer import Tokenizer

TOKENIZER = Tokenizer([(97, 98)])
SHAPE = Shape(TOKENIZER.size, width=32, layers=2, heads=2, context=16)
IDS = torch.arange(24).reshape(2, 12)


def new_model(seed: int = 0) -> LanguageModel:
    """A model with random weights."""
    torch.manual_seed(seed)
    return LanguageModel(SHAPE)


def about() -> dict:
    """The smallest config that a checkpoint needs."""
    return {
        "stage": "pretrain",
        "step": 3,
        "tokens": 100,
        "parent": None,
        "merged_lora": False,
        "tokenizer_sha256": TOKENIZER.sha256,
        "model": SHAPE.to_json(),
    }


class Model(unittest.TestCase):
    def test_a_later_token_changes_no_earlier_answer(self):
        model = new_model()
        changed = IDS.clone()
        changed[:, -1] = 99
        self.assertTrue(torch.allclose(model(IDS)[:, :-1], model(changed)[:, :-1], atol=1e-6))

    def test_the_same_seed_gives_the_same_weights(self):
        self.assertTrue(torch.equal(new_model().tokens.weight, new_model().tokens.weight))


class Lora(unittest.TestCase):
    def test_new_adapters_change_nothing(self):
        plain = new_model()(IDS)
        self.assertTrue(torch.allclose(add_lora(new_model())(IDS), plain, atol=1e-6))

    def test_merged_weights_give_the_logits_of_the_adapters(self):
        model = add_lora(new_model(), rank=4, alpha=8)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith(".b"):
                    parameter.normal_(std=0.1)
        plain = merged(model)
        self.assertTrue(torch.allclose(plain(IDS), model(IDS), atol=1e-5))
        self.assertFalse(torch.allclose(new_model()(IDS), model(IDS), atol=1e-2))
        self.assertEqual((has_lora(plain), has_lora(model)), (False, True))

    def test_only_adapters_are_trainable(self):
        names = [name for name, p in add_lora(new_model()).named_parameters() if p.requires_grad]
        self.assertTrue(all(name.endswith((".a", ".b")) for name in names))
        self.assertEqual(len(names), 2 * 4 * 2)


class Checkpoints(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name) / "step-000003"

    def test_what_is_saved_is_what_is_loaded(self):
        model = new_model()
        loaded = load_model(
            open_checkpoint(save_checkpoint(self.folder, model, TOKENIZER, about())), torch.device("cpu")
        )
        self.assertTrue(torch.equal(model(IDS), loaded(IDS)))

    def test_a_crash_before_the_rename_leaves_no_checkpoint(self):
        with patch.object(checkpoints.os, "replace", side_effect=OSError("power cut")), self.assertRaises(OSError):
            save_checkpoint(self.folder, new_model(), TOKENIZER, about())
        self.assertFalse(self.folder.exists())
        with self.assertRaisesRegex(Refusal, "is no checkpoint"):
            open_checkpoint(self.folder)
        save_checkpoint(self.folder, new_model(), TOKENIZER, about())
        self.assertEqual(open_checkpoint(self.folder).config["step"], 3)

    def test_a_crash_while_writing_leaves_no_manifest(self):
        with patch.object(checkpoints.torch, "save", side_effect=OSError("disk full")), self.assertRaises(OSError):
            save_checkpoint(self.folder, new_model(), TOKENIZER, about())
        self.assertEqual(list(Path(self.temporary.name).rglob("manifest.json")), [])

    def test_a_truncated_file_is_noticed(self):
        save_checkpoint(self.folder, new_model(), TOKENIZER, about())
        weights = self.folder / "model.pt"
        weights.write_bytes(weights.read_bytes()[:-1])
        with self.assertRaisesRegex(Refusal, "model.pt is missing or differs"):
            open_checkpoint(self.folder)

    def test_a_tokenizer_other_than_its_config_names_is_refused(self):
        save_checkpoint(self.folder, new_model(), TOKENIZER, {**about(), "tokenizer_sha256": "0" * 64})
        with self.assertRaisesRegex(Refusal, "void the lineage"):
            open_checkpoint(self.folder)
