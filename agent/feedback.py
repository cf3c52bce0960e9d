"""The feedback parser P: from pixels, feedback text and the agent's own words to discrepancies.

It looks twice at every decision. `check` holds a *proposal* against the frame it was made for and
against what was tried before: that is the refinement signal. `observe` holds the *outcome* of an
executed action against what it should have done: that becomes S_t of the next step. Visual facts
come from asking the policy itself about a frame (`policy.ask`), with the answer's probability as
confidence; a policy that cannot answer (None) is simply not asked for them.

Never reads simulator state: its whole input is frames, text and the policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from agent.consistency import (
    MISSED,
    against_own_words,
    left_undone,
    missed_thing,
    nothing_done,
    other_thing,
    repetition,
)
from agent.memory import ContextMemory
from agent.wording import OUT_OF_VIEW, kinds_in, words
from envs.actions import Action
from policies.base import Policy, Question, Reply
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource, Remedy

_INTERACTIONS = frozenset(
    {"pick up", "put in", "open", "close", "toggle on", "toggle off", "slice"}
)
_STATE_AFTER = {"open": "open", "close": "closed", "toggle on": "on", "toggle off": "off"}
# These may work without a pixel changing: a toaster looks the same when it is on.
_STILL = frozenset({"done", "toggle on", "toggle off"})


@dataclass(frozen=True)
class FeedbackParser:
    """Turns what the agent can perceive into typed discrepancies.

    Args:
        trust: Least confidence of a visual answer that is taken as evidence.
        retries: How often an action that was called a success but had no effect may be tried
            again in the same state (it may have slipped). One that was called a failure is
            wrong from its first repetition.
        patience: How often in a row an action may be refused anywhere before it is called wrong.
        forgive_after: Steps after which such a refusal is forgiven.
        visual: Ask the policy about frames at all.
        trust_decay: How much less it takes, by each look around in vain, to call an object
            overlooked.
        least_trust: What it always takes for that.
    """

    trust: float = 0.8
    retries: int = 1
    patience: int = 3
    forgive_after: int = 9
    visual: bool = True
    trust_decay: float = 0.02
    least_trust: float = 0.65

    def check(
        self, policy: Policy, reply: Reply, frame: np.ndarray, memory: ContextMemory, state: str
    ) -> tuple[Discrepancy, ...]:
        """What speaks against acting on `reply` now.

        Args:
            policy: Asked about `frame`.
            reply: The proposal.
            frame: (H, W, 3) uint8, the current view.
            memory: What was tried and is believed.
            state: Hash of `frame`.
        """
        action = reply.action
        if action is None:
            return (_malformed(reply),)
        found = [
            repetition(
                action.to_text(),
                memory,
                state,
                retries=self.retries,
                patience=self.patience,
                forgive_after=self.forgive_after,
            ),
            self._hand(policy, frame, action.verb, action.target, memory),
        ]
        if action.verb in _INTERACTIONS and action.target:
            found.append(self._absent(policy, frame, action.verb, action.target))
            found.append(self._already(policy, frame, action.verb, action.target))
        if action.verb == "done":
            found += [nothing_done(memory), left_undone(memory)]
            found.append(self._nothing_found(policy, frame, memory))
        if action.verb == "look around":
            found.append(self._overlooked(policy, frame, reply.thought, memory, state))
        found += [against_own_words(reply), other_thing(reply), missed_thing(reply)]
        return tuple(entry for entry in found if entry is not None)

    def observe(
        self,
        policy: Policy,
        reply: Reply,
        before: np.ndarray,
        after: np.ndarray,
        feedback: str,
        memory: ContextMemory,
    ) -> tuple[Discrepancy, ...]:
        """What did not come about of `reply`, seen from the frames before and after it.

        Args:
            policy: Asked about `after`.
            reply: The reply that was executed.
            before: (H, W, 3) uint8, the view it was an answer to.
            after: (H, W, 3) uint8, the view now.
            feedback: The environment's text ("" where it says nothing).
            memory: As it stood before the action.
        """
        action = reply.action
        if action is None:
            return (_malformed(reply),)
        text = action.to_text()
        if outcome_of(feedback) == "failed":
            reason = re.sub(r"^failed\b[:. ]*", "", feedback) or "no reason given"
            return (
                Discrepancy(
                    DiscrepancyKind.ACTION_FAILED,
                    text,
                    "ok",
                    reason,
                    1.0,
                    DiscrepancySource.ENVIRONMENT,
                ),
            )
        found: list[Discrepancy | None] = []
        if action.verb not in _STILL and _unchanged(before, after):
            found.append(
                Discrepancy(
                    DiscrepancyKind.NO_PROGRESS,
                    text,
                    "another view",
                    "the view is the same as before",
                    0.9,
                    DiscrepancySource.VISION,
                )
            )
        elif action.target and self.visual:
            found.append(self._missing_effect(policy, after, action.verb, action.target, memory))
        if self.visual:
            found.append(self._lost_grip(policy, before, after, action.verb, memory))
            found.append(self._changed_back(policy, after, action.verb, action.target, memory))
        return tuple(entry for entry in found if entry is not None)

    def _ask(
        self, policy: Policy, frame: np.ndarray, kind: str, subject: str, state: str = ""
    ) -> tuple[bool, float] | None:
        """The policy's answer if it is sure enough, else None."""
        if not self.visual:
            return None
        answer = policy.ask(frame, Question(kind, subject, state))
        if answer is None or answer.confidence < self.trust:
            return None
        return answer.yes, answer.confidence

    def _hand(
        self,
        policy: Policy,
        frame: np.ndarray,
        verb: str,
        target: str | None,
        memory: ContextMemory,
    ) -> Discrepancy | None:
        """The hand as it is remembered speaks against the verb."""
        if verb in ("put in", "drop") and memory.holding is None and memory.grip_missed() is None:
            return Discrepancy(
                DiscrepancyKind.UNEXPECTED_STATE,
                "hand",
                "something",
                "nothing",
                0.9,
                DiscrepancySource.CONSISTENCY,
            )
        if verb == "pick up" and memory.holding is not None:
            # Who wants to take what should be in hand may see that it fell.
            doubtful = target == memory.holding and not self._sees_held(policy, frame, target)
            return Discrepancy(
                DiscrepancyKind.UNEXPECTED_STATE,
                "hand",
                "nothing",
                words(memory.holding),
                0.6 if doubtful else 0.9,
                DiscrepancySource.CONSISTENCY,
            )
        if verb == "slice" and memory.holding not in ("Knife", "ButterKnife"):
            held = words(memory.holding) if memory.holding else "nothing"
            return Discrepancy(
                DiscrepancyKind.UNEXPECTED_STATE,
                "hand",
                "a knife",
                held,
                0.9,
                DiscrepancySource.CONSISTENCY,
            )
        return None

    def _sees_held(self, policy: Policy, frame: np.ndarray, kind: str) -> bool:
        held = self._ask(policy, frame, "holding", kind)
        return held is not None and held[0]

    def _absent(
        self, policy: Policy, frame: np.ndarray, verb: str, target: str
    ) -> Discrepancy | None:
        seen = self._ask(policy, frame, "in_view", target)
        if seen is None or seen[0]:
            return None
        return Discrepancy(
            DiscrepancyKind.OBJECT_MISSING,
            target,
            f"in view, to {verb}",
            "not in view",
            seen[1],
            DiscrepancySource.VISION,
        )

    def _already(
        self, policy: Policy, frame: np.ndarray, verb: str, target: str
    ) -> Discrepancy | None:
        state = _STATE_AFTER.get(verb)
        if state is None:
            return None
        seen = self._ask(policy, frame, "state", target, state)
        if seen is None or not seen[0]:
            return None
        return Discrepancy(
            DiscrepancyKind.UNEXPECTED_STATE,
            target,
            f"not yet {state}",
            f"{state} already",
            seen[1],
            DiscrepancySource.VISION,
        )

    def _nothing_found(
        self, policy: Policy, frame: np.ndarray, memory: ContextMemory
    ) -> Discrepancy | None:
        """Before `done`: is anything the instruction names in view?"""
        named = [kind for kind, _ in memory.places if words(kind) in memory.instruction.lower()]
        answers = [self._ask(policy, frame, "in_view", kind) for kind in named]
        if not named or any(answer is None or answer[0] for answer in answers):
            return None
        return Discrepancy(
            DiscrepancyKind.OBJECT_MISSING,
            named[0],
            "in view, to be done",
            "not in view",
            min(answer[1] for answer in answers if answer),
            DiscrepancySource.VISION,
        )

    def _overlooked(
        self, policy: Policy, frame: np.ndarray, thought: str, memory: ContextMemory, state: str
    ) -> Discrepancy | None:
        """Before looking on: is what the thought says is not here before the eye after all?"""
        if not self.visual or not MISSED.search(thought.lower()):
            return None
        trust = max(self.least_trust, self.trust - self.trust_decay * memory.looks())
        # What could not be reached from here is better seen from elsewhere.
        vain = {
            entry.action
            for entry in memory.attempts
            if entry.state == state and entry.outcome == "failed"
        }
        for kind in kinds_in(thought):
            if f"goto {kind}" in vain:
                continue
            answer = policy.ask(frame, Question("in_view", kind))
            if answer is not None and answer.yes and answer.confidence >= trust:
                there = Remedy(Action("goto", kind), f"{words(kind)} in view after all")
                return Discrepancy(
                    DiscrepancyKind.UNEXPECTED_STATE,
                    kind,
                    OUT_OF_VIEW,
                    "in view",
                    answer.confidence,
                    DiscrepancySource.VISION,
                    there,
                )
        return None

    def _missing_effect(
        self, policy: Policy, after: np.ndarray, verb: str, target: str, memory: ContextMemory
    ) -> Discrepancy | None:
        if verb == "goto":
            seen = self._ask(policy, after, "in_view", target)
            if seen is not None and not seen[0]:
                return Discrepancy(
                    DiscrepancyKind.OBJECT_MISSING,
                    target,
                    "in view once there",
                    "not in view",
                    seen[1],
                    DiscrepancySource.VISION,
                )
            return None
        if verb == "pick up":
            held = self._ask(policy, after, "holding", target)
            if held is None or held[0]:
                return None
            return self._other_in_hand(policy, after, target, memory) or Discrepancy(
                DiscrepancyKind.EFFECT_MISSING,
                f"pick up {target}",
                f"{words(target)} in hand",
                "no such thing",
                held[1],
                DiscrepancySource.VISION,
            )
        if verb == "put in" and memory.holding:
            held = self._ask(policy, after, "holding", memory.holding)
            if held is None or not held[0]:
                return None
            return Discrepancy(
                DiscrepancyKind.EFFECT_MISSING,
                f"put in {target}",
                "an empty hand",
                f"{words(memory.holding)} still in hand",
                held[1],
                DiscrepancySource.VISION,
            )
        state = _STATE_AFTER.get(verb)
        if state is None:
            return None
        seen = self._ask(policy, after, "state", target, state)
        if seen is None or seen[0]:
            return None
        return Discrepancy(
            DiscrepancyKind.EFFECT_MISSING,
            f"{verb} {target}",
            state,
            f"not {state}",
            seen[1],
            DiscrepancySource.VISION,
        )

    def _other_in_hand(
        self, policy: Policy, after: np.ndarray, target: str, memory: ContextMemory
    ) -> Discrepancy | None:
        """The hand is not empty but holds another thing the agent has met."""
        for kind, _ in memory.places:
            if kind == target:
                continue
            held = self._ask(policy, after, "holding", kind)
            if held is not None and held[0]:
                return Discrepancy(
                    DiscrepancyKind.WRONG_OBJECT,
                    kind,
                    f"{words(target)} in hand",
                    f"{words(kind)} in hand",
                    held[1],
                    DiscrepancySource.VISION,
                )
        return None

    def _lost_grip(
        self,
        policy: Policy,
        before: np.ndarray,
        after: np.ndarray,
        verb: str,
        memory: ContextMemory,
    ) -> Discrepancy | None:
        """What was seen in the hand before is seen there no more."""
        if memory.holding is None or verb in ("put in", "drop", "done"):
            return None
        held = self._ask(policy, after, "holding", memory.holding)
        if held is None or held[0]:
            return None
        # A thing too thin for the eye was not seen in the hand either, and is not missed.
        earlier = self._ask(policy, before, "holding", memory.holding)
        if earlier is None or not earlier[0]:
            return None
        return Discrepancy(
            DiscrepancyKind.UNEXPECTED_STATE,
            memory.holding,
            "in hand",
            "no longer in hand",
            held[1],
            DiscrepancySource.VISION,
        )

    def _changed_back(
        self,
        policy: Policy,
        after: np.ndarray,
        verb: str,
        target: str | None,
        memory: ContextMemory,
    ) -> Discrepancy | None:
        """Something the agent opened or switched is no longer so, without its doing."""
        for kind, state in memory.states:
            if kind == target and verb in _STATE_AFTER:
                continue
            shown = self._ask(policy, after, "in_view", kind)
            if shown is None or not shown[0]:
                continue
            seen = self._ask(policy, after, "state", kind, state)
            if seen is not None and not seen[0]:
                return Discrepancy(
                    DiscrepancyKind.UNEXPECTED_STATE,
                    kind,
                    f"{state}, as left",
                    f"not {state}",
                    seen[1],
                    DiscrepancySource.VISION,
                )
        return None


def outcome_of(feedback: str) -> str:
    """The environment's text as an outcome: "" says nothing, "ok" (or "ok: ...") worked.

    >>> outcome_of(""), outcome_of("ok"), outcome_of("failed: Fridge is not in view")
    ('unknown', 'ok', 'failed')
    """
    if not feedback:
        return "unknown"
    return "ok" if re.match(r"ok\b", feedback) else "failed"


def _malformed(reply: Reply) -> Discrepancy:
    return Discrepancy(
        DiscrepancyKind.MALFORMED_REPLY,
        "reply",
        "an action",
        reply.error or _short(reply.text),
        1.0,
        DiscrepancySource.CONSISTENCY,
    )


def _unchanged(before: np.ndarray, after: np.ndarray) -> bool:
    """True if not one pixel differs: the renderer is deterministic, so any effect shows."""
    return before.shape == after.shape and bool(np.array_equal(before, after))


def _short(text: str, length: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
