"""What `log_eval` and `log_training_rows` send: whole protocols, all forms of items, hashes and never a text."""

from __future__ import annotations

import json
import math
import os
import unittest
from typing import Any, Dict, List

from support import SDK, SdkTest

from descent.evaluations import evaluation_records
from descent.training_rows import normalised, text_hash, training_records, window_hashes

GOLDEN = os.path.join(SDK, "..", "..", "test", "fixtures", "golden", "text-hashes.json")
CHECKPOINT = "00000000-0000-7000-8000-000000000001"


def body_of(benchmark: Any = "quiz", score: Any = None, items: Any = None, **fields: Any) -> Dict[str, Any]:
    """The first record of an evaluation."""
    return next(iter(evaluation_records(benchmark, score, items, fields, 0.0)))[1]["body"]


class Evaluations(SdkTest):
    def test_everything_that_a_protocol_and_a_benchmark_say_arrives(self) -> None:
        protocol = {
            "task": "quiz", "task_version": "2", "dataset": "quiz", "dataset_revision": "r1", "split": "test", "shots": 5,
            "prompt_template": "Q: {q}", "apply_chat_template": False, "extraction": "first letter", "normalizer": "none",
            "decoding": {"temperature": 0.7, "top_p": 0.9}, "max_length": 2048, "harness": "h", "harness_version": "1.2",
            "judge": "m", "judge_prompt": "Which?", "tokenizer": "bpe1k", "dtype": "bfloat16", "batch_size": 8,
        }  # fmt: skip
        benchmark = {
            "slug": "quiz", "category": "safety", "kind": "rate", "higher_is_better": True, "chance": 0.25, "best": 1,
            "margin": 0.01, "use": "unseen", "twin": "over-refusal", "role": "safety", "gain": "surface",
            "valid_until": "2026-12-31", "domain": "law", "facet": "facts", "part": "form", "pair": "quiz-content",
        }  # fmt: skip
        with self.server() as server:
            run = self.start()
            run.log_eval(
                benchmark, score=51.5, n=200, metric="acc", checkpoint=CHECKPOINT, protocol=protocol, stderr=1.5, seed=3,
                variant="best prompt", scale=100, n_clusters=20, source="a test", measured_at="2026-01-02T03:04:05Z",
            )  # fmt: skip
            self.assertTrue(run.finish())
        (sent,) = server.evaluations.values()
        self.assertEqual(sent["benchmark"], benchmark)
        self.assertEqual(sent["protocol"], dict(protocol, decoding='{"temperature": 0.7, "top_p": 0.9}'))
        named = {key: sent[key] for key in ("score", "n", "stderr", "seed", "variant", "scale", "n_clusters", "measured_at")}
        self.assertEqual(
            named,
            {"score": 51.5, "n": 200, "stderr": 1.5, "seed": 3, "variant": "best prompt", "scale": 100, "n_clusters": 20}
            | {"measured_at": "2026-01-02T03:04:05Z"},
        )

    def test_items_of_all_forms_and_with_all_that_belongs_to_them_arrive(self) -> None:
        scores = [
            {"id": 1, "score": True, "trial": 0, "cluster": 7, "tags": {"language": "de"}, "prompt": "p", "output": "o",
             "expected": "e", "verdict": "right", "hash": text_hash("p")}
        ]  # fmt: skip
        bleu = [{"id": "a", "hyp_len": 9, "ref_len": 10, "match": [8, 6, 4, 2], "total": [9, 8, 7, 6]}]
        self.assertEqual(body_of(items=scores)["items"], [dict(scores[0], id="1", cluster="7", score=1)])
        self.assertEqual(body_of(score=0.4, items=bleu)["items"], bleu)
        self.assertEqual(body_of(score=0.5, items=[{"id": "a", "pred": 1, "gold": 0}])["items"][0]["pred"], "1")

    def test_the_score_follows_from_items_trials_of_an_item_first(self) -> None:
        items = [{"id": "a", "trial": i, "score": 1.0} for i in range(3)] + [{"id": "b", "score": 0.0}]
        body = body_of(items=items)
        self.assertEqual((body["score"], body["n"], body["metric"]), (0.5, 2, "score"))

    def test_the_bits_per_byte_of_losses_follow_from_them(self) -> None:
        items = [{"id": "a", "nats": 4.0, "bytes": 2}, {"id": "b", "nats": 2.0, "bytes": 4}]
        body = body_of(items=items)
        self.assertEqual(body["metric"], "bits_per_byte")
        self.assertAlmostEqual(body["score"], 1 / math.log(2))

    def test_a_score_whose_n_was_not_published_says_so(self) -> None:
        body = body_of(score=0.5, n_missing="not published")
        self.assertEqual((body.get("n"), body["n_missing"]), (None, "not published"))

    def test_what_is_no_evaluation_is_named(self) -> None:
        losses = [{"id": "a", "nats": 1.0, "bytes": 0}]
        wrong: List[Any] = [
            (dict(score=float("nan"), n=3), "nan"),
            (dict(score="high", n=3), "'high'"),
            (dict(score=0.5, n=0), "n 0"),
            (dict(score=0.5), "n 0"),
            (dict(items=[{"id": "a", "output": "x"}]), "not every item"),
            (dict(items=[]), "there are no items"),
            (dict(items=losses), "no bytes"),
            (dict(benchmark={"name": "quiz"}, score=1.0, n=1), "give a slug"),
        ]
        for fields, words in wrong:
            with self.subTest(fields=fields), self.assertRaisesRegex(ValueError, words):
                body_of(**fields)


