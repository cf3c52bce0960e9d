"""What a policy is given, and what it answers: all of it is what the agent itself perceives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from envs.actions import Action
from policies.discrepancy import Discrepancy


class PolicyStopped(RuntimeError):
    """The policy will not answer any more, whatever it is asked: its budget or its key is spent."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What the environment shows.

    Attributes:
        rgb: (H, W, 3) uint8.
        instruction: The task in words.
        feedback: What the environment says of the last action; empty at the start.
    """

    rgb: np.ndarray
    instruction: str
    feedback: str = ""


@dataclass(frozen=True)
class PastStep:
    """An action that was taken, as text, and how it ended: ok, failed or unknown."""

    action: str
    outcome: str


@dataclass(frozen=True)
class SeenThing:
    """Something loose that the agent noticed, and where.

    Attributes:
        kind: Object type.
        near: Object type of what the agent stood at then; empty for none.
        steps_ago: 0 for the present view.
    """

    kind: str
    near: str = ""
    steps_ago: int = 0


@dataclass(frozen=True)
class Objection:
    """A proposal of this step, as text, and what was found to speak against it."""

    proposal: str
    found: tuple[Discrepancy, ...]


@dataclass(frozen=True)
class Deeds:
    """What the agent itself brought about, as far as it knows.

    Attributes:
        treated: (object type, ``hot``, ``cold``, ``clean`` or ``sliced``), oldest first.
        searched: (type of furniture, how often it was gone to or opened), least lately first.
        states: (object type, ``open``, ``closed``, ``on`` or ``off``), oldest first.
    """

    treated: tuple[tuple[str, str], ...] = ()
    searched: tuple[tuple[str, int], ...] = ()
    states: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Context:
    """What the memory hands the policy.

    Attributes:
        history: Past steps, oldest first.
        subgoals: In words.
        places: (object type, where it is believed to be).
        discrepancies: What was noticed wrong, of the last action or the last proposal.
        rejected: Action texts proposed earlier in this step and found wrong.
        round: 1 for the first answer of a step.
        frames: Earlier frames, (H, W, 3) uint8 each, oldest first.
        objections: The same proposals with what was found against each, oldest first.
        deeds: What the agent brought about.
        seen: Loose things it noticed, oldest first.
    """

    history: tuple[PastStep, ...] = ()
    subgoals: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    rejected: tuple[str, ...] = ()
    round: int = 1
    frames: tuple[np.ndarray, ...] = ()
    objections: tuple[Objection, ...] = ()
    deeds: Deeds = Deeds()
    seen: tuple[SeenThing, ...] = ()


@dataclass(frozen=True, eq=False)
class Reply:
    """A policy's answer R: thought, plan, action.

    Attributes:
        action: None if the reply was malformed.
        attention: (h, w) where the policy looked, summing to at most 1, or None.
        error: What was wrong with a malformed reply.
    """

    action: Action | None
    thought: str = ""
    plan: tuple[str, ...] = ()
    text: str = ""
    confidence: float = 1.0
    attention: np.ndarray | None = None
    error: str = ""


@dataclass(frozen=True)
class Question:
    """A question about one frame.

    Attributes:
        kind: in_view, state or holding.
        subject: Object type.
        state: open, closed, on or off, for kind ``state``.
    """

    kind: str
    subject: str
    state: str = ""


@dataclass(frozen=True)
class Answer:
    """Yes or no, with the probability of the given answer."""

    yes: bool
    confidence: float


@dataclass(frozen=True)
class Sighting:
    """A loose object that a policy sees in a frame.

    Attributes:
        kind: Object type.
        point: (x, y) as fractions of the picture, origin top left.
        confidence: Probability that one is in view.
    """

    kind: str
    point: tuple[float, float]
    confidence: float


@runtime_checkable
class Policy(Protocol):
    """Decides on one action at a time."""

    name: str

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode."""

    def act(self, observation: Observation, context: Context) -> Reply:
        """Answers one observation."""

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """Answers a question about a frame, or None if it can't."""


@runtime_checkable
class SeeingPolicy(Protocol):
    """A policy that can also say which loose objects it sees; no policy has to."""

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """The loose objects seen in a frame (H, W, 3) uint8, one of a type at most."""


@runtime_checkable
class DrawingPolicy(Protocol):
    """A policy that can also answer the same once more, otherwise; no policy has to."""

    def redraw(self, observation: Observation, context: Context) -> Reply:
        """An answer drawn by its own probabilities, where ``act`` gives the likeliest."""


@runtime_checkable
class ResumablePolicy(Protocol):
    """A policy whose running episode can be kept and gone back to; no policy has to."""

    def kept(self) -> Any:
        """What it remembers of the running episode by itself, beside what it is given."""

    def resume(self, kept: Any) -> None:
        """Goes back to that, or to the start of an episode where it is None."""


@dataclass(frozen=True)
class VerifierTrust:
    """Least confidence of a verifier's word that is taken as evidence, chosen on held-out rooms.

    Attributes:
        judge: That an action did not work.
        foresee: That it will not.
        held: Of what is in the hand.
    """

    judge: float = 0.8
    foresee: float = 0.9
    held: float = 0.8


@runtime_checkable
class VerifyingPolicy(Protocol):
    """A policy with a learned verifier; no policy has to have one. None: it says nothing of that.

    Frames are (H, W, 3) uint8.
    """

    @property
    def verifier_trust(self) -> VerifierTrust | None:
        """How sure it must be; None if its verifier was never trained."""

    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        """Whether an action worked, of the frames before and after it."""

    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        """Whether an action would work, of the frame before it."""

    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """The object type in the hand, None for nothing, and its probability."""


def verifying(policy: object) -> VerifyingPolicy | None:
    """The policy as a verifier, if it has a trained one."""
    if isinstance(policy, VerifyingPolicy) and policy.verifier_trust is not None:
        return policy
    return None
