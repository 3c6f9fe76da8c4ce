"""A server that fails, refuses or is hostile costs no point and never stops training."""

from __future__ import annotations

import json
import os
import time
from unittest import mock

from support import SdkTest, expected_points, log_steps, only, wait_until

from descent import client, courier
from descent.client import Answer
from descent.retry import action_for, backoff_s, retry_after_s
from descent.sync import sync_path
from fake_server import FakeServer, problem


class UnknownOutcomes(SdkTest):
    def test_lost_answers_invalid_json_and_500s_are_answered_by_the_same_bytes(self) -> None:
        with self.server() as server:
            server.fail("POST .*/metrics", "lost", 2)
            server.fail("POST .*/metrics", "invalid", 1)
            server.fail("POST .*/metrics", (500, {}), 2)
            server.fail("POST .*/metrics", (503, problem(503, "draining", "")[1]), 1)
            server.fail("POST .*/(attempts|checkpoints|artifacts|finish)", "lost", 4)
            server.fail("PUT .*", "drop", 3)
            run = self.start()
            log_steps(run, 30)
            checkpoint = run.log_checkpoint(self.write("m.bin", b"x" * 2500), step=29)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(30))
        bodies = {}
        for _, _, headers, body in server.sent("POST .*/metrics"):
            bodies.setdefault(headers["x-seq"], set()).add(body)
        self.assertTrue(all(len(variants) == 1 for variants in bodies.values()))
        state = only(server.runs)
        self.assertEqual((len(state["attempts"]), len(state["finished"])), (1, 1))
        self.assertEqual(list(server.checkpoints), [checkpoint.id])

    def test_too_many_requests_slow_down_their_own_category_only(self) -> None:
        with self.server() as server:
            server.fail("POST .*/logs", (429, problem(429, "rate_limited", "")[1], {"Retry-After": "99999999"}), 1)
            run = self.start()
            run._collector.lines.append((time.time(), 1, "hello"))
            log_steps(run, 5)
            self.assertTrue(wait_until(lambda: len(server.points()) == 10))
            self.assertFalse(run.finish(timeout=0.5))
        self.assertEqual(server.points(), expected_points(5))

    def test_a_gap_is_sent_again_from_expected_seq(self) -> None:
        with self.server() as server:
            run = self.start()
            for begin in (0, 10, 20):
                log_steps(run, begin + 10, begin=begin)
                self.assertTrue(wait_until(lambda begin=begin: len(server.points()) == (begin + 10) * 2))
            lost = sorted(server.batches)[1]
            del server.batches[lost]
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(30))
        self.assertIn("streams", only(server.runs)["finished"][0])

    def test_a_body_that_is_too_large_is_halved_down_to_one_record(self) -> None:
        with self.server() as server:
            run = self.start()
            wait_until(lambda: run._link.attempt_known.is_set())
            server.body_max = 300
            log_steps(run, 40)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(40))
        self.assertEqual(server.seqs(), list(range(1, len(server.seqs()) + 1)))

    def test_refused_records_are_put_aside_and_the_rest_goes_on(self) -> None:
        refusal = dict(problem(422, "cardinality_limit", "too many keys")[1], key="m1")
        with self.server() as server:
            server.fail("POST .*/metrics", (422, refusal), 1)
            server.fail("POST .*/inputs", (400, problem(400, "invalid_request", "no")[1]), 1)
            run = self.start()
            log_steps(run, 3)
            run.use("dataset:a@1")
            run.use("dataset:b@1")
            run.finish()
        self.assertEqual(server.points(), {k: v for k, v in expected_points(3).items() if k[0] == "m0"})
        self.assertEqual([item["name"] for item in server.inputs], ["b"])
        (spool,) = self.spools()
        with open(os.path.join(spool, "dead-letter.jsonl"), encoding="utf-8") as file:
            letters = [json.loads(line) for line in file]
        self.assertEqual(sorted(letter["what"] for letter in letters), ["input", "metric key"])
        self.assertIn("cardinality_limit", str(letters))

    def test_a_hole_that_no_copy_can_fill_does_not_keep_the_run_open(self) -> None:
        with self.server() as server:
            server.fail("POST .*/metrics", (400, problem(400, "invalid_request", "no")[1]), 1)
            run = self.start()
            log_steps(run, 3)
            run.finish()
        self.assertNotIn("streams", only(server.runs)["finished"][0])

    def test_a_refused_key_pauses_loudly_and_goes_on_with_a_new_one(self) -> None:
        with self.server() as server, mock.patch.object(courier, "PAUSE_S", 0.05):
            server.fail("POST .*/metrics", (401, problem(401, "unauthenticated", "expired")[1]), 3)
            run = self.start()
            log_steps(run, 4)
            self.assertTrue(wait_until(lambda: len(server.points()) == 8))
            self.assertTrue(run.finish())
        self.assertIn("REFUSES THIS CLIENT (401 unauthenticated expired", self.said.getvalue())

    def test_a_deleted_run_and_a_stale_fence_stop_sending_and_keep_the_file(self) -> None:
        deleted, stale = problem(410, "run_deleted", ""), problem(409, "stale_fence", "")
        for answer, stops in ((deleted, False), (stale, True)):
            with self.subTest(answer=answer[0]), self.server() as server:
                server.fail("POST .*/metrics", answer, 100)
                run = self.start()
                log_steps(run, 4)
                self.assertTrue(wait_until(lambda run=run: run._link.halted))
                self.assertEqual(run.stop_requested, stops)
                begin = time.monotonic()
                self.assertFalse(run.finish())
                self.assertLess(time.monotonic() - begin, 3)
                self.assertEqual(len(server.sent("POST .*/metrics")), 1)
        self.assertEqual(len(self.spools()), 2)

    def test_a_stage_that_the_server_refuses_leaves_a_run_without_stage(self) -> None:
        with self.server() as server:
            server.fail("PUT .*/experiments/", (422, problem(422, "unprocessable", "needs a parent")[1]), 1)
            run = self.start(experiment="orphan", stage="task")
            log_steps(run, 2)
            run.finish()
        body = only(server.runs)["body"]
        self.assertNotIn("experiment", body)
        self.assertIn("environment", body)
        self.assertEqual(server.points(), expected_points(2))
        self.assertIn("needs a parent", self.said.getvalue())

    def test_a_run_is_recorded_without_the_part_that_the_server_refuses(self) -> None:
        named = dict(problem(400, "invalid_request", "no")[1], errors=[{"pointer": "/tags/0", "message": "too long"}])
        with self.server() as server:
            server.fail("PUT .*/runs/", (400, named), 1)
            server.fail("PUT .*/runs/", (413, problem(413, "too_large", "no")[1]), 1)
            run = self.start(tags=["x" * 101], config={"lr": 1}, group="g")
            log_steps(run, 2)
            self.assertTrue(run.finish())
        self.assertEqual(sorted(only(server.runs)["body"]), ["config", "group", "kind"])

    def test_a_refusal_that_a_person_mends_is_judged_again_under_another_key(self) -> None:
        with self.server() as server, mock.patch.object(courier, "PAUSE_S", 0.02):
            server.fail("POST .*/checkpoints", (403, problem(403, "forbidden", "checkpoint:write")[1]), 2)
            run = self.start()
            checkpoint = run.log_checkpoint(self.write("m.bin", b"abc"), step=1)
            self.assertTrue(run.finish())
            keys = [headers["idempotency-key"] for _, _, headers, _ in server.sent("POST .*/checkpoints")]
        self.assertEqual((len(set(keys)), list(server.checkpoints)), (3, [checkpoint.id]))

    def test_a_key_that_may_not_make_projects_still_records(self) -> None:
        with self.server() as server:
            server.fail(r"PUT /projects/p$", (403, problem(403, "forbidden", "project:create")[1]), 1)
            run = self.start()
            log_steps(run, 2)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(2))


