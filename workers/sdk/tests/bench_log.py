"""What `run.log()` of 20 keys costs the training thread, beside the plainest queue. Prints JSON.

    python workers/sdk/tests/bench_log.py [--calls 20000] [--rate 2000]

The server is away, so that the threads behind do everything they can: spool, sync, try to send. Calls come at `--rate`
per second, as training does, and each is timed by itself; the clock's own cost is subtracted.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import timeit
from typing import Any, Callable, Dict, List

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

TARGET_US = 5.0


def time_calls(call: Callable[[int], Any], calls: int, rate: int) -> List[int]:
    """Nanoseconds of each of `calls` calls at `rate` calls per second, sorted."""
    taken = []
    begin = time.perf_counter()
    for number in range(calls):
        while time.perf_counter() - begin < number / rate:
            time.sleep(0.0002)
        before = time.perf_counter_ns()
        call(number)
        taken.append(time.perf_counter_ns() - before)
    return sorted(taken)


def summary(taken: List[int], clock_ns: float) -> Dict[str, float]:
    """Median, 90 and 99 percent, and the worst, in microseconds."""
    micros = [round(max(0.0, value - clock_ns) / 1000, 3) for value in taken]
    last = len(micros) - 1
    return {
        "median_us": statistics.median(micros),
        "p90_us": micros[int(last * 0.9)],
        "p99_us": micros[int(last * 0.99)],
        "max_us": micros[last],
    }


def main() -> None:
    """Measure and print one line of JSON; the medians are of paced calls, whose caches are cold as in training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20_000, help="how many calls are timed")
    parser.add_argument("--rate", type=int, default=2_000, help="calls per second")
    options = parser.parse_args()
    import descent

    os.environ.update(DESCENT_URL="http://127.0.0.1:9", DESCENT_API_KEY="none")
    metrics = {"group/metric_%d" % number: number * 1.5 for number in range(20)}
    queue: "collections.deque[Any]" = collections.deque(maxlen=1000)
    clock_ns = statistics.median(time_calls(lambda number: None, 5_000, 50_000))
    plainest = time_calls(lambda number: queue.append(metrics), options.calls, options.rate)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DESCENT_SPOOL_DIR"] = folder
        run = descent.init(project="bench", experiment="bench")
        time.sleep(1.0)
        logged = time_calls(lambda number: run.log(metrics, step=number), options.calls, options.rate)
        tight = min(timeit.repeat(lambda: run.log(metrics, step=1), number=2_000, repeat=10)) / 2_000
        run.finish(timeout=0)
    result = {
        "name": "sdk log() of 20 keys",
        "calls": options.calls,
        "rate_per_s": options.rate,
        "log": summary(logged, clock_ns),
        "log_back_to_back_us": round(tight * 1e6, 3),
        "plainest_queue": summary(plainest, clock_ns),
        "target_median_us": TARGET_US,
        "pass": summary(logged, clock_ns)["median_us"] <= TARGET_US,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
