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
    against_own_words,
    left_undone,
    missed_thing,
    never_seen,
    nothing_done,
    other_thing,
    repetition,
)
from agent.likeness import alike
from agent.memory import ContextMemory
from agent.outcome_checks import changed_back, lost_grip, missing_effect
from agent.proposal_checks import (
    absent,
    already,
    contradicts_hand,
    nothing_found,
    overlooked,
)
from agent.sight import Sight
from agent.verification import lost, unworked, will_fail
from agent.wording import NO_REASON, outcome_of
from policies.base import Policy, Reply
from policies.discrepancy import Discrepancy, DiscrepancyKind, DiscrepancySource

_INTERACTIONS = frozenset(
    {"pick up", "put in", "open", "close", "toggle on", "toggle off", "slice"}
)
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
        rules: Also hold proposals against what instruction, thought and plan say in words. Without,
            they are held against what is seen, what was tried and what is in the hand.
        recalls: A walk to a loose object has to say where that was seen.
        consistency: Hold proposals against memory and words at all; without, against what is seen.
    """

    trust: float = 0.8
    retries: int = 1
    patience: int = 3
    forgive_after: int = 9
    visual: bool = True
    trust_decay: float = 0.02
    least_trust: float = 0.65
    rules: bool = True
    recalls: bool = False
    consistency: bool = True

    def check(
        self, policy: Policy, reply: Reply, frame: np.ndarray, memory: ContextMemory, state: str
    ) -> tuple[Discrepancy, ...]:
        """What speaks against acting on `reply` now.

        Args:
            policy: Asked about `frame`.
            reply: The proposal.
            frame: (H, W, 3) uint8, the current view.
            memory: What was tried and is believed.
            state: Name of the view.
        """
        action = reply.action
        if action is None:
            return (_malformed(reply),)
        sight = self._sight(policy)
        found = [
            repetition(
                action.to_text(),
                memory,
                state,
                retries=self.retries,
                patience=self.patience,
                forgive_after=self.forgive_after,
            ),
            contradicts_hand(sight, frame, action.verb, action.target, memory),
            never_seen(action, memory) if self.recalls else None,
        ]
        if action.verb in _INTERACTIONS and action.target:
            found.append(absent(sight, frame, action.verb, action.target))
            found.append(already(sight, frame, action.verb, action.target))
            found.append(will_fail(sight, frame, action))
        if action.verb == "done" and self.rules:
            found += [nothing_done(memory), left_undone(memory)]
            found.append(nothing_found(sight, frame, memory))
        if action.verb == "look around":
            trust = max(self.least_trust, self.trust - self.trust_decay * memory.looks())
            found.append(overlooked(sight, frame, reply.thought, memory, state, trust))
        if self.rules:
            found += [against_own_words(reply), other_thing(reply), missed_thing(reply)]
        left_out = () if self.consistency else (DiscrepancySource.CONSISTENCY,)
        return tuple(entry for entry in found if entry is not None and entry.source not in left_out)

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
            reason = re.sub(r"^failed\b[:. ]*", "", feedback) or NO_REASON
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
        sight = self._sight(policy)
        found: list[Discrepancy | None] = []
        verdict = sight.judged(before, after, action)
        if verdict is not None:
            told = outcome_of(feedback) == "ok"
            found.append(unworked(sight, verdict, after, action, memory, told))
        elif action.verb not in _STILL and alike(before, after):
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
            found.append(missing_effect(sight, after, action.verb, action.target, memory))
        if self.visual:
            missed = lost if sight.verifies else lost_grip
            found.append(missed(sight, before, after, action.verb, memory))
            found.append(changed_back(sight, after, action.verb, action.target, memory))
        return tuple(entry for entry in found if entry is not None)

    def _sight(self, policy: Policy) -> Sight:
        return Sight(policy, self.trust, self.visual)


def _malformed(reply: Reply) -> Discrepancy:
    return Discrepancy(
        DiscrepancyKind.MALFORMED_REPLY,
        "reply",
        "an action",
        reply.error or _short(reply.text),
        1.0,
        DiscrepancySource.CONSISTENCY,
    )


def _short(text: str, length: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
