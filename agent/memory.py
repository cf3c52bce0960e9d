"""The context memory, C_t = U(C_{t-1}, R_{t-1}, S_t): what the agent keeps between decisions.

R is the policy's reply, S the discrepancies found in it (before acting) or in its outcome (after).
The memory is an immutable value: every update returns a new one, so a refinement round that is
abandoned leaves no trace. It is bounded: old attempts, frames and places fall out.

Left out: maps and poses. What the agent believes about the world is what it was told, saw, or did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agent.deeds import deeds_after
from agent.sightings import Sightings
from agent.wording import describe_context, plain, words
from envs.actions import ActionFormatError, parse_action
from policies.base import Context, Deeds, Objection, PastStep, Reply, SeenThing, Sighting
from policies.discrepancy import Belief, Discrepancy, DiscrepancyKind


@dataclass(frozen=True)
class Attempt:
    """One executed action: what it was, in which state (name of the view), what came of it.

    It slipped if the environment called it a success and only the policy saw that it was none; it
    is unseen if the view did change, but the policy misses the effect.
    """

    action: str
    outcome: str
    state: str
    slipped: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class ContextMemory:
    """What is known before the next decision. Make one by `ContextMemory.begin`."""

    instruction: str
    history_length: int = 16  # executed actions the policy is told of
    frames_kept: int = 2
    places_kept: int = 12
    attempts_kept: int = 128  # for noticing repetition; never shown whole
    attempts: tuple[Attempt, ...] = ()
    subgoals: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    worked: frozenset[str] = frozenset()  # verbs
    deeds: Deeds = Deeds()
    holding: str | None = None
    discrepancies: tuple[Discrepancy, ...] = ()
    rejected: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    round: int = 1
    frames: tuple[np.ndarray, ...] = ()
    sightings: Sightings = Sightings()  # where the policy itself saw loose objects

    @property
    def states(self) -> tuple[tuple[str, str], ...]:
        """(Object type, state the agent itself brought about)."""
        return self.deeds.states

    @classmethod
    def begin(cls, instruction: str, **bounds: Any) -> ContextMemory:
        """An empty memory for a new episode; `bounds` are the `_kept` and `_length` fields."""
        return cls(instruction=instruction, **bounds)

    def context(self) -> Context:
        """What the policy is shown."""
        history = tuple(
            PastStep(entry.action, entry.outcome) for entry in self.attempts[-self.history_length :]
        )
        return Context(
            history=history,
            subgoals=self.subgoals,
            places=self.places,
            discrepancies=self.discrepancies,
            rejected=self.rejected,
            round=self.round,
            frames=self.frames,
            objections=self.objections,
            deeds=self.deeds,
            seen=tuple(
                SeenThing(entry.kind, entry.near, len(self.attempts) - entry.step)
                for entry in self.sightings.seen
            ),
        )

    def describe(self) -> tuple[str, ...]:
        """The same in words, for the record, the video and the report."""
        held = (f"holding: {words(self.holding)}",) if self.holding else ()
        return held + describe_context(self.context())

    def tried(self, action: str, state: str) -> tuple[Attempt, ...]:
        """The attempts at `action` in exactly this state."""
        return tuple(
            entry for entry in self.attempts if entry.action == action and entry.state == state
        )

    def failures_in_a_row(self, action: str, among: int) -> int:
        """How often `action`, wherever it points, was refused since it last worked.

        Only the last `among` attempts count: what was refused long ago may be tried again.
        """
        count = 0
        for entry in reversed(self.attempts[-among:]):
            if plain(entry.action) == plain(action):
                if entry.outcome != "failed":
                    break
                count += not entry.slipped
        return count

    def just_done(self, action: str) -> int:
        """How often `action`, wherever it points, worked last with nothing else in between."""
        count = 0
        for entry in reversed(self.attempts):
            if plain(entry.action) != plain(action) or entry.outcome == "failed":
                break
            count += 1
        return count

    def grip_missed(self) -> str | None:
        """What was picked up last, if only the policy's view says that it is not in the hand."""
        for entry in reversed(self.attempts):
            verb, target = _parts(entry.action)
            if verb == "pick up" and (entry.slipped or entry.outcome != "failed"):
                return target if entry.unseen else None
            if entry.outcome != "failed" and verb not in ("look around", "goto"):
                return None
        return None

    def looks(self) -> int:
        """How often it looked around since it last changed something."""
        count = 0
        for entry in reversed(self.attempts):
            verb, _ = _parts(entry.action)
            if verb not in ("look around", "goto") and entry.outcome != "failed":
                break
            count += verb == "look around"
        return count

    def after_proposal(self, reply: Reply, found: tuple[Discrepancy, ...]) -> ContextMemory:
        """U within a step: `reply` was found wrong; the next round is told what and why."""
        text = reply.action.to_text() if reply.action else reply.text
        return replace(
            self,
            subgoals=reply.plan or self.subgoals,
            round=self.round + 1,
            discrepancies=_merge(self.discrepancies, found),
            rejected=(*(entry for entry in self.rejected if entry != text), text),
            objections=(
                *(entry for entry in self.objections if entry.proposal != text),
                Objection(text, found),
            ),
        )

    def after_view(self, found: Iterable[Sighting], view: int) -> ContextMemory:
        """With the loose objects that the policy sees in a view, before it decides.

        Args:
            found: As of ``policies.base.SeeingPolicy``.
            view: Its number, the first of the episode is 0.
        """
        here = next((kind for kind, place in self.places if place == "here"), None)
        last = self.attempts[-1] if self.attempts else None
        walked = last is not None and last.outcome != "failed" and last.action.startswith("goto ")
        seen = self.sightings.after_view(
            found, view, near=here or "", held=self.holding, sought=here if walked else None
        )
        return replace(self, sightings=seen)

    def after_step(
        self,
        reply: Reply,
        outcome: str,
        found: tuple[Discrepancy, ...],
        before: np.ndarray,
        state: str,
    ) -> ContextMemory:
        """U between steps: `reply` was executed in `state` with `outcome`; `found` is S_t.

        Args:
            reply: The reply acted on.
            outcome: "ok", "failed" or "unknown" as the environment said.
            found: Discrepancies between what the action should have done and what is seen.
            before: The frame (H, W, 3) the reply was an answer to; remembered.
            state: Name of the view that `before` shows.
        """
        # Going where one already is, or looking again, changes nothing and is no failure.
        moves = reply.action is not None and reply.action.verb in ("goto", "look around")
        slipped = outcome != "failed" and any(
            entry.kind.meaning.undoes and not (moves and entry.kind is DiscrepancyKind.NO_PROGRESS)
            for entry in found
        )
        undoing = {entry.kind for entry in found if entry.kind.meaning.undoes}
        unseen = slipped and undoing == {DiscrepancyKind.EFFECT_MISSING}
        action = reply.action.to_text() if reply.action else reply.text
        known = self._gripping(action, outcome if not slipped else "unknown")
        outcome = "failed" if slipped else outcome
        attempts = (*known.attempts, Attempt(action, outcome, state, slipped, unseen))
        frames = (*self.frames, before)[-self.frames_kept :] if self.frames_kept else ()
        memory = replace(
            known,
            attempts=attempts[-self.attempts_kept :],
            frames=frames,
            discrepancies=found,
            rejected=(),
            objections=(),
            round=1,
            subgoals=reply.plan or self.subgoals,
            sightings=known.sightings.after_action(reply.action, outcome),
        )
        if outcome != "failed" and reply.action is not None:
            memory = memory._believe(reply.action.verb, reply.action.target)
        return memory._disbelieve(found)

    def _gripping(self, action: str, outcome: str) -> ContextMemory:
        """With what was not seen in the hand, where what comes of an action shows it is there.

        Something can be put down; or the hand refuses another thing, or the same one again.
        """
        kind = self.grip_missed()
        if kind is None or self.holding is not None:
            return self
        at = max(k for k, entry in enumerate(self.attempts) if entry.unseen)
        earlier, missed, later = self.attempts[:at], self.attempts[at], self.attempts[at + 1 :]
        verb, target = _parts(action)
        refused = verb == "pick up" and outcome == "failed"
        again = target != kind or any(_parts(entry.action) == (verb, kind) for entry in later)
        put = verb in ("put in", "drop") and outcome == "ok"
        if not put and not (refused and again):
            return self
        mended = replace(missed, outcome="ok", slipped=False, unseen=False)
        return replace(
            self._place(kind, "in hand"), holding=kind, attempts=(*earlier, mended, *later)
        )

    def _believe(self, verb: str, target: str | None) -> ContextMemory:
        """Take over what a successful action makes true."""
        deeds = deeds_after(self.deeds, verb, target, self.holding, self.places)
        known = replace(self, worked=self.worked | {verb}, deeds=deeds)
        return known._changed(verb, target)

    def _changed(self, verb: str, target: str | None) -> ContextMemory:
        if verb == "pick up" and target:
            return replace(self._place(target, "in hand"), holding=target)
        if verb == "put in" and target and self.holding:
            return replace(self._place(self.holding, f"in {words(target)}"), holding=None)
        if verb == "drop" and self.holding:
            return replace(self._place(self.holding, "on the floor"), holding=None)
        if verb == "goto" and target:
            # Only one thing is "here" at a time.
            left = tuple(
                (kind, "seen earlier" if place == "here" else place) for kind, place in self.places
            )
            return replace(self, places=left)._place(target, "here")
        return self

    def _disbelieve(self, found: tuple[Discrepancy, ...]) -> ContextMemory:
        """Give up what the discrepancies deny."""
        memory = self
        for entry in found:
            refuted = entry.kind.meaning.refutes
            if refuted is Belief.STATE and entry.subject == memory.holding:
                memory = replace(memory._place(entry.subject, "fallen"), holding=None)
            elif refuted is Belief.STATE:
                kept = tuple(known for known in memory.states if known[0] != entry.subject)
                memory = replace(memory, deeds=replace(memory.deeds, states=kept))
            elif refuted is Belief.PLACE:
                memory = replace(
                    memory,
                    places=tuple(known for known in memory.places if known[0] != entry.subject),
                )
        return memory

    def _place(self, kind: str, place: str) -> ContextMemory:
        kept = tuple(entry for entry in self.places if entry[0] != kind)
        return replace(self, places=(*kept, (kind, place))[-self.places_kept :])


def _parts(action: str) -> tuple[str, str]:
    """Verb and target of an action's text; no target: an empty one.

    >>> _parts("put in Sink at (0.50, 0.50)"), _parts("look around")
    (('put in', 'Sink'), ('look around', ''))
    """
    try:
        parsed = parse_action(action)
    except ActionFormatError:
        return action, ""
    return parsed.verb, parsed.target or ""


def _merge(old: tuple[Discrepancy, ...], new: tuple[Discrepancy, ...]) -> tuple[Discrepancy, ...]:
    """Add `new`, dropping older entries about the same kind and subject."""
    fresh = {(entry.kind, entry.subject) for entry in new}
    return (*(entry for entry in old if (entry.kind, entry.subject) not in fresh), *new)
