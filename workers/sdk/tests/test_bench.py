"""The cost of log() is printed, not judged: a busy machine must not fail the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from support import SdkTest


class Bench(SdkTest):
    def test_the_bench_prints_its_figures_as_json(self) -> None:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench_log.py")
        command = [sys.executable, script, "--calls", "2000"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=True)
        result = json.loads(done.stdout)
        self.assertEqual(result["calls"], 2000)
        sys.__stdout__.write("log() of 20 keys: median %.2f us\n" % result["log"]["median_us"])
