"""Points travel in binary unless somebody asks for JSON, and a spool may hold both."""

from __future__ import annotations

import json
import os

from support import SdkTest, expected_points, log_steps, wait_until

from descent.binary_batch import CONTENT_TYPE, decode_batch
from descent.spool import open_spool
from descent.sync import sync_path
from fake_server import FakeServer, problem


def content_types(server: FakeServer, path: str = "metrics") -> set:
    return {headers["content-type"] for _, _, headers, _ in server.sent("POST .*/" + path)}


class Wire(SdkTest):
    def test_points_and_telemetry_travel_in_binary_lines_and_calls_in_json(self) -> None:
        with self.server() as server:
            run = self.start()
            sampler = run._collector._sampler
            assert sampler is not None
            sampler._due = 0.0
            run._collector.lines.append((1.0, 1, "hello"))
            log_steps(run, 20)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(20))
        self.assertTrue(server.points("telemetry"))
        self.assertEqual([content_types(server, kind) for kind in ("metrics", "telemetry")], [{CONTENT_TYPE}] * 2)
        self.assertEqual([content_types(server, kind) for kind in ("logs", "attempts")], [{"application/json"}] * 2)

    def test_json_is_sent_when_an_argument_or_the_environment_says_so(self) -> None:
        for options, variable in (({"wire": "json"}, None), ({}, "json"), ({"wire": "binary"}, "json")):
            with self.subTest(options=options, variable=variable), self.server() as server:
                os.environ.pop("DESCENT_WIRE", None)
                if variable:
                    os.environ["DESCENT_WIRE"] = variable
                run = self.start(**options)
                log_steps(run, 5)
                run.log({"odd": float("nan")}, step=5)
                self.assertTrue(run.finish())
                self.assertEqual(server.points(), {**expected_points(5), ("odd", 5): "NaN"})
                self.assertEqual(content_types(server), {"application/json"})

    def test_another_word_is_named_and_binary_is_sent(self) -> None:
        with self.server() as server:
            run = self.start(wire="xml")
            log_steps(run, 1)
            self.assertTrue(run.finish())
        self.assertIn("neither binary nor json", self.said.getvalue())
        self.assertEqual(content_types(server), {CONTENT_TYPE})

    def test_a_spool_with_records_of_both_kinds_and_of_earlier_versions_is_sent_whole(self) -> None:
        self.offline()
        run = self.start()
        log_steps(run, 3)
        run.finish(timeout=0)
        (folder,) = self.spools()
        spool = open_spool(folder)
        # As versions before the binary form wrote them: no word on the wire.
        old = {"groups": [{"step": [3], "t": [1], "m": {"m0": [30.0], "m1": [31.0]}}]}
        self.assertTrue(spool.append("metrics", {"points": 2}, json.dumps(old).encode()))
        spool.close()
        with self.server() as server:
            self.assertEqual(sync_path(folder, server.url), 0)
        self.assertEqual(server.points(), expected_points(4))
        sent = [(headers["content-type"], body[:4] == b"DSM1") for _, _, headers, body in server.sent("POST .*/metrics")]
        self.assertEqual(sent, [(CONTENT_TYPE, True), ("application/json", False)])

    def test_a_server_that_takes_no_binary_gets_the_same_points_as_json_from_then_on(self) -> None:
        with self.server() as server:
            server.fail("POST .*/metrics", (415, problem(415, "unsupported_media", "no")[1]), 1)
            run = self.start()
            log_steps(run, 5)
            self.assertTrue(wait_until(lambda: len(server.points()) == 10))
            log_steps(run, 10, begin=5)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(10))
        sent = [(headers["x-seq"], headers["content-type"]) for _, _, headers, _ in server.sent("POST .*/metrics")]
        self.assertEqual(sent[:2], [("1", CONTENT_TYPE), ("1", "application/json")])
        self.assertEqual({kind for _, kind in sent[1:]}, {"application/json"})

    def test_what_is_put_aside_can_be_read(self) -> None:
        with self.server() as server:
            server.fail("POST .*/metrics", (400, problem(400, "invalid_request", "no")[1]), 1)
            run = self.start()
            run.log({"a": 1.0, "b": float("-inf")}, step=4)
            run.finish()
            body = server.sent("POST .*/metrics")[0][3]
        (folder,) = self.spools()
        with open(os.path.join(folder, "dead-letter.jsonl"), encoding="utf-8") as file:
            (letter,) = [json.loads(line, parse_constant=self.fail) for line in file]
        (group,) = letter["record"]["groups"]
        self.assertEqual(group["m"], {"a": [1.0], "b": ["-Infinity"]})
        self.assertEqual((group["step"], group["t"]), ([4], decode_batch(body)[0]["t"]))

    def test_values_that_only_convert_slowly_are_the_same_numbers(self) -> None:
        class Scalar:
            def __float__(self) -> float:
                return 2.5

        with self.server() as server:
            run = self.start()
            run.log({"a": 1.0, "b": 2.0}, step=0)
            run.log({"a": Scalar(), "b": True}, step=1)
            run.log({"a": "no", "b": 4}, step=2)
            run.log({"a": 10**400, "b": 5}, step=3)
            run.log({"a": {"c": 1}, "b": 6}, step=4)
            self.assertTrue(run.finish())
        expected = {("a", 0): 1.0, ("b", 0): 2.0, ("a", 1): 2.5, ("b", 1): 1.0, ("b", 2): 4.0, ("b", 3): 5.0}
        self.assertEqual(server.points(), {**expected, ("a/c", 4): 1.0, ("b", 4): 6.0})
