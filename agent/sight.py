"""Asking the policy about frames, and believing only what it is sure of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.actions import Action
from policies.base import Policy, Question, verifying


@dataclass(frozen=True)
class Sight:
    """The policy as a witness of what is to be seen.

    Attributes:
        policy: Answers.
        trust: Least confidence of an answer that is taken as evidence.
        enabled: False: nothing is ever asked.
    """

    policy: Policy
    trust: float
    enabled: bool = True

    def ask(
        self,
        frame: np.ndarray,
        kind: str,
        subject: str,
        state: str = "",
        *,
        trust: float | None = None,
    ) -> tuple[bool, float] | None:
        """Yes or no with its probability; None if the policy can't answer or is not sure enough.

        Args:
            frame: (H, W, 3) uint8.
            kind: As of ``policies.base.Question``, like the next two.
            subject: Object type.
            state: For kind ``state``.
            trust: Instead of the usual one.
        """
        if not self.enabled:
            return None
        answer = self.policy.ask(frame, Question(kind, subject, state))
        if answer is None or answer.confidence < (self.trust if trust is None else trust):
            return None
        return answer.yes, answer.confidence

    def judged(
        self, before: np.ndarray, after: np.ndarray, action: Action
    ) -> tuple[bool, float] | None:
        """Whether an action is taken to have failed, and how surely, by a learned verifier.

        Args:
            before: (H, W, 3) uint8, the view before it.
            after: (H, W, 3) uint8, the view after it.
            action: What was done.

        Returns:
            None where no verifier says anything of it.
        """
        verifier = verifying(self.policy) if self.enabled else None
        answer = verifier.judge(before, after, action) if verifier else None
        if verifier is None or verifier.verifier_trust is None or answer is None:
            return None
        trust = verifier.verifier_trust.judge
        return not answer.yes and answer.confidence >= trust, answer.confidence

    def foreseen(self, frame: np.ndarray, action: Action) -> float | None:
        """How surely a learned verifier foresees that an action will fail; None if it does not."""
        verifier = verifying(self.policy) if self.enabled else None
        answer = verifier.foresee(frame, action) if verifier else None
        if verifier is None or verifier.verifier_trust is None or answer is None or answer.yes:
            return None
        sure = answer.confidence >= verifier.verifier_trust.foresee
        return answer.confidence if sure else None

    def in_hand(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """The type in the hand, None for nothing, where a learned verifier is sure of it."""
        verifier = verifying(self.policy) if self.enabled else None
        seen = verifier.held(frame) if verifier else None
        if verifier is None or verifier.verifier_trust is None or seen is None:
            return None
        return seen if seen[1] >= verifier.verifier_trust.held else None

    @property
    def verifies(self) -> bool:
        """Whether a learned verifier is asked, instead of questions about one frame."""
        return self.enabled and verifying(self.policy) is not None