class HostileServers(SdkTest):
    def test_the_token_follows_no_redirect(self) -> None:
        with FakeServer() as other, self.server() as server, mock.patch.object(courier, "PAUSE_S", 0.05):
            server.fail(".*", (307, {}, {"Location": other.url + "/api/v1/x"}), 2)
            run = self.start()
            log_steps(run, 2)
            self.assertTrue(run.finish())
        self.assertEqual(other.requests, [])

    def test_an_endless_body_is_cut_and_a_slow_one_too(self) -> None:
        with self.server() as server, mock.patch.object(client, "ANSWER_BYTES_MAX", 200_000):
            server.fail("POST .*/metrics", "endless", 1)
            run = self.start()
            log_steps(run, 2)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(2))

    def test_an_answer_that_never_comes_is_cut_at_the_deadline(self) -> None:
        import socket

        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            silent = client.Client("http://127.0.0.1:%d" % listener.getsockname()[1], timeout_s=0.2)
            import threading

            def watch() -> None:
                for _ in range(40):
                    time.sleep(0.05)
                    silent.expire()

            watcher = threading.Thread(target=watch, daemon=True)
            watcher.start()
            begin = time.monotonic()
            self.assertEqual(silent.request("GET", "/x").status, 0)
            self.assertLess(time.monotonic() - begin, 1.5)
            silent.close()

    def test_absurd_uploads_are_refused_and_named(self) -> None:
        absurd = (
            {"id": "../../etc", "part_size": 1000, "parts": 1},
            {"id": "ok", "part_size": 10**12, "parts": 1},
            {"id": "ok", "part_size": 1, "parts": 10**9},
            {"id": "ok", "part_size": 0, "parts": 0},
            {"id": None},
        )
        with self.server() as server:
            run = self.start()
            wait_until(lambda: run._link.attempt_known.is_set())
            handles = []
            for number, upload in enumerate(absurd):
                server.fail("POST .*/artifacts", (201, {"status": "upload", "id": "a", "upload": upload}), 1)
                handles.append(run.log_checkpoint(self.write("f%d" % number, b"abc%d" % number), step=number))
            run.finish()
        self.assertEqual([handle.id for handle in handles], [None] * 5)
        self.assertTrue(all(handle.error for handle in handles))
        self.assertEqual(server.sent("PUT /uploads"), [])

    def test_a_run_page_with_terminal_escapes_is_not_printed(self) -> None:
        with self.server() as server:
            server.fail("PUT .*/runs/", (201, {"uid": "x", "number": 1, "url": "/\x1b]0;owned\x07"}), 1)
            server.fail("POST .*/attempts", (201, {"attempt": 1}), 1)
            run = self.start()
            wait_until(lambda: "run 1" in self.said.getvalue())
            run.finish(timeout=0)
        self.assertIn("run 1\n", self.said.getvalue())
        self.assertNotIn("\x1b", self.said.getvalue())

    def test_an_interrupted_upload_goes_on_with_the_parts_that_lack(self) -> None:
        with self.server() as server:
            server.fail("PUT /uploads/.*/parts/3", (503, {}), 2)
            server.fail("POST /uploads/.*/complete", (404, problem(404, "not_found", "swept")[1]), 1)
            run = self.start()
            checkpoint = run.log_checkpoint(self.write("m.bin", os.urandom(4500)), step=1)
            self.assertTrue(run.finish())
        self.assertIsNotNone(checkpoint.id)

    def test_a_file_that_changed_is_not_sent_as_what_it_was(self) -> None:
        with self.server() as server, mock.patch("os.link", side_effect=OSError):
            server.fail("PUT /projects", (503, {}), 3)
            run = self.start()
            path = self.write("m.bin", b"old")
            checkpoint = run.log_checkpoint(path, step=1)
            self.write("m.bin", b"newer")
            run.finish()
        self.assertIn("changed", checkpoint.error or "")
        self.assertEqual(server.checkpoints, {})


