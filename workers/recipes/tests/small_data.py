"""A data set of the made-up language that is small enough to train on in a test."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from parts.dataset import write_dataset
from parts.items import QUICK, build_rows
from parts.synthetic import synthetic_sources

SIZES = replace(QUICK, general_kb=120, domain_kb=60, facts=24, fact_repeats=2, heldout_documents=6)


def small_rows() -> dict[str, list[dict]]:
    """The rows of the data set, built afresh."""
    return build_rows(synthetic_sources(words=1500, documents=80), SIZES)


@cache
def small_dataset() -> Path:
    """The folder of the data set; made once per process and left to the system's cleaning."""
    folder = Path(tempfile.mkdtemp(prefix="recipes-data-")) / "data"
    write_dataset(folder, "synthetic-lifecycle@1", small_rows(), origins=[])
    return folder
