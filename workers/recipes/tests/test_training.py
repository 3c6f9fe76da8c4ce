"""What the training recipes promise, on a model of width 32 and a made-up language."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from .needs_torch import require_torch

require_torch()

import torch

import base
import continued_pretraining
import instruction_tuning
import rlhf
import task_finetuning
from parts.checkpoint import load_model, open_checkpoint
from parts.configuration import read_config
from parts.refusal import Refusal

from .recorded_run import RecordedRun
from .small_data import small_dataset

RECIPES = Path(__file__).resolve().parent.parent
SMALL = ["--width", "32", "--layers", "2", "--heads", "2", "--context", "64", "--vocabulary", "400"]
CPU = torch.device("cpu")


class NoSignal:
    """Nobody sends a signal; the run alone decides."""

    def reason(self, run: RecordedRun) -> str:
        """As StopSignal answers."""
        return run.stop_reason or ""


def train(recipe, out: Path, *arguments: str, resume: str = "", run: RecordedRun | None = None):
    """Runs a recipe in this process; answers its run and why it ended."""
    run = run or RecordedRun()
    argv = ["--data", str(small_dataset()), "--out", str(out), "--device", "cpu", "--probe-every", "0", *arguments]
    with patch.dict(os.environ, {"DESCENT_RESUME_PATH": resume}):
        why = recipe.train(read_config(recipe.parser(), argv, {}), run, NoSignal())
    return run, why


class Lifecycle(unittest.TestCase):
    """One small base model, shared by all tests of the class."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.base, _ = train(base, cls.folder / "base", *SMALL, "--steps", "60", "--lr", "5e-3")
        cls.parent = cls.base.checkpoints[-1]["folder"]

    def child(self, recipe, *arguments: str, **more):
        """A child of the base model, in a folder of its own."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        return train(recipe, out, "--parent", self.parent, *arguments, **more)

    def test_training_lowers_the_loss(self):
        losses = [metrics["loss/lm"] for _, metrics in sorted(self.base.steps.items())]
        self.assertLess(sum(losses[-5:]), 0.75 * sum(losses[:5]))

    def test_every_stage_lowers_its_own_loss(self):
        for recipe, name in (
            (continued_pretraining, "loss/lm"),
            (instruction_tuning, "loss/sft"),
            (task_finetuning, "loss/task"),
        ):
            run, _ = self.child(recipe, "--steps", "16", "--batch", "8", "--lr", "3e-3")
            losses = [metrics[name] for metrics in run.steps.values()]
            self.assertLess(sum(losses[-4:]), sum(losses[:4]), name)

    def test_replay_is_logged_apart_and_loss_only_where_it_is_one_quantity(self):
        with_replay = ["--replay-rate", "1", "--replay-rows", "2", "--steps", "2", "--batch", "4"]
        metrics = self.child(task_finetuning, *with_replay, "--instruction-rows", "2")[0].steps[1]
        self.assertLessEqual({"loss/task", "loss/sft", "loss/replay", "lr", "grad_norm", "tokens"}, set(metrics))
        self.assertNotIn("loss", metrics)
        metrics = self.child(task_finetuning, "--steps", "2", "--batch", "4")[0].steps[1]
        self.assertEqual(metrics["loss"], metrics["loss/task"])
        self.assertNotIn("loss/replay", metrics)

    def test_tokens_continue_the_parents_total(self):
        parent = self.base.checkpoints[-1]["tokens"]
        self.assertEqual(parent, 60 * 16 * 64)
        run, _ = self.child(continued_pretraining, "--steps", "2", "--batch", "4")
        self.assertEqual(run.steps[0]["tokens"], parent + 4 * 64)
        self.assertEqual(run.checkpoints[-1]["tokens"], parent + 2 * 4 * 64)

    def test_a_child_carries_its_parents_tokenizer_byte_for_byte(self):
        run, _ = self.child(instruction_tuning, "--steps", "2", "--batch", "4")
        child = Path(run.checkpoints[-1]["folder"])
        self.assertEqual((child / "tokenizer.json").read_bytes(), (Path(self.parent) / "tokenizer.json").read_bytes())

    def test_another_tokenizer_or_other_sizes_are_refused(self):
        with self.assertRaisesRegex(Refusal, "void the lineage"):
            self.child(instruction_tuning, "--tokenizer-sha256", "0123")
        with self.assertRaisesRegex(Refusal, "the parent has width 32, the config says 64"):
            self.child(instruction_tuning, "--width", "64")

    def test_heads_that_do_not_divide_the_width_are_refused(self):
        with self.assertRaisesRegex(Refusal, "width 32 is no multiple of heads 5"):
            train(base, self.folder / "odd", *SMALL, "--heads", "5")

    def test_a_stage_without_a_parent_is_refused(self):
        with self.assertRaisesRegex(Refusal, "--parent"):
            train(task_finetuning, self.folder / "orphan")

    def test_a_resumed_run_has_the_same_losses(self):
        for recipe, more in ((instruction_tuning, []), (task_finetuning, ["--method", "lora"])):
            arguments = ["--steps", "6", "--batch", "4", "--save-every", "3", *more]
            whole, _ = self.child(recipe, *arguments)
            middle = whole.checkpoints[0]
            self.assertEqual(middle["step"], 2)
            again, _ = self.child(recipe, *arguments, resume=middle["folder"])
            self.assertEqual(min(again.steps), 3)
            for step in (3, 4, 5):
                self.assertAlmostEqual(again.steps[step]["loss"], whole.steps[step]["loss"], places=5)
                self.assertEqual(again.steps[step]["tokens"], whole.steps[step]["tokens"])

    def test_the_last_checkpoint_of_a_finished_run_has_nothing_to_resume(self):
        self.assertFalse((Path(self.parent) / "state.pt").exists())

    def test_a_stop_request_saves_what_can_be_resumed(self):
        run, why = self.child(continued_pretraining, "--steps", "50", "--batch", "4", run=RecordedRun(stop_after=3))
        self.assertEqual((why, max(run.steps)), ("stopped", 2))
        self.assertTrue((Path(run.checkpoints[-1]["folder"]) / "state.pt").exists())

    def test_a_lora_checkpoint_holds_plain_weights_and_says_so(self):
        run, _ = self.child(task_finetuning, "--method", "lora", "--steps", "3", "--batch", "4", "--lr", "1e-2")
        checkpoint = open_checkpoint(run.checkpoints[-1]["folder"])
        self.assertTrue(checkpoint.config["merged_lora"])
        self.assertLess(checkpoint.config["trainable_params"], checkpoint.config["params"])
        self.assertEqual(checkpoint.config["params"], self.base.checkpoints[-1]["metadata"]["params"])
        before, after = (load_model(open_checkpoint(f), CPU).state_dict() for f in (self.parent, checkpoint.folder))
        self.assertEqual(set(before), set(after))
        changed = {name for name in before if not torch.equal(before[name], after[name])}
        self.assertIn("blocks.0.up.weight", changed)
        self.assertNotIn("tokens.weight", changed)

    def test_dpo_leaves_its_reference_frozen_and_raises_the_margin(self):
        kept = []
        real = rlhf.load_model

        def keeping(*arguments):
            kept.append(real(*arguments))
            return kept[-1]

        with patch.object(rlhf, "load_model", keeping):
            run, _ = self.child(rlhf, "--steps", "12", "--batch", "8", "--lr", "2e-3", "--nll-weight", "0.5")
        policy, reference = kept
        parent = load_model(open_checkpoint(self.parent), CPU)
        for name, value in parent.state_dict().items():
            self.assertTrue(torch.equal(value, reference.state_dict()[name]), name)
        self.assertFalse(torch.equal(policy.tokens.weight, reference.tokens.weight))
        self.assertAlmostEqual(run.steps[0]["rewards/margins"], 0.0, places=4)
        self.assertGreater(run.steps[11]["rewards/margins"], 0.0)
        wanted = {"rewards/chosen", "rewards/rejected", "rewards/accuracies", "logps/chosen", "logps/rejected"}
        self.assertLessEqual(wanted | {"loss/dpo", "loss/nll"}, set(run.steps[0]))
        self.assertNotIn("loss", run.steps[0])


class Process(unittest.TestCase):
    """Exit codes and signals, as an agent sees them."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.calls = Path(self.temporary.name) / "calls.jsonl"

    def start(self, recipe: str, *arguments: str) -> subprocess.Popen:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DESCENT_")}
        environment |= {
            "PYTHONPATH": str(RECIPES / "tests" / "recorder"),
            "RECORDED_CALLS": str(self.calls),
            "DESCENT_WORK_DIR": self.temporary.name,
            "OMP_NUM_THREADS": "1",
        }
        command = [sys.executable, str(RECIPES / recipe), *arguments]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def recorded(self, call: str) -> list[dict]:
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["call"] == call]

    def test_sigterm_saves_a_checkpoint_and_reports_preempted(self):
        process = self.start("base.py", "--data", str(small_dataset()), *SMALL, "--steps", "100000")
        deadline = time.monotonic() + 30
        while len(self.recorded("log")) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assertLess(time.monotonic() - asked, 30)
        self.assertEqual(process.returncode, 143)
        self.assertEqual(self.recorded("finish")[-1]["reason"], "preempted")
        saved = self.recorded("checkpoint")[-1]
        self.assertEqual(saved["step"], self.recorded("log")[-1]["step"])
        self.assertTrue((open_checkpoint(saved["folder"]).folder / "state.pt").exists())

    def test_an_error_gives_a_traceback_the_reason_failed_and_exit_code_1(self):
        process = self.start("base.py", "--data", str(small_dataset()), *SMALL, "--context", "100000")
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("Traceback", errors)
        end = self.recorded("finish")[-1]
        self.assertEqual((end["reason"], end["exit_code"]), ("failed", 1))
        self.assertIn("Error", end["error"])

    def test_missing_data_gives_a_sentence_and_exit_code_3(self):
        process = self.start("base.py", "--data", self.temporary.name + "/nowhere")
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3)
        self.assertIn("prepare_data.py --out", errors)
        self.assertNotIn("Traceback", errors)
        self.assertEqual(self.recorded("finish")[-1]["reason"], "failed")