class Rules(SdkTest):
    def test_each_answer_has_one_reaction(self) -> None:
        cases = [
            (0, "", "retry"), (200, "", "ok"), (201, "", "ok"), (302, "", "pause"), (400, "invalid_request", "refused"),
            (401, "unauthenticated", "pause"), (403, "forbidden", "pause"), (404, "not_found", "stop"), (408, "", "retry"),
            (409, "stream_gap", "gap"), (409, "stale_fence", "stale"), (409, "idempotency_in_flight", "retry"),
            (409, "conflict", "refused"), (410, "run_deleted", "stop"), (413, "too_large", "halve"),
            (415, "unsupported_media", "refused"), (421, "wrong_host", "pause"), (422, "unprocessable", "refused"),
            (425, "", "retry"), (426, "protocol_too_old", "pause"), (429, "overloaded", "retry"), (500, "", "retry"),
            (503, "draining", "retry"), (507, "storage_full", "retry"),
        ]  # fmt: skip
        for status, code, action in cases:
            self.assertEqual(action_for(Answer(status, {"code": code})), action, (status, code))

    def test_waits_are_jittered_and_bounded(self) -> None:
        mock.patch.stopall()
        with mock.patch("descent.retry.BACKOFF_FIRST_S", 0.5):
            self.assertEqual([backoff_s(n, None, 1.0) for n in (0, 1, 2, 7, 99)], [0.5, 1.0, 2.0, 60.0, 60.0])
            self.assertEqual(backoff_s(3, None, 0.0), 0.0)
            self.assertEqual(backoff_s(0, "7", 0.5), 7.0)
        waits = [retry_after_s(h) for h in (None, "3", "1e99", "inf", "nan", "-4", "soon", "Wed, 21 Oct 2026 07:28:00 GMT")]
        self.assertEqual(waits, [0, 3, 300, 300, 0, 0, 0, 0])

    def test_a_wrong_address_records_nothing_and_says_so(self) -> None:
        os.environ["DESCENT_URL"] = "ftp://example"
        run = self.start()
        log_steps(run, 2)
        self.assertTrue(run.finish())
        self.assertIn("ftp://example", self.said.getvalue())
        self.assertEqual(sync_path(os.path.join(self.folder, "nowhere")), 2)
