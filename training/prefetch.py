"""Batches made ahead, in processes of their own, while the network learns from the one before.

    batches = Prefetch(lambda rng: batcher.make(rng.integers(0, 900, 64), rng), seed=[0], workers=3)
    first, second = batches(), batches()
    batches.close()

Batch ``k`` is drawn from the seed and ``k`` alone: any number of workers gives the same batches in
the same order.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

Make = Callable[[np.random.Generator], Iterable[Tensor]]


class _Drawn(Dataset[Any]):
    """Batch ``k`` of an endless row."""

    def __init__(self, make: Make, seed: Sequence[int]) -> None:
        self._make, self._seed = make, list(seed)

    def __getitem__(self, k: int) -> Iterable[Tensor]:
        return self._make(np.random.default_rng([*self._seed, k]))


class Prefetch:
    """Calls ``make`` in other processes; being called gives the next batch.

    Args:
        make: A batch's tensors, on the processor, from a generator. It runs in copies of this
            process as it is at the first batch, and never touches a GPU.
        seed: What batches are drawn from.
        workers: Processes, at least one.
        depth: Batches that each process keeps ready.
        pinned: Put them where a GPU fetches them fastest.

    Raises:
        ValueError: If this system can't copy a process.
    """

    def __init__(
        self,
        make: Make,
        *,
        seed: Sequence[int],
        workers: int,
        depth: int = 4,
        pinned: bool = False,
    ) -> None:
        if "fork" not in multiprocessing.get_all_start_methods():
            raise ValueError(
                f"--makers {workers} needs a system that can fork a process, which this one can't: "
                "use --makers 0."
            )
        self._loader: DataLoader[Any] = DataLoader(
            _Drawn(make, seed),
            batch_size=None,
            sampler=itertools.count(),
            num_workers=workers,
            prefetch_factor=depth,
            pin_memory=pinned,
            # What they draw from is too large to be sent to each of them.
            multiprocessing_context="fork",
        )
        self._batches: Iterator[Iterable[Tensor]] | None = None

    def __call__(self) -> Iterable[Tensor]:
        """The next batch."""
        if self._batches is None:
            self._batches = iter(self._loader)
        return next(self._batches)

    def close(self) -> None:
        """Ends the processes; the next batch would be the first again."""
        self._batches = None
