"""Settings of every test: no network, no window, the same examples each time."""

from __future__ import annotations

import gc
import os

from hypothesis import settings

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["MPLBACKEND"] = "Agg"
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("repeatable")

# Thousands of tests and syntax trees are made, and stay: Python's usual search for what has gone
# after every 700 objects takes as long as parsing them.
gc.set_threshold(50_000, 10, 10)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: nobody needs to look whether they have gone."""
    gc.freeze()
