"""What a training script records arrives, whole and in order."""

from __future__ import annotations

import io
import json
import math
import os
import signal
import subprocess
import sys
import time
from unittest import mock

from support import SDK, SdkTest, expected_points, log_steps, only, wait_until

import descent


class Recording(SdkTest):
    def test_points_arrive_once_and_the_spool_is_gone(self) -> None:
        with self.server() as server:
            run = self.start(experiment="sft-1", stage="sft", parent="base", config={"lr": 0.1}, seed=3, tags=["a"])
            log_steps(run, 50)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(50))
        self.assertEqual(self.spools(), [])
        body = only(server.runs)["body"]
        self.assertEqual(
            (body["experiment"], body["config"], body["seed"], body["tags"]), ("sft-1", {"lr": 0.1}, 3, ["a"])
        )
        self.assertEqual(body["environment"], {"host": "test"})
        stage = server.experiments["sft-1"]
        self.assertEqual(
            stage, {"stage": "instruction", "method": "sft", "parents": [{"experiment": "base", "kind": "init"}]}
        )
        (finish,) = only(server.runs)["finished"]
        self.assertEqual((finish["reason"], finish["streams"][0]["last_seq"]), ("finished", max(server.seqs())))
        self.assertIsNone(descent.run)

    def test_nan_and_the_infinities_arrive_as_words(self) -> None:
        with self.server() as server:
            run = self.start()
            run.log({"a": math.nan, "b": math.inf, "c": -math.inf, "d": -0.0, "e": 1e308, "f": 2**53 + 1}, step=7)
            run.finish()
        points = server.points()
        self.assertEqual([points[k, 7] for k in "abc"], ["NaN", "Infinity", "-Infinity"])
        self.assertEqual([points[k, 7] for k in "ef"], [1e308, float(2**53 + 1)])

    def test_keys_with_different_steps_go_in_different_groups_and_the_last_value_wins(self) -> None:
        with self.server() as server:
            run = self.start()
            run.log({"a": 1, "b": 1}, step=0)
            run.log({"a": 2}, step=0)
            run.log({"a": 3, "b": 3}, step=0)
            run.log({"c": {"d": 4}}, step=9)
            run.finish()
        self.assertEqual(server.points(), {("a", 0): 3.0, ("b", 0): 3.0, ("c/d", 9): 4.0})

    def test_scalars_of_other_libraries_are_taken_as_they_are_now(self) -> None:
        class Tensor:
            def __init__(self, value: float) -> None:
                self.value = value

            def detach(self) -> "Tensor":
                return self

            def clone(self) -> "Tensor":
                return Tensor(self.value)

            def __float__(self) -> float:
                return self.value

        with self.server() as server:
            run = self.start()
            loss = Tensor(1.5)
            run.log({"loss": loss, "fine": 1.0}, step=0)
            loss.value = 99.0
            run.finish()
        self.assertEqual(server.points(), {("loss", 0): 1.5, ("fine", 0): 1.0})

    def test_wrong_input_is_named_once_and_the_rest_goes_on(self) -> None:
        with self.server() as server:
            run = self.start(experiment="e", stage="finetuning-of-cats")
            for _ in range(3):
                run.log({"good": 1.0, "bad\u0000key": 2.0, "text": b"high", 7: 1.0, "a//b": 1.0}, step=1)
                run.log({"good": 1.0}, step=-1)
                run.log({"good": 1.0}, step=1.5)
                run.log(None, step=2)  # type: ignore[arg-type]
            run.log({"x": 10**400}, step=3)
            run.finish()
        self.assertEqual(server.points(), {("good", 1): 1.0})
        said = self.said.getvalue()
        for subject in ("finetuning-of-cats", "bad", "'text'", "'high'", "a//b", "step -1", "metric key 7", "log(None)"):
            self.assertEqual(said.count(subject), 1, subject)
        self.assertIn("sft", said)

    def test_a_step_that_is_not_given_is_one_after_the_last(self) -> None:
        with self.server() as server:
            run = self.start()
            run.log({"a": 0})
            run.log({"a": 1}, step=5)
            run.log({"a": 2})
            run.finish()
        self.assertEqual(server.points(), {("a", 0): 0.0, ("a", 5): 1.0, ("a", 6): 2.0})

    def test_checkpoint_evaluation_and_inputs_arrive_in_order(self) -> None:
        weights = os.urandom(3456)
        self.write("ck/model.bin", weights)
        self.write("ck/empty", b"")
        self.write("ck/deep/tokenizer.json", b"{}")
        with self.server() as server:
            run = self.start()
            run.use("dataset:supersense@v1", sha256="ab" * 32)
            checkpoint = run.log_checkpoint(os.path.join(self.folder, "ck"), step=9, tokens=1000, metadata={"params": 5})
            self.write("ck/new", b"the old file is replaced by renaming")
            os.replace(os.path.join(self.folder, "ck/new"), os.path.join(self.folder, "ck/model.bin"))
            items = [{"id": i, "score": float(i % 2), "prompt": "p", "tags": {"seen": "yes"}} for i in range(4)]
            run.log_eval("suite", items=items, checkpoint=checkpoint, metric="accuracy", protocol={"shots": 0, "decoding": {"t": 0}})
            run.log_artifact(self.write("notes.txt", b"hello"), name="notes")
            self.assertIsNotNone(checkpoint.wait(5))
            self.assertTrue(run.finish())
        stored = server.checkpoints[checkpoint.id]
        self.assertEqual((stored["step"], stored["tokens"], stored["metadata"]), (9, 1000, {"params": 5}))
        files = {file["name"]: server.artifacts[file["sha256"]] for file in stored["files"]}
        self.assertEqual(files, {"model.bin": weights, "empty": b"", "deep/tokenizer.json": b"{}"})
        evaluation = only(server.evaluations)
        self.assertEqual((evaluation["checkpoint"], evaluation["score"], evaluation["n"]), (checkpoint.id, 0.5, 4))
        self.assertEqual([item["id"] for item in evaluation["items"]], ["0", "1", "2", "3"])
        self.assertEqual(evaluation["protocol"], {"task": "suite", "shots": 0, "decoding": '{"t": 0}'})
        self.assertIn(b"hello", server.artifacts.values())
        self.assertEqual(server.inputs[0]["kind"] + server.inputs[0]["version"], "datasetv1")
        self.assertEqual(self.spools(), [])

    def test_many_items_go_in_parts_that_are_completed(self) -> None:
        with self.server() as server:
            run = self.start()
            items = [{"id": "i%d" % i, "score": 1.0} for i in range(20_001)]
            run.log_eval("big", items=items, checkpoint="00000000-0000-7000-8000-000000000001")
            self.assertTrue(run.finish())
        evaluation = only(server.evaluations)
        self.assertEqual((len(evaluation["items"]), evaluation["complete"]), (20_001, True))
        self.assertEqual(evaluation["items"][20_000]["id"], "i20000")

    def test_an_evaluation_without_what_it_needs_is_named(self) -> None:
        with self.server() as server:
            run = self.start()
            run.log_eval("a", score=0.5, n=3)
            run.log_eval("b", score=0.5, checkpoint="c")
            run.log_eval("c", items=[{"id": "x"}], checkpoint="c")
            run.log_checkpoint(os.path.join(self.folder, "nowhere"), step=1)
            run.finish()
        self.assertEqual((server.evaluations, server.checkpoints), ({}, {}))
        said = self.said.getvalue()
        for part in ("give checkpoint=", "n 0", "not every item", "nowhere"):
            self.assertIn(part, said)

    def test_the_environment_of_an_agent_wins(self) -> None:
        run_id = "01890000-0000-7000-8000-000000000007"
        os.environ.update(
            DESCENT_PROJECT="given",
            DESCENT_EXPERIMENT="12",
            DESCENT_RUN_ID=run_id,
            DESCENT_JOB_ID="job",
            DESCENT_ATTEMPT="2",
            DESCENT_FENCE="5",
            DESCENT_CONFIG='{"lr": 0.5}',
            DESCENT_TARGET_CHECKPOINT="target-id",
        )
        with self.server() as server:
            server.runs[run_id] = {"body": {}, "attempts": [{}], "finished": []}
            run = self.start(project="mine", experiment="mine", stage="sft", config={"lr": 0.1, "wd": 0})
            self.assertEqual((run.id, run.config), (run_id, {"lr": 0.5, "wd": 0}))
            log_steps(run, 3)
            run.log_eval("suite", score=1.0, n=1)
            self.assertTrue(run.finish())
        self.assertEqual((server.projects, server.experiments), ({}, {}))
        headers = server.sent("POST .*/metrics")[0][2]
        self.assertEqual((headers["x-attempt"], headers["x-fence"]), ("2", "5"))
        self.assertEqual(only(server.evaluations)["checkpoint"], "target-id")

    def test_only_rank_zero_records(self) -> None:
        os.environ["RANK"] = "1"
        with self.server() as server:
            run = self.start()
            log_steps(run, 3)
            self.assertTrue(run.finish())
        self.assertEqual((server.requests, self.spools()), ([], []))

    def test_the_server_asks_to_stop_and_sigterm_does(self) -> None:
        reasons = []
        before = signal.getsignal(signal.SIGTERM)
        self.addCleanup(signal.signal, signal.SIGTERM, before)
        with self.server() as server:
            run = self.start()
            run.on_stop(reasons.append)
            self.assertFalse(run.stop_requested)
            os.kill(os.getpid(), signal.SIGTERM)
            self.assertTrue(wait_until(lambda: run.stop_requested))
            self.assertEqual((run.stop_reason, reasons), ("preempted", ["preempted"]))
            server.stop = True
            run.log({"a": 1})
            self.assertTrue(wait_until(lambda: run.stop_reason == "stopped"))
            run.finish(run.stop_reason)
        self.assertEqual(only(server.runs)["finished"][0]["reason"], "stopped")
        self.assertEqual(reasons, ["preempted"])

    def test_an_exception_in_a_with_block_is_reported_as_failed(self) -> None:
        with self.server() as server:
            with self.assertRaises(ZeroDivisionError), descent.init(project="p") as run:
                run.log({"a": 1 / 0})
        (finish,) = only(server.runs)["finished"]
        self.assertEqual((finish["reason"], finish["exit_code"]), ("failed", 1))
        self.assertIn("ZeroDivisionError", finish["error"])

    def test_a_script_that_just_ends_is_finished_at_exit_with_its_exception(self) -> None:
        start = "import os, sys; sys.path.insert(0, %r); import descent" % SDK
        start += "\nrun = descent.init(project='p'); run.log({'a': 1})"
        ends = {
            "": ("finished", ""),
            "raise KeyError('lost')": ("failed", "KeyError: 'lost'"),
            "raise KeyboardInterrupt": ("stopped", ""),
            "if os.fork() == 0: run.log({'b': 2}); run.finish(); sys.exit()\nos.wait()": ("finished", ""),
        }
        for end, (reason, error) in ends.items():
            with self.subTest(end=end), self.server() as server:
                script = start + "\n" + end
                subprocess.run([sys.executable, "-c", script], stderr=subprocess.DEVNULL, timeout=30, env=dict(os.environ))
                (finish,) = only(server.runs)["finished"]
                self.assertEqual((finish["reason"], len(server.points())), (reason, 1))
                self.assertIn(error, finish.get("error", ""))

    def test_the_console_is_recorded_when_asked_for(self) -> None:
        out, error = sys.stdout, sys.stderr
        sys.stdout = io.StringIO()
        with self.server() as server:
            run = self.start(console=True)
            try:
                sys.stdout.write("hello\npassword=hunter22\n10%\r20%\n")
                self.assertTrue(run.finish())
                self.assertIsInstance(sys.stdout, io.StringIO)
            finally:
                sys.stdout, sys.stderr = out, error
        lines = [line for key, body in server.batches.items() if key[2] == "logs" for line in json.loads(body)["lines"]]
        texts = [line["text"] for line in lines if line["fd"] == 1]
        self.assertEqual(texts, ["hello", "password=[redacted]", "20%"])

    def test_heartbeats_tell_the_step_and_at_most_two_requests_are_in_flight(self) -> None:
        with self.server() as server:
            run = self.start()
            run.total_steps = 40
            log_steps(run, 40)
            self.assertTrue(wait_until(lambda: server.points()))
            run._heartbeat.wakeup.set()
            self.assertTrue(wait_until(lambda: any(beat.get("step") == 39 for beat in server.heartbeats)))
            run.finish()
        self.assertEqual(server.heartbeats[-1]["total_steps"], 40)
        self.assertLessEqual(server.in_flight_max, 2)

    def test_the_machine_is_measured_where_no_agent_does(self) -> None:
        with self.server() as server, mock.patch("descent.telemetry.INTERVAL_S", 0.3):
            run = self.start()
            self.assertTrue(wait_until(lambda: len(server.points("telemetry")) >= 4))
            run._spool.dropped["logs"] = 5
            wait_until(lambda: "dropped" in str(server.points("telemetry")))
            self.assertTrue(run.finish())
        points = {key.rpartition("/")[2]: value for (key, _), value in server.points("telemetry").items()}
        self.assertEqual(points["spool.dropped.logs"], 5.0)
        self.assertTrue(0 <= points["cpu.util"] <= 100 and 0 < points["mem.pct"] < 100)

    def test_log_after_finish_is_said_once_and_ignored(self) -> None:
        with self.server():
            run = self.start()
            run.finish()
            run.log({"a": 1})
            run.log({"a": 1})
            self.assertTrue(run.finish())
        self.assertEqual(self.said.getvalue().count("the run is finished"), 1)

    def test_init_returns_at_once_though_nothing_answers(self) -> None:
        self.offline()
        begin = time.monotonic()
        run = self.start()
        log_steps(run, 10)
        self.assertLess(time.monotonic() - begin, 1.0)
        run.finish(timeout=0)
        self.assertEqual(len(self.spools()), 1)
        self.assertIn("python -m descent sync", self.said.getvalue())
