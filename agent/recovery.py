"""Counts errors, how many the agent noticed, and how many it made good within the episode.

An error is a step that really failed or into which a fault was injected. It is noticed if the
agent takes the step for failed, or its feedback parser reports that something is not as it should
be; to do so without an error is a false alarm.
It is recovered at the first later step at which either the same verb on the same target works, or
more goal conditions hold than when it happened, or the episode succeeds. Where the world changed
behind the agent's back, repeating the action mends nothing: instead of the first it takes what
mends it, see ``MENDED_BY``. An episode without errors has no recovery rate: it is undefined, not 1.
"""

from __future__ import annotations

from dataclasses import dataclass

# The verb that mends a fault of the world, if it works.
MENDED_BY = {"dropped": "pick up", "door_shut": "open", "target_moved": "pick up"}


@dataclass(frozen=True)
class ErrorSpan:
    """An error and where it was made good; steps count from 0.

    Attributes:
        step: At which it happened.
        recovered_at: The step at which it was made good; None if it never was.
        fault: Kind of fault that struck in it; empty for none.
    """

    step: int
    recovered_at: int | None
    fault: str = ""

    def within(self, steps: int) -> bool:
        """Whether it was made good in so many steps."""
        return self.recovered_at is not None and self.recovered_at - self.step <= steps


@dataclass
class ErrorEntry:
    """An error: its step, and the step at which it was made good, if any."""

    step: int
    skill: tuple[str, str | None] | None
    conditions_met: int
    recovered_at: int | None = None
    fault: str = ""

    def repaired_by(self, skill: tuple[str, str | None]) -> bool:
        """Whether a skill that works mends it."""
        verb = MENDED_BY.get(self.fault)
        return skill == self.skill if verb is None else skill[0] == verb


class RecoveryLedger:
    """Fed once a step, in order."""

    def __init__(self) -> None:
        self._errors: list[ErrorEntry] = []
        self.noticed = 0
        self.false_alarms = 0

    @property
    def errors(self) -> int:
        """Number of errors so far."""
        return len(self._errors)

    @property
    def spans(self) -> tuple[ErrorSpan, ...]:
        """The errors so far, in order."""
        return tuple(ErrorSpan(e.step, e.recovered_at, e.fault) for e in self._errors)

    @property
    def recovered(self) -> int:
        """Number of them made good so far."""
        return sum(error.recovered_at is not None for error in self._errors)

    def note(
        self,
        step: int,
        skill: tuple[str, str | None] | None,
        *,
        is_error: bool,
        reported: bool,
        conditions_met: int,
        success: bool,
        fault: str = "",
    ) -> None:
        """Enter one step.

        Args:
            step: Its index.
            skill: Verb and target, None for a malformed action.
            is_error: The step failed or was faulted.
            reported: The agent found something wrong after it.
            conditions_met: Goal conditions that hold after it.
            success: The episode's goal is reached after it.
            fault: Kind of fault that struck in it.
        """
        for error in self._errors:
            if error.recovered_at is not None:
                continue
            repaired = not is_error and skill is not None and error.repaired_by(skill)
            if success or repaired or conditions_met > error.conditions_met:
                error.recovered_at = step
        if is_error:
            # A faulted step may still be the one that reaches the goal: then nothing was lost.
            self._errors.append(
                ErrorEntry(step, skill, conditions_met, step if success else None, fault)
            )
            self.noticed += reported
        else:
            self.false_alarms += reported
