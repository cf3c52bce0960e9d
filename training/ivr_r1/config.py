"""What a run of IVR-R1 can be told: one dataclass, and the settings of its parts made from it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from envs.skill_modes import HONEST, SKILL_MODES
from envs.tasks.base import ROOMS, SPLITS
from envs.tasks.registry import FAMILY_NAMES
from envs.thor_env import FEEDBACK_LEVELS
from training.ivr_r1.advantages import SCALES
from training.ivr_r1.grpo import LOSS_TYPES, GrpoConfig
from training.ivr_r1.learner import LearnerConfig
from training.ivr_r1.rollouts.attribution import METHODS
from training.ivr_r1.rollouts.group import GroupSettings
from training.ivr_r1.rollouts.screening import RewardWeights
from training.options import names, option, share

# What may differ when a run is gone on with.
_FREE = frozenset(("out", "rounds", "workers", "threads", "tensorboard", "smoke"))


@dataclass(frozen=True)
class IvrConfig:
    """Options of ``python -m training.ivr_r1``."""

    policy: str = option("default, or the folder of a policy to begin with", "default")
    out: Path = option("folder of the run; one that holds a run is gone on with", Path("runs/ivr"))
    rounds: int = option("rounds of collecting and learning, in all", 50, least=1)
    groups: int = option("groups, each of one task, in a round", 8, least=1)
    num_generations: int = option("rollouts of a group", 4, least=2)
    workers: int = option("worlds, each a process; 0 plays in this one", 2, least=0)
    answers: int = option("most answers a step; 1 learns without self-correction", 1, least=1)
    split: str = option("rooms of this split", "train", choices=tuple(SPLITS))
    rooms: str = option("rooms of this kind", "any", choices=(*ROOMS, "any"))
    tasks: tuple[str, ...] = option(
        "task families with commas, or all",
        ("all",),
        metavar="FAMILY[,FAMILY]",
        parse=names,
    )
    skills: str = option("honest or helped: how much the skills know", HONEST, choices=SKILL_MODES)
    feedback: str = option(
        "what the environment says of an action", "binary", choices=FEEDBACK_LEVELS
    )
    frame: int = option("pixels of the frames' sides", 300, least=64)
    budget: int | None = option(
        "most steps of a rollout; default: twice the expert's and six, or the environment's",
        None,
        least=1,
    )
    reward_success: float = option("reward of the goal", 1.0)
    reward_progress: float = option("reward of all goal conditions at the end", 0.3)
    reward_format: float = option("lost where all answers are no action", 0.2, least=0)
    step_cost: float = option("lost by each step", 0.01, least=0)
    threshold: float = option("a rollout that earns less is flawed, as one that fails", 0.5)
    resample: float = share("further groups at most, in place of those all alike", 0.0)
    attribution: str = option("how the flawed step is found", "exact", choices=METHODS)
    repairs: int = option("flawed rollouts of a group to repair; 0 is plain GRPO", 2, least=0)
    tries: int = option("of the policy's own at a repair", 3, least=0)
    no_expert: bool = option("never take the expert's action as a last resort", False)
    temperature: float = option("at which answers are drawn", 1.0, least=0.01)
    learning_rate: float = option("of AdamW, constant", 2e-5, least=0)
    num_iterations: int = option("steps of AdamW on a round's rollouts", 1, least=1)
    batch: int = option("answers in one pass", 32, least=1)
    epsilon: float = option("how far a ratio counts below 1", 0.2, least=0)
    epsilon_high: float = option("how far above", 0.28, least=0)
    beta: float = option("of the divergence from the policy at the start", 0.0, least=0)
    loss_type: str = option("what weighs the same: tokens or rollouts", "dapo", choices=LOSS_TYPES)
    scale_rewards: str = option(
        "what advantages are divided by the deviation of", "group", choices=SCALES
    )
    step_credit: float = option("weight of GiGPO's advantage of single steps", 0.0, least=0)
    seed: int = option("of everything random", 0, least=0)
    threads: int = option("of the processor, for the network; 0 leaves it to torch", 1, least=0)
    tensorboard: Path | None = option("write curves here, for tensorboard --logdir DIR", None)
    smoke: bool = option("two small rounds that go through every phase", False)

    @property
    def families(self) -> tuple[str, ...] | None:
        """Of tasks; None for the rooms' own."""
        if self.tasks == ("all",):
            return FAMILY_NAMES if self.rooms == "any" else None
        return self.tasks

    @property
    def learner(self) -> LearnerConfig:
        """Of the update."""
        return LearnerConfig(
            grpo=GrpoConfig(self.epsilon, self.epsilon_high, self.beta, self.loss_type),
            scale_rewards=self.scale_rewards,
            step_credit=self.step_credit,
            learning_rate=self.learning_rate,
            num_iterations=self.num_iterations,
            batch=self.batch,
            temperature=self.temperature,
        )

    @property
    def group(self) -> GroupSettings:
        """Of the worlds."""
        env = {
            "split": self.split,
            "room": self.rooms,
            "families": self.families,
            "feedback": self.feedback,
            "skills": self.skills,
            "width": self.frame,
            "height": self.frame,
        }
        return GroupSettings(
            env=env,
            rounds=self.answers,
            num_generations=self.num_generations,
            budget=self.budget,
            weights=RewardWeights(
                self.reward_success, self.reward_progress, self.reward_format, self.step_cost
            ),
            threshold=self.threshold,
            attribution=self.attribution,
            repairs=self.repairs,
            tries=self.tries,
            uses_expert=not self.no_expert,
            seed=self.seed,
        )

    @property
    def identity(self) -> dict[str, Any]:
        """The options that change what is learned, as JSON has them."""
        own = ((entry.name, getattr(self, entry.name)) for entry in fields(self))
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in own
            if name not in _FREE
        }

    def small(self) -> IvrConfig:
        """With ``--smoke``: so little of everything that it is over soon, and nothing left out."""
        if not self.smoke:
            return self
        # So hot that a good policy errs too: else there is nothing to repair.
        return replace(
            self,
            rounds=2,
            groups=2,
            num_generations=3,
            rooms="bathroom",
            temperature=2.0,
            repairs=1,
        )