class TrainingRows(SdkTest):
    def test_texts_are_hashed_as_the_server_hashes_them(self) -> None:
        with open(GOLDEN, encoding="utf-8") as file:
            for known in json.load(file):
                with self.subTest(text=known["text"]):
                    text = known["text"]
                    self.assertEqual(normalised(text), known["normalised"])
                    self.assertEqual((text_hash(text), window_hashes(text)), (known["hash"], known["windows"]))

    def test_hashes_arrive_and_texts_do_not(self) -> None:
        text = "A secret sentence of exactly fifteen words that nobody but the trainer shall ever read, I hope"
        with self.server() as server:
            run = self.start(project="lm")
            run.log_training_rows("web@v1", [("r1", text), {"id": 2, "text": "short"}])
            run.log_training_rows("web@v2", iter([("r1", text)]), windows=False)
            self.assertTrue(run.finish())
        first, second = server.training_rows
        self.assertEqual(first["dataset"], "web@v1")
        self.assertEqual(first["rows"][0], {"id": "r1", "hash": text_hash(text), "windows": window_hashes(text)})
        self.assertEqual(first["rows"][1], {"id": "2", "hash": text_hash("short")})
        self.assertEqual(second["rows"], [{"id": "r1", "hash": text_hash(text)}])
        self.assertNotIn("secret", json.dumps(server.training_rows))

    def test_many_rows_and_long_ones_go_in_several_calls(self) -> None:
        rows = [("r%d" % i, "row %d" % i) for i in range(20_001)]
        calls = list(training_records("web@v1", rows, True))
        self.assertEqual([len(call["rows"]) for call in calls], [10_000, 10_000, 1])
        long = " ".join("w%d" % i for i in range(60_000))
        parts = list(training_records("web@v1", [("book", long)], True))
        self.assertEqual([row["id"] for call in parts for row in call["rows"]], ["book"] * 3)
        windows = [hash for call in parts for row in call["rows"] for hash in row["windows"]]
        self.assertEqual(windows, window_hashes(long))

    def test_what_is_no_row_and_no_data_set_is_named_and_nothing_raises(self) -> None:
        with self.server() as server:
            run = self.start()
            run.log_training_rows("web", [("r", "text")])
            run.log_training_rows("web@v1", [{"id": 1}])
            self.assertTrue(run.finish())
        self.assertEqual(server.training_rows, [])
        self.assertIn("slug@version", self.said.getvalue())
        self.assertIn("give (id, text)", self.said.getvalue())


if __name__ == "__main__":
    unittest.main()
