"""What the expert is told of the environment it acts in: the truth, which no other policy sees."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

from envs.observations import Segmentation
from envs.tasks.base import Task
from envs.tasks.goals import State
from envs.tasks.history import History


class SkillRecord(Protocol):
    """What the skills have seen and done this episode.

    Attributes:
        view: Which object each pixel shows now.
        seen: Ids of objects seen.
        visited: Ids gone to, and how often.
        missed: Ids to which no way was found, and how often.
        at: Id of what was gone to last, or empty.
        meant: Id that the next ``goto`` of its type is to; the expert sets it.
    """

    view: Segmentation
    seen: set[str]
    visited: Counter[str]
    missed: Counter[str]
    at: str
    meant: str

    @property
    def rounds(self) -> int:
        """How often all tops and seats were looked at."""

    @property
    def honest(self) -> bool:
        """Whether a walk to a loose object has to say where it was seen."""

    def expected(self, target: str) -> str:
        """Id of what is gone to first for a type, of what was seen; or empty."""


class Truth(Protocol):
    """An environment as the expert sees it; ``ThorEnv`` is one.

    Attributes:
        task: What is to be done; None before the first reset.
        stage: How many parts of a composite task were done in turn.
        history: What was done to objects this episode.
        action_level: ``"skill"`` or ``"primitive"``.
        move: Metres of a primitive move.
    """

    task: Task | None
    stage: int
    history: History
    action_level: str
    move: float

    @property
    def controller(self) -> Any:
        """The AI2-THOR controller."""

    @property
    def skills(self) -> SkillRecord:
        """What the skills have seen and done."""

    def state(self) -> State:
        """What goals are verified against."""
