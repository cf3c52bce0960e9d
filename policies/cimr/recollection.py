"""The learned memory of one running episode: its tokens, brought up to date once a step."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from policies.base import Context
from policies.cimr.memory_events import slots_of
from policies.cimr.model import CimrLlava
from policies.cimr.recurrent_memory import NEWS

# So many looks around in a row are taken in; training has no longer ones.
LOOKS = 7


def news_of(events: np.ndarray) -> np.ndarray:
    """What a step brought (..., NEWS, COLUMNS), of the events (..., SLOTS, COLUMNS) after it."""
    past, notes = slots_of("past"), slots_of("notes")
    rows = [past.start, *range(notes.start, notes.start + NEWS - 1)]
    return events[..., rows, :]


class Recollection:
    """Keeps the learned memory from step to step.

    Args:
        model: With ``recurrent_memory``; without one every answer is the context as it is.

    Attributes:
        took: At the last call it took in the step before.
    """

    def __init__(self, model: CimrLlava) -> None:
        self.model = model
        self.begin()

    def begin(self) -> None:
        """Forgets everything: an episode begins."""
        self._memory: Tensor | None = None
        self._view: Tensor | None = None
        self.took = False

    def kept(self) -> tuple[Tensor | None, Tensor | None]:
        """Memory (1, M, D) and last view (1, V) of the running episode, for ``resume``."""
        return self._memory, self._view

    def resume(self, memory: Tensor | None, view: Tensor | None) -> None:
        """Goes back to what was kept."""
        self._memory, self._view = memory, view
        self.took = False

    def join(self, encoded: Tensor, tokens: Tensor, events: np.ndarray, context: Context) -> Tensor:
        """The context (1, K, D) with the learned tokens behind it.

        Args:
            encoded: The context's events, encoded.
            tokens: (1, N, V) vision tokens of the present frame, before the projector.
            events: (SLOTS, COLUMNS) the context's events.
            context: Says whether a step has passed since the last call.
        """
        self.took = False
        if not self.model.has_learned_memory:
            return encoded
        part = self.model.recurrent_memory
        if self._memory is None:
            self._memory = part.begin(1)
        if context.round == 1:
            if self._view is not None and context.history and not _looks_on(context):
                told = self.model.encode_news(torch.from_numpy(news_of(events))[None])
                self._memory = part.update(self._memory, part.news(self._view, told))
                self.took = True
            self._view = tokens.mean(1)
        return torch.cat([encoded, part.tokens(self._memory)], 1)


def _looks_on(context: Context) -> bool:
    last = context.history[-LOOKS - 1 :]
    return len(last) > LOOKS and all(step.action == "look around" for step in last)
