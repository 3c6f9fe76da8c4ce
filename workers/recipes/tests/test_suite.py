"""What the evaluation suite promises: scores follow from items, and items say all that a reader needs."""

from __future__ import annotations

import math
import unittest

from .needs_torch import require_torch

require_torch()

import torch

from parts.dataset import open_dataset
from parts.generation import generate
from parts.judge import is_right, judge, keeps_form
from parts.model import LanguageModel, Shape
from parts.scoring import score_texts
from parts.suite import Measurement, Subject, item_hash, macro_f1, measure_all
from parts.tokenizer import train_tokenizer

from .small_data import small_dataset


class Suite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        dataset = open_dataset(small_dataset())
        tokenizer = train_tokenizer("".join(row["text"] for row in dataset.rows("general_train"))[:50_000], 400)
        torch.manual_seed(0)
        shape = Shape(tokenizer.size, width=32, layers=1, heads=2, context=64)
        cls.model, cls.tokenizer, cls.dataset = LanguageModel(shape), tokenizer, dataset
        cls.subject = Subject(cls.model, tokenizer, dataset, "task", 12, LanguageModel(shape))
        cls.results: dict[str, Measurement] = {r.benchmark["slug"]: r for r in measure_all(cls.subject)}

    def test_every_benchmark_of_the_suite_is_measured(self):
        wanted = "general-bpb domain-bpb knowledge instruction-format instruction-accuracy task-accuracy task-macro-f1"
        wanted += " preference-accuracy reward-margin reward-accuracy"
        self.assertEqual(set(self.results), set(wanted.split()))

    def test_scores_are_what_their_items_sum_to(self):
        for slug, result in self.results.items():
            items = result.items
            if "nats" in items[0]:
                total = sum(item["nats"] for item in items) / math.log(2) / sum(item["bytes"] for item in items)
            elif "pred" in items[0]:
                total = macro_f1([(item["pred"], item["gold"]) for item in items])
            else:
                total = sum(item["score"] for item in items) / len(items)
            self.assertAlmostEqual(result.score, total, places=9, msg=slug)

    def test_items_have_unique_ids_and_hashes(self):
        for slug, result in self.results.items():
            ids = [item["id"] for item in result.items]
            self.assertEqual(len(set(ids)), len(ids), slug)
            self.assertTrue(all(len(item["hash"]) == 64 for item in result.items), slug)

    def test_bytes_are_those_of_the_text_and_special_tokens_have_none(self):
        item = self.results["general-bpb"].items[0]
        self.assertEqual(item["bytes"], len(item["prompt"].encode()))
        self.assertEqual(item["tokens"], len(self.tokenizer.encode(item["prompt"])))

    def test_a_protocol_names_data_and_harness_and_tokenizers_only_where_tokens_count(self):
        for slug, result in self.results.items():
            self.assertEqual(result.protocol["dataset_revision"], self.dataset.sha256)
            self.assertEqual(result.protocol["harness"], "descent-recipes")
            self.assertEqual("tokenizer" in result.protocol, slug == "preference-accuracy", slug)

    def test_the_stage_decides_what_is_target(self):
        targets = {slug for slug, result in self.results.items() if result.benchmark.get("role") == "target"}
        self.assertEqual(targets, {"task-accuracy", "task-macro-f1"})

    def test_a_limit_takes_the_same_items_every_time(self):
        again = self.subject.rows("knowledge")
        self.assertEqual(again, self.subject.rows("knowledge"))
        self.assertEqual(len(again), 12)

    def test_a_text_longer_than_the_context_counts_every_token_once(self):
        text = self.dataset.rows("general_heldout")[0]["text"]
        nats, size, tokens = score_texts(self.model, self.tokenizer, [text])[0]
        self.assertGreater(tokens, 2 * 64)
        self.assertEqual(size, len(text.encode()))
        # An untrained model is close to uniform, so the sum over all tokens is close to tokens times ln(vocabulary).
        self.assertAlmostEqual(nats / tokens, math.log(self.tokenizer.size), delta=0.3)

    def test_generation_does_not_depend_on_the_other_questions(self):
        questions = ["What does the word a mean?", "Is b a noun or a verb?", "What kind of thing is a long one?"]
        together = generate(self.model, self.tokenizer, questions, longest=6)
        alone = [generate(self.model, self.tokenizer, [question], longest=6)[0] for question in questions]
        self.assertEqual(together, alone)


class Rules(unittest.TestCase):
    def test_macro_f1_weighs_classes_equally(self):
        self.assertAlmostEqual(macro_f1([("a", "a"), ("a", "a"), ("a", "b")]), (0.8 + 0.0) / 2)

    def test_the_judge_wants_form_and_truth_and_prefers_the_shorter(self):
        self.assertTrue(keeps_form("word_class", "run is a verb.", True))
        self.assertFalse(keeps_form("word_class", "run is a verb.", False))
        self.assertFalse(keeps_form("word_class", "plant", True))
        self.assertTrue(is_right("The capital of X is Y.", "The capital of X is Y.", True))
        short, long = "run is a verb.", "run is a sort of a verb."
        self.assertGreater(judge("word_class", short, short, True), judge("word_class", long, short, True))

    def test_the_hash_ignores_case_and_punctuation(self):
        self.assertEqual(item_hash("Is  Run, a noun?"), item_hash("is run a NOUN"))
