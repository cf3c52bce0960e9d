"""What is kept of the default policy's answers, in plain arrays: for learning, and for pipes.

Importing it costs nothing: a process that only plays a household needs no torch.

Legend of shapes: T tokens of prompt and answer together, A of them the answer's; P vision tokens of
V values; F of what a word finds in a picture; M tokens of the learned memory, of D values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from policies.cimr.language.understanding import Understanding

Refused = frozenset[tuple[str, str | None]]


@dataclass(frozen=True, eq=False)
class KeptEpisode:
    """The policy's own state of a running episode.

    Attributes:
        memory: (1, M, D) learned memory; None before the first step, or without one.
        view: (1, V) mean vision tokens of the last step's frame; None likewise.
        understanding: What it made of the instruction.
    """

    memory: np.ndarray | None
    view: np.ndarray | None
    understanding: Understanding | None = None


@dataclass(frozen=True, eq=False)
class Answered:
    """One answer, with all that its probability rests on but the network's weights.

    Attributes:
        prompt_ids: Of the prompt.
        completion_ids: (A,) of the answer, without its end.
        per_token_logps: (A,) log-probability of each among the tokens that were allowed there.
        refused: Verbs and targets that were forbidden.
        events: (SLOTS, COLUMNS) int16 memory events.
        tokens: (P, V) float32 vision tokens before the projector.
        found: (T, F) float32 what each token finds in the picture.
        recalls: The learned memory took in the step before when this was asked.
        after: The policy's state once it was asked; None where nobody asked for it.
    """

    prompt_ids: tuple[int, ...]
    completion_ids: tuple[int, ...]
    per_token_logps: tuple[float, ...]
    refused: Refused
    events: np.ndarray
    tokens: np.ndarray
    found: np.ndarray
    recalls: bool = False
    after: KeptEpisode | None = None
