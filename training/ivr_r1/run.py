"""Rounds of IVR-R1: collect, screen, attribute, rectify, update; written down after each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from envs.simulator.system.stopping import Stopped, stop_noted
from policies.cimr.language.lexicon import plain_words, type_of_name
from policies.cimr.language.reader_files import reader_in
from policies.cimr.policy import LvlmPolicy
from policies.loading import DEFAULT, is_own, load_policy
from training.checkpoint import save_policy
from training.ivr_r1 import progress
from training.ivr_r1.config import IvrConfig
from training.ivr_r1.learner import Learner, UpdateReport, summary
from training.ivr_r1.progress import RunRecord
from training.ivr_r1.rollouts.counts import added
from training.ivr_r1.rollouts.desk import Desk
from training.ivr_r1.rollouts.group import GroupJob
from training.ivr_r1.rollouts.rollout import Group
from training.ivr_r1.rollouts.screening import has_variance
from training.ivr_r1.rollouts.worlds import Worlds
from training.optimisation import tensorboard_writer


def policy_of(name: str) -> LvlmPolicy:
    """The policy to begin with.

    Raises:
        ValueError: If there is none, or it is of another architecture.
    """
    if not is_own(name):
        raise ValueError(
            f"{name!r} is no policy of this project, and IVR-R1 learns with no other architecture: "
            "give default, or a folder written by training.sft."
        )
    policy = load_policy(name)
    if not isinstance(policy, LvlmPolicy):
        raise ValueError(f"{name!r} is of another architecture: give default or a folder.")
    return policy


class Run:
    """A run, from where it stands.

    Args:
        policy: Is changed.
        config: How.
        say: Is told a line a round.

    Raises:
        ValueError: If the folder's run is another one.
    """

    def __init__(
        self, policy: LvlmPolicy, config: IvrConfig, say: Callable[[str], None] = print
    ) -> None:
        self.policy, self.config, self.say = policy, config, say
        self.learner = Learner(policy, config.learner)
        self.record = progress.load(config.out, self.learner, config.identity)
        self.desk = Desk(policy, config.temperature)
        self.worlds = Worlds(config.group, self.desk, config.workers)
        self._writer: Any = None

    def rounds(self) -> RunRecord:
        """Plays and learns until all rounds are done, or a signal asks for the end.

        Raises:
            Stopped: A signal came; the rounds that were whole are kept.
            ValueError: If no world can begin, or the loss or a reward is no number.
        """
        self._writer = tensorboard_writer(self.config.tensorboard, self.record.rounds)
        try:
            with stop_noted() as stopped:
                while self.record.rounds < self.config.rounds:
                    if stopped():
                        raise Stopped(stopped(), f"{self.record.rounds} rounds are kept: go on so")
                    self._round()
        finally:
            self.worlds.close()
            if self._writer is not None:
                self._writer.close()
        return self.record

    def collect(self, number: int) -> tuple[list[Group], dict[str, int]]:
        """A round's groups, and what was counted."""
        config, lost, gone = self.config, self.worlds.lost, len(self.worlds.given_up)
        groups = self.worlds.play([GroupJob(number, k) for k in range(config.groups)])
        alike = sum(not _teaches(group) for group in groups)
        more = min(alike, round(config.resample * config.groups))
        if more:
            first = config.groups
            groups += self.worlds.play([GroupJob(number, first + k) for k in range(more)])
        counts = added(group.counts for group in groups)
        counts["taught_nothing"] = sum(not _teaches(group) for group in groups)
        counts["resampled"] = more
        counts["lost_worlds"] = self.worlds.lost - lost
        counts["lost_groups"] = len(self.worlds.given_up) - gone
        return groups, counts

    def _round(self) -> None:
        begun, before, number = time.perf_counter(), self.desk.seconds, self.record.rounds
        drawn, batches = self.desk.answers, self.desk.batches
        groups, counts = self.collect(number)
        played = time.perf_counter()
        report = self.learner.update(groups)
        seconds = {
            "simulator": sum(group.seconds for group in groups),
            "policy": self.desk.seconds - before,
            "update": time.perf_counter() - played,
        }
        steps = sum(group.env_steps for group in groups)
        line = {
            "round": number,
            **summary(groups),
            "counts": {name: count for name, count in counts.items() if count},
            "update": asdict(report),
            "env_steps": steps,
            "policy_steps": sum(group.policy_steps for group in groups),
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
            "collected_in": round(played - begun, 3),
            "answers_a_batch": (self.desk.answers - drawn) / max(1, self.desk.batches - batches),
        }
        self.record = replace(
            self.record,
            rounds=number + 1,
            counts=added([self.record.counts, counts]),
            env_steps=self.record.env_steps + steps,
            seconds={k: self.record.seconds.get(k, 0.0) + v for k, v in seconds.items()},
        )
        progress.save(self.config.out, self.learner, self.record, line)
        self._save_policy()
        self._tell(line, report)

    def _save_policy(self) -> None:
        name = self.config.policy
        begun = DEFAULT if name == "default" else Path(name).expanduser()
        save_policy(
            self.config.out / progress.POLICY,
            self.policy.model,
            self.policy.codec.tokenizer,
            known_words=sorted({*plain_words(), *type_of_name()}),
            scores={"ivr_r1": vars(self.record)},
            beside=reader_in(begun),
        )

    def _tell(self, line: dict[str, Any], report: UpdateReport) -> None:
        """A line for people, and the curves."""
        seconds = line["seconds"]
        total = sum(seconds.values()) or 1.0
        shares = ", ".join(f"{name} {value / total:.0%}" for name, value in seconds.items())
        pace = line["policy_steps"] / max(line["collected_in"], 1e-9)
        self.say(
            f"round {line['round'] + 1}/{self.config.rounds}  reward {line['reward']:.3f}  "
            f"success {line['success']:.0%}  loss {report.loss:.4f}  {report.rows} answers "
            f"({report.shaped} repaired)  {pace:.1f} policy steps/s  {shares}"
        )
        self.say("  " + json.dumps(line["counts"]))
        if self._writer is None:
            return
        for name in ("reward", "success", "steps", "env_steps"):
            self._writer.add_scalar(f"rollout/{name}", line[name], line["round"])
        for group in ("counts", "seconds", "update"):
            for name, value in line[group].items():
                self._writer.add_scalar(f"{group}/{name}", value, line["round"])


