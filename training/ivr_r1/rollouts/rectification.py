"""Repairs a flawed rollout: back at the flawed step, told of it, the policy answers again.

World, agent and policy are put back to where the step began. The policy is shown the pristine frame
and, as its own feedback would tell it, what it had answered there and what speaks against that; it
draws another answer and plays on. What it does is carried out in the world, and accepted only if
that earns more than the flawed rollout did. The expert's action is the last resort, and is marked.

What a repair teaches is the step as it stood before anything was objected to: the guidance is
taken out of the memory's events, and the steps before it are another rollout's and masked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from envs.actions import Action
from policies.base import Reply
from training.ivr_r1.rollouts.attribution import Attribution
from training.ivr_r1.rollouts.expert_reach import ExpertReach
from training.ivr_r1.rollouts.objections import objection
from training.ivr_r1.rollouts.playing import Place, Played, Stage
from training.ivr_r1.rollouts.recorder import Given
from training.ivr_r1.rollouts.rollout import Decision, Origin, Rollout

MARGIN = 1e-6  # so much more a repair has to earn


@dataclass(frozen=True, eq=False)
class Repair:
    """What came of an attempt at a repair.

    Attributes:
        rollout: That is accepted; None where nothing earned more.
        refused: Attempts that did not.
    """

    rollout: Rollout | None
    refused: int


@dataclass(frozen=True)
class Rectifier:
    """Repairs rollouts of a stage.

    Attributes:
        stage: Where.
        write: An action and its thought as the policy's answer, in token ids.
        tries: Of the policy, at most.
        uses_expert: The expert's action is the last resort.
    """

    stage: Stage
    write: Callable[[str, Action], tuple[int, ...]]
    tries: int = 3
    uses_expert: bool = True

    def repair(
        self, flawed: Played, found: Attribution, reach: ExpertReach, seed: Callable[[int], int]
    ) -> Repair:
        """Tries to do better from the flawed step on.

        Args:
            flawed: The rollout.
            found: Its flawed step.
            reach: The expert, in this rollout.
            seed: Of each try, by its number from 1.
        """
        step = found.step
        first = next(d for d in flawed.of_step(step))
        carried = next((d for d in flawed.of_step(step) if d.carried_out), first)
        answer = flawed.acted[step].reply
        told = self._place(flawed, step).moment.objected(
            answer, (objection(answer, carried, found),)
        )
        guided = Place(told, flawed.before[step].world)
        for number in range(1, self.tries + 1):
            played = self._play(flawed, guided, step, seed(number))
            if _earns_more(played.rollout, flawed.rollout):
                made = _taught(played.rollout, first, Origin.RECTIFIED, number)
                return Repair(made, number - 1)
        if not self.uses_expert:
            return Repair(None, self.tries)
        if reach.label(step) is None:
            return Repair(None, self.tries)
        self.stage.policy.given = lambda: self._given(reach, step)
        played = self._play(flawed, guided, step, seed(0))
        if _earns_more(played.rollout, flawed.rollout):
            made = _taught(played.rollout, first, Origin.EXPERT, self.tries + 1)
            return Repair(made, self.tries)
        return Repair(None, self.tries + 1)

    def _given(self, reach: ExpertReach, step: int) -> Given:
        """The expert's answer, asked for when it is due: its word and its walk go together."""
        label = reach.label(step)
        if label is None:
            raise RuntimeError("the expert knew what to do here, and no longer does")
        reply = Reply(label.action, thought=label.thought, text=label.action.to_text())
        return Given(reply, self.write(label.thought, label.action))

    def _place(self, flawed: Played, step: int) -> Place:
        """Where the step began, but the policy has taken in the step before already.

        It did so when it was first asked; it is not asked a first time again.
        """
        place = flawed.before[step]
        after = flawed.before[step + 1].moment.policy
        return replace(place, moment=replace(place.moment, policy=after))

    def _play(self, flawed: Played, place: Place, step: int, seed: int) -> Played:
        earlier = tuple(d for d in flawed.rollout.decisions if d.step < step)
        return self.stage.roll(
            place,
            seed=seed,
            budget=flawed.rollout.budget,
            group=flawed.rollout.group,
            earlier=earlier,
            acted=flawed.acted[:step],
        )


def _earns_more(made: Rollout, flawed: Rollout) -> bool:
    return made.reward > flawed.reward + MARGIN


def _taught(rollout: Rollout, asked: Decision, origin: Origin, tries: int) -> Rollout:
    """A repair as it is learned from: without guidance, and without the steps before it.

    Args:
        rollout: As it was played, from the flawed step on.
        asked: The flawed step's first question, before anything was objected to.
        origin: Whose repair it is.
        tries: Its number.
    """
    before = [d.masked() for d in rollout.decisions if d.step < asked.step]
    here = [
        replace(
            d,
            round=1,
            answered=replace(
                d.answered,
                events=asked.answered.events,
                recalls=asked.answered.recalls,
                refused=frozenset(),
            ),
        )
        for d in rollout.decisions
        if d.step == asked.step and d.carried_out
    ]
    # Where a rule acted, there is no answer to learn; the question was asked all the same.
    here = here or [asked.masked()]
    after = [d for d in rollout.decisions if d.step > asked.step]
    decisions = (*before, *here, *after)
    return replace(rollout, decisions=decisions, origin=origin, begins=asked.step, tries=tries)
