"""What prepare_data.py promises. Standard library only: runs without torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from parts.dataset import open_dataset, write_dataset
from parts.refusal import Refusal
from parts.synthetic import synthetic_sources
from parts.word_filter import is_clean

from .small_data import small_rows

RECIPES = Path(__file__).resolve().parent.parent


def prepare(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess:
    """Runs prepare_data.py as a process, with another PATH if given."""
    environment = {**os.environ, **({"PATH": path} if path is not None else {})}
    command = [sys.executable, str(RECIPES / "prepare_data.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)


class Determinism(unittest.TestCase):
    def test_the_same_seed_gives_the_same_language(self):
        self.assertEqual(synthetic_sources(), synthetic_sources())
        self.assertNotEqual(synthetic_sources(seed=12).senses, synthetic_sources().senses)

    def test_the_same_input_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            hashes = [
                write_dataset(Path(folder) / name, "synthetic-lifecycle@1", small_rows(), origins=[])["sha256"]
                for name in ("a", "b")
            ]
        self.assertEqual(hashes[0], hashes[1])

    def test_another_process_gives_the_same_hash(self):
        with tempfile.TemporaryDirectory() as folder:
            lines = [
                prepare("--synthetic", "--quick", "--out", f"{folder}/{name}").stdout.splitlines()[-1]
                for name in ("a", "b")
            ]
        first, second = (json.loads(line) for line in lines)
        self.assertEqual(first["sha256"], second["sha256"])
        self.assertEqual(first["name"], "synthetic-lifecycle@1")


class Splits(unittest.TestCase):
    def setUp(self):
        self.rows = small_rows()

    def words(self, file: str, key: str) -> set[str]:
        return {row[key] for row in self.rows[file] if key in row}

    def test_no_word_and_no_synset_is_both_trained_and_tested(self):
        trained_by = ("instruction_train", "task_train", "preference_train")
        tested_by = ("instruction_heldout", "task_heldout", "preference_heldout")
        for key in ("word", "synset"):
            for trained in trained_by:
                for tested in tested_by:
                    shared = self.words(trained, key) & self.words(tested, key)
                    self.assertEqual(shared, set(), f"{key} in {trained} and {tested}")

    def test_stages_and_benchmarks_share_no_word_with_each_other(self):
        pools = ("instruction_train", "task_train", "instruction_heldout", "task_heldout", "preference_heldout")
        for i, one in enumerate(pools):
            for other in pools[i + 1 :]:
                self.assertEqual(self.words(one, "word") & self.words(other, "word"), set(), f"{one} and {other}")

    def test_no_definition_of_the_task_is_held_out_and_learned(self):
        learned = {row["prompt"] for row in self.rows["task_train"]}
        self.assertEqual(learned & {row["prompt"] for row in self.rows["task_heldout"]}, set())

    def test_held_out_documents_are_not_trained_on(self):
        for corpus in ("general", "domain"):
            trained = {row["id"].partition("#")[0] for row in self.rows[f"{corpus}_train"]}
            self.assertEqual(trained & {row["id"] for row in self.rows[f"{corpus}_heldout"]}, set())

    def test_nouns_and_verbs_are_asked_equally_often(self):
        for file in ("instruction_train", "instruction_heldout"):
            answers = [row["answer"].split()[-1] for row in self.rows[file] if row["type"] == "word_class"]
            counts = Counter(answers)
            self.assertEqual(counts["noun."], counts["verb."], file)

    def test_capitals_never_asked_in_tuning_are_tagged_unseen(self):
        asked = {row["prompt"] for row in self.rows["instruction_train"] if row["type"] == "capital"}
        for row in self.rows["knowledge"]:
            was_asked = f"What is the capital of {row['cluster']}?" in asked
            self.assertEqual(row["seen"], "seen" if was_asked else "unseen")
            self.assertEqual(len(row["options"]), 4)

    def test_chosen_and_rejected_always_differ(self):
        for row in self.rows["preference_train"] + self.rows["preference_heldout"]:
            self.assertNotEqual(row["chosen"], row["rejected"])
        wrong = sum(row["corruption"] == "wrong" for row in self.rows["preference_train"])
        self.assertGreater(wrong, 0.4 * len(self.rows["preference_train"]))


class Folder(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name) / "data"

    def test_a_missing_folder_names_the_command_that_makes_it(self):
        with self.assertRaisesRegex(Refusal, "prepare_data.py --out"):
            open_dataset(self.folder)

    def test_a_changed_byte_is_noticed(self):
        write_dataset(self.folder, "x@1", {"a": [{"text": "b"}]}, origins=[])
        (self.folder / "a.jsonl").write_text('{"text": "c"}\n')
        with self.assertRaisesRegex(Refusal, "a.jsonl has sha256"):
            open_dataset(self.folder)

    def test_another_data_set_than_asked_for_is_refused(self):
        write_dataset(self.folder, "x@1", {"a": [{"text": "b"}]}, origins=[])
        with self.assertRaisesRegex(Refusal, "config asks for 0123"):
            open_dataset(self.folder, "0123")

    def test_a_second_call_finds_it_ready(self):
        arguments = ("--synthetic", "--quick", "--out", str(self.folder))
        prepare(*arguments)
        before = (self.folder / "manifest.json").stat().st_mtime_ns
        self.assertEqual(prepare(*arguments).returncode, 0)
        self.assertEqual((self.folder / "manifest.json").stat().st_mtime_ns, before)

    def test_two_calls_at_once_make_it_once(self):
        command = [sys.executable, str(RECIPES / "prepare_data.py"), "--synthetic", "--out", str(self.folder)]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        lines = [process.communicate(timeout=60)[0].splitlines()[-1] for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0])
        self.assertEqual(lines[0], lines[1])
        open_dataset(self.folder)

    def test_without_npm_it_says_why_and_makes_up_a_language(self):
        packages = Path(self.temporary.name) / "packages"
        done = prepare("--quick", "--out", str(self.folder), "--packages", str(packages), path="")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("npm is not on the path", done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["name"], "synthetic-lifecycle@1")
        self.assertIn("npm", open_dataset(self.folder).manifest["fallback"])

    def test_without_npm_it_fails_when_the_packages_are_required(self):
        packages = Path(self.temporary.name) / "packages"
        done = prepare("--require-packages", "--out", str(self.folder), "--packages", str(packages), path="")
        self.assertEqual(done.returncode, 1)
        self.assertFalse(self.folder.exists())


class WordFilter(unittest.TestCase):
    def test_meanings_marked_as_offensive_are_kept_out(self):
        self.assertFalse(is_clean("(ethnic slur) a person from nowhere"))
        self.assertFalse(is_clean("an offensive term for a tourist"))

    def test_ordinary_words_pass(self):
        self.assertTrue(is_clean("grape", "a round fruit that grows in bunches", "class assembly passes"))
