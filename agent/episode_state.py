"""An episode of the loop as it stands between two steps, and what a step adds to it.

    moment = episode.kept()                      # before a step
    list(episode.going_on(moment))               # one way on
    list(episode.going_on(moment.objected(reply, found)))   # another, of the same moment

The world is not part of it: whoever goes back puts that back too (``ThorEnv.restore``).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from agent.environment import Facts
from agent.likeness import FamiliarViews
from agent.memory import ContextMemory
from agent.recovery import RecoveryLedger
from agent.refine import Decision
from policies.base import Observation, Reply
from policies.discrepancy import Discrepancy


@dataclass
class EpisodeState:
    """What changes from step to step of one episode."""

    observation: Observation
    memory: ContextMemory
    facts: Facts
    over: bool
    proposals: list[int] = field(default_factory=list)  # by step
    ledger: RecoveryLedger = field(default_factory=RecoveryLedger)
    views: FamiliarViews = field(default_factory=FamiliarViews)

    @property
    def index(self) -> int:
        """Number of the step that is being taken."""
        return len(self.proposals)

    def copied(self) -> EpisodeState:
        """One that goes its own way; values that nobody changes are shared."""
        return replace(
            self,
            proposals=list(self.proposals),
            ledger=deepcopy(self.ledger),
            views=self.views.copied(),
        )


@dataclass(frozen=True, eq=False)
class Moment:
    """An episode between two steps, to be gone on from as often as one likes.

    Attributes:
        state: The loop's; nobody changes it.
        policy: The policy's own, of ``policies.base.ResumablePolicy``; None where it has none.
    """

    state: EpisodeState
    policy: Any = None

    @property
    def index(self) -> int:
        """Number of the step that comes next."""
        return self.state.index

    def objected(self, reply: Reply, found: tuple[Discrepancy, ...]) -> Moment:
        """The same moment after a proposal of this step was found wrong."""
        memory = self.state.memory.after_proposal(reply, found)
        return replace(self, state=replace(self.state.copied(), memory=memory))


@dataclass(frozen=True)
class StepDecision:
    """What was decided in a step, and what it rested on."""

    decision: Decision
    frame_hash: str
    view: str  # its name, the same for views that look alike
    memory: tuple[str, ...]  # in words, before deciding


@dataclass(frozen=True)
class StepOutcome:
    """What came of a step."""

    observation: Observation
    found: tuple[Discrepancy, ...]
    outcome: str
    told: str
    is_false_alarm: bool
    fault: str
    is_error: bool
    reward: float
    terminated: bool
    truncated: bool
    moves: int
