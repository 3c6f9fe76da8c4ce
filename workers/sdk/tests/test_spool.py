"""The spool survives kills, cuts, flipped bytes and full disks, and is sent later exactly once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from unittest import mock

from support import SDK, SdkTest, expected_points, log_steps, only, wait_until

from descent import spool as spool_module
from descent.__main__ import main
from descent.lane import Lane
from descent.spool import create_spool, open_spool, remove_expired
from descent.sync import sync_path

META = {"version": 1, "id": "m", "url": "http://127.0.0.1:9", "project": "p", "run": "r"}
META["streams"] = {name: "s-" + name for name in ("metrics", "logs", "telemetry")}  # type: ignore[assignment]

TRAINER = """
import sys, time
sys.path.insert(0, %r)
import descent
run = descent.init(project="p", experiment="e", stage="base")
for step in range(100000):
    run.log({"m0": step * 10.0, "m1": step * 10.0 + 1}, step=step)
    if step == 200:
        print("ready", flush=True)
    time.sleep(0.001)
"""


class Later(SdkTest):
    def test_a_run_without_a_server_is_sent_later_and_a_second_time_writes_nothing(self) -> None:
        self.offline()
        run = self.start(experiment="e", stage="base")
        log_steps(run, 100)
        checkpoint = run.log_checkpoint(self.write("ck/m.bin", b"w" * 1500), step=99)
        run.log_eval("suite", score=0.5, n=10, checkpoint=checkpoint)
        shutil.rmtree(os.path.join(self.folder, "ck"))
        self.assertFalse(run.finish(timeout=0.1))
        self.assertIsNone(checkpoint.id)
        (spool,) = self.spools()
        copy = os.path.join(self.folder, "copy")
        shutil.copytree(spool, copy)
        with self.server() as server:
            self.assertEqual(main(["sync", self.spool_root, "--url", server.url]), 0)
            self.assertEqual(server.points(), expected_points(100))
            self.assertEqual((len(server.checkpoints), len(server.evaluations)), (1, 1))
            self.assertEqual(only(server.runs)["finished"][0]["reason"], "finished")
            self.assertEqual(server.experiments["e"], {"stage": "pretrain", "root": {"kind": "random_init"}})
            self.assertEqual(self.spools(), [])
            writes = server.writes
            self.assertEqual(main(["sync", self.spool_root, "--url", server.url]), 0)
            self.assertEqual(sync_path(copy, server.url), 0)
            self.assertEqual((server.writes, os.path.exists(copy)), (writes, False))

    def test_a_sync_that_was_cut_goes_on(self) -> None:
        self.offline()
        run = self.start()
        log_steps(run, 50)
        run.finish(timeout=0)
        with self.server() as server:
            server.fail("POST .*/metrics", (503, {}), 1000)
            self.assertEqual(sync_path(self.spool_root, server.url, give_up_s=0.2), 1)
            self.assertEqual(len(self.spools()), 1)
            server.faults.clear()
            self.assertEqual(sync_path(self.spool_root, server.url), 0)
        self.assertEqual(server.points(), expected_points(50))
        self.assertEqual(len(only(server.runs)["attempts"]), 1)

    def test_the_server_comes_back_during_the_run(self) -> None:
        with FakePort() as port:
            os.environ["DESCENT_URL"] = "http://127.0.0.1:%d" % port
            run = self.start()
            log_steps(run, 20)
            time.sleep(0.3)
            with self.server(port) as server:
                self.assertTrue(wait_until(lambda: len(server.points()) == 40))
                self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(20))

    def test_a_killed_process_loses_nothing_that_was_spooled(self) -> None:
        self.offline()
        trainer = subprocess.Popen(
            [sys.executable, "-c", TRAINER % SDK], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ)
        )
        try:
            assert trainer.stdout is not None
            self.assertEqual(trainer.stdout.readline(), b"ready\n")
            time.sleep(1.3)
            (spool,) = self.spools()
            self.assertFalse(sync_path(spool) == 0, "a spool in use is not sent by another process")
        finally:
            os.kill(trainer.pid, signal.SIGKILL)
            trainer.wait()
            trainer.stdout.close()
        with self.server() as server:
            self.assertEqual(sync_path(self.spool_root, server.url), 0)
        steps = {step for _, step in server.points()}
        self.assertGreaterEqual(len(steps), 200)
        self.assertEqual(server.points(), expected_points(len(steps)))
        self.assertEqual(self.spools(), [])

    def test_the_spool_is_private_and_holds_no_credential(self) -> None:
        os.environ["DESCENT_API_KEY"] = "dsc_ing-" + "a1B2" * 10
        self.offline()
        run = self.start(config={"key_in_text": os.environ["DESCENT_API_KEY"]})
        log_steps(run, 5)
        run.finish(timeout=0)
        (spool,) = self.spools()
        self.assertEqual(stat.S_IMODE(os.stat(spool).st_mode), 0o700)
        for folder, _, names in os.walk(spool):
            for name in names:
                path = os.path.join(folder, name)
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600, name)
                with open(path, "rb") as file:
                    self.assertNotIn(b"a1B2a1B2", file.read(), name)

    def test_old_spools_are_removed_and_young_ones_kept(self) -> None:
        old, young = create_spool(self.spool_root, dict(META)), create_spool(self.spool_root, dict(META))
        for spool in (old, young):
            spool.append("metrics", {}, b"{}")
            spool.close()
        past = time.time() - 15 * 86400
        for name in os.listdir(old.folder):
            os.utime(os.path.join(old.folder, name), (past, past))
        remove_expired(self.spool_root, time.time())
        self.assertEqual(self.spools(), [young.folder])


class Damage(SdkTest):
    def spooled(self, batches: int) -> str:
        """A closed spool with `batches` records on the metrics lane, below the test's folder."""
        spool = create_spool(self.spool_root, dict(META))
        for number in range(batches):
            spool.append("metrics", {}, b"%d" % number * 20)
        spool.close()
        return spool.folder

    def bodies(self, folder: str) -> "tuple[list, Lane]":
        """All bodies that can be read, and the lane."""
        spool = open_spool(folder)
        lane, found = spool.lanes["metrics"], []
        while True:
            record = lane.peek()
            if record is None:
                break
            found.append(record.body)
            lane.ack(record)
        spool._lock_file.close()
        return found, lane

    def segment(self, folder: str) -> str:
        (name,) = [name for name in os.listdir(folder) if name.startswith("metrics-")]
        return os.path.join(folder, name)

    def test_a_cut_anywhere_costs_only_the_record_it_cuts(self) -> None:
        whole = self.spooled(6)
        size = os.path.getsize(self.segment(whole))
        block = size // 6
        for cut in sorted({*range(size - 64, size), *random.Random(7).sample(range(size), 64), 0, 1}):
            folder = os.path.join(self.folder, "cut-%d" % cut)
            shutil.copytree(whole, folder)
            os.truncate(self.segment(folder), cut)
            found, lane = self.bodies(folder)
            self.assertEqual(found, [b"%d" % number * 20 for number in range(cut // block)], cut)
            self.assertEqual(lane.damaged, 0, cut)

    def test_after_a_cut_the_spool_goes_on_in_a_new_segment(self) -> None:
        folder = self.spooled(3)
        os.truncate(self.segment(folder), os.path.getsize(self.segment(folder)) - 5)
        spool = open_spool(folder)
        self.assertTrue(spool.append("metrics", {}, b"after"))
        spool.close()
        found, _ = self.bodies(folder)
        self.assertEqual(found, [b"0" * 20, b"1" * 20, b"after"])

    def test_one_flipped_byte_costs_one_record_and_is_counted(self) -> None:
        whole = self.spooled(5)
        size = os.path.getsize(self.segment(whole))
        for offset in random.Random(11).sample(range(size), 80):
            folder = os.path.join(self.folder, "flip-%d" % offset)
            shutil.copytree(whole, folder)
            with open(self.segment(folder), "r+b") as file:
                file.seek(offset)
                byte = file.read(1)[0]
                file.seek(offset)
                file.write(bytes([byte ^ 0x40]))
            found, lane = self.bodies(folder)
            hit = offset // (size // 5)
            self.assertEqual(found, [b"%d" % n * 20 for n in range(5) if n != hit], offset)
            self.assertEqual((lane.damaged, lane.holes), (1, 1 if 0 < hit < 4 else lane.holes), offset)

    def test_a_damaged_spool_is_sent_without_the_record_and_the_run_ends(self) -> None:
        self.offline()
        run = self.start()
        for begin in range(0, 300, 100):
            log_steps(run, begin + 100, begin=begin)
            self.assertTrue(wait_until(lambda n=begin: run._spool.lanes["metrics"].last_seq > n // 100))
        run.finish(timeout=0)
        (folder,) = self.spools()
        path = self.segment(folder)
        with open(path, "r+b") as file:
            file.seek(os.path.getsize(path) // 2)
            file.write(b"!!")
        with self.server() as server:
            self.assertEqual(sync_path(folder, server.url), 0)
        self.assertLess(len(server.points()), 600)
        self.assertGreaterEqual(len(server.points()), 300)
        self.assertNotIn("streams", only(server.runs)["finished"][0])
        self.assertIn("1 damaged blocks", self.said.getvalue())


class Full(SdkTest):
    def test_telemetry_goes_first_then_logs_and_metrics_last(self) -> None:
        with mock.patch("descent.lane.SEGMENT_BYTES", 1000):
            spool = create_spool(self.spool_root, dict(META), bytes_max=12_000)
            body = b"x" * 400
            for lane in ("telemetry", "logs", "metrics"):
                for _ in range(8):
                    self.assertTrue(spool.append(lane, {}, body))
            dropped = []
            for _ in range(60):
                spool.append("metrics", {}, body)
                dropped.append((spool.dropped["telemetry"], spool.dropped["logs"], spool.dropped["metrics"]))
            self.assertLessEqual(spool.bytes(), 12_000)
            for telemetry, logs, metrics in dropped:
                self.assertTrue(logs == 0 or telemetry >= 8 - 3)
                self.assertTrue(metrics == 0 or (telemetry, logs) == (8, 8))
            self.assertGreater(spool.dropped["metrics"], 0)
            lane = spool.lanes["metrics"]
            seqs = []
            while True:
                record = lane.peek()
                if record is None:
                    break
                seqs.append(record.head["seq"])
                lane.ack(record, record.head["seq"])
            self.assertEqual(seqs, list(range(1, len(seqs) + 1)), "what is dropped leaves no hole among the metrics")
            self.assertTrue(spool.append("metrics", {}, body), "there is room again")

    def test_a_disk_that_refuses_writes_does_not_stop_training_and_recovers(self) -> None:
        real = os.write
        full = {"now": False}

        def write(descriptor: int, data: bytes) -> int:
            if full["now"]:
                raise OSError(28, "No space left on device")
            return real(descriptor, data)

        self.offline()
        with mock.patch("descent.lane.os.write", write):
            run = self.start()
            log_steps(run, 10)
            time.sleep(0.5)
            full["now"] = True
            log_steps(run, 20, begin=10)
            time.sleep(0.5)
            self.assertGreater(run._spool.lanes["metrics"].waiting, 0)
            full["now"] = False
            log_steps(run, 30, begin=20)
            run.finish(timeout=0)
        with self.server() as server:
            self.assertEqual(sync_path(self.spool_root, server.url), 0)
        self.assertEqual(server.points(), expected_points(30))

    def test_a_folder_that_cannot_be_made_is_replaced_by_the_temporary_one(self) -> None:
        os.environ["DESCENT_SPOOL_DIR"] = os.path.join(self.write("file", b""), "below")
        with mock.patch("tempfile.gettempdir", lambda: self.folder), self.server() as server:
            run = self.start()
            log_steps(run, 2)
            self.assertTrue(run.finish())
        self.assertEqual(server.points(), expected_points(2))
        self.assertEqual(spool_module.SPOOL_BYTES_MAX, 500 * 1024 * 1024)


class FakePort:
    """A port that is free now, from the range of these tests."""

    def __enter__(self) -> int:
        import socket

        for port in range(17600, 17650):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)):
                    return port
        raise OSError("no free port")

    def __exit__(self, *error: object) -> None:
        """Nothing is held."""
