"""How fast one process gets points from `run.log()` to where the server has them durable. Prints JSON.

    DESCENT_URL=… DESCENT_API_KEY=… python workers/sdk/tests/bench_durable.py [--steps 100000] [--project bench]

Each step has 20 keys. The clock runs from the first call until `finish()` has heard that the server has everything.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

KEYS = 20


def main() -> None:
    """Log, finish, and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000, help="how many steps of 20 keys")
    parser.add_argument("--project", default="bench")
    parser.add_argument("--experiment", default="unstaged")
    options = parser.parse_args()
    import descent

    with tempfile.TemporaryDirectory() as folder:
        os.environ["DESCENT_SPOOL_DIR"] = folder
        run = descent.init(project=options.project, experiment=options.experiment)
        time.sleep(1.0)
        begin = time.perf_counter()
        for step in range(options.steps):
            run.log({"train/key_%d" % key: step * 0.5 + key for key in range(KEYS)}, step=step)
        logged = time.perf_counter() - begin
        complete = run.finish(timeout=120)
        took = time.perf_counter() - begin
    points = options.steps * KEYS
    print(
        json.dumps(
            {
                "points": points,
                "complete": complete,
                "logged_s": round(logged, 3),
                "durable_s": round(took, 3),
                "points_per_s": round(points / took),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