def uncovered(record: RunRecord) -> Sequence[str]:
    """Phases that no rollout of a run went through, as a small one may miss."""
    counts = added([record.counts])
    repaired = sum(counts[name] for name in counts if name.startswith("rectified_"))
    phases = {
        "screening": counts["screened"],
        "attribution": counts["attributed"],
        "repair": repaired + counts["refused"],
        "an accepted repair": repaired,
        "an update": counts["groups"] - counts["taught_nothing"],
    }
    return [name for name, count in phases.items() if not count]


def _teaches(group: Group) -> bool:
    return has_variance([rollout.reward for rollout in group.rollouts])


def closing(record: RunRecord) -> Sequence[str]:
    """What a run came to, in lines: how many flawed rollouts were repaired, and by whom."""
    counts = added([record.counts])
    own = [counts[f"rectified_try_{k}"] for k in (1, 2, 3)]
    flawed = max(1, counts["attributed"] + counts["unattributed"])
    seconds = record.seconds
    total = sum(seconds.values()) or 1.0
    return (
        f"{record.rounds} rounds, {record.env_steps} steps in the world; "
        f"{counts['screened']} of {counts['rollouts']} rollouts screened out, "
        f"{counts['zero_variance']} of {counts['groups']} groups all alike",
        f"repaired by the policy's own second answer {sum(own)} of {flawed} "
        f"({sum(own) / flawed:.0%}; at try 1, 2, 3: {own[0]}, {own[1]}, {own[2]}), by the expert "
        f"{counts['rectified_by_expert']}, by nobody {counts['unrepaired']}; "
        f"{counts['refused']} attempts earned no more",
        "time: " + ", ".join(f"{name} {value / total:.0%}" for name, value in seconds.items()),
    )
