"""Asking the policy about frames, and believing only what it is sure of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policies.base import Policy, Question


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
