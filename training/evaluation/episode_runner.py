"""Plays single episodes of an evaluation and writes each, whole or not at all.

What a process needs once (suite, policy, environment) is made once. An episode's directory holds
``verdict.json``, ``trajectory.jsonl``, ``timing.jsonl``, ``truth.json``, and as asked for
``thumbnails.webp``, ``frames/`` and ``episode.mp4``.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.display.video import VIDEO_FILE, Video
from agent.feedback import FeedbackParser
from agent.loop import Episode, EpisodeSettings, InstructionRefused
from agent.recording.observer import Observer
from agent.recording.output import run_directory, write_text
from agent.recording.recorder import Recorder
from agent.recording.thumbnails import Thumbnails
from agent.recording.trajectory import EpisodeHeader, read_trajectory
from envs.actions import Action
from envs.backends import backend_stamp
from envs.faults import Fault
from envs.simulator.system.process_memory import map_large_blocks, resident_mb, return_freed
from envs.tasks.suite import Entry, Suite
from envs.thor_env import ThorEnv
from policies.chat.endpoint import EndpointSettings
from policies.make_policy import PolicyOptions, make_policy
from training.evaluation.attribution import Witness, put_down_to
from training.evaluation.controls import Controlled, Overheard, other_instructions
from training.evaluation.metrics import ErrorSpan, Verdict, judge
from training.evaluation.sources import open_suite

VERDICT_FILE = "verdict.json"
TRUTH_FILE = "truth.json"
KEEP = ("none", "thumbnails", "frames")
VIDEOS = ("none", "failures", "all")


@dataclass(frozen=True)
class Plan:
    """What an evaluation is: equal plans give equal results.

    Attributes:
        suite: As of ``training.evaluation.sources.open_suite``.
        policy: One of ``EXPERTS``, random, or as of run_episode.py.
        adapter: Of a Hugging Face model.
        device: Of a Hugging Face model.
        backend: As of ``envs.backends.make_controller``.
        rounds: Most proposals a step; the last is what is reported, the others are beside it.
        faults: Also play the faulted twin of every task that has one.
        control: One of ``training.evaluation.controls.BLIND``.
        feedback: One of ``training.evaluation.controls.FEEDBACK``.
        keep: none, thumbnails or frames of every step.
        videos: none, failures or all.
        threads: Of the processor, for the policy.
        endpoint: How ``openai:MODEL`` is asked, and what it may cost.
    """

    suite: str
    policy: str = "default"
    adapter: str | None = None
    device: str = "cpu"
    backend: str = "embedded"
    rounds: tuple[int, ...] = (3,)
    faults: bool = True
    control: str = "none"
    feedback: str = "real"
    keep: str = "thumbnails"
    videos: str = "none"
    threads: int = 1
    endpoint: EndpointSettings | None = None


@dataclass(frozen=True)
class Job:
    """One episode: which task, how many rounds, and whether its fault strikes."""

    index: int
    rounds: int
    fault: str = ""

    @property
    def name(self) -> str:
        """Its directory."""
        return f"{self.index:04d}-{self.fault or 'clean'}-r{self.rounds}"


def jobs_of(suite: Suite, plan: Plan, episodes: int | None = None) -> list[Job]:
    """The episodes of an evaluation: of each task clean ones, then its faulted twin."""
    found = []
    for index, entry in enumerate(suite.entries[:episodes]):
        found += [Job(index, rounds) for rounds in plan.rounds]
        if plan.faults and entry.fault:
            found.append(Job(index, plan.rounds[-1], entry.fault))
    return found


class Player:
    """Plays the episodes of a plan, one after the other.

    Args:
        plan: What is evaluated.

    Raises:
        ValueError: If the suite, the policy or the backend is not to be had.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        if plan.videos != "none":
            map_large_blocks()
        self.suite = open_suite(plan.suite)
        how = self.suite.setting
        self.env = ThorEnv(
            backend=plan.backend,
            action_level=how.action_level,
            feedback=how.feedback,
            split="all",
            room="any",
            varied=False,
            width=how.size,
            height=how.size,
            max_steps=how.max_steps,
            move=how.move,
        )
        _ = self.env.controller
        asked = PolicyOptions(
            name=plan.policy,
            adapter=plan.adapter,
            device=plan.device,
            action_level=how.action_level,
            endpoint=plan.endpoint,
            threads=plan.threads,
        )
        self.policy = make_policy(asked, self.env)
        wrong = plan.control == "wrong_instruction"
        self._others = other_instructions([e.task for e in self.suite.entries]) if wrong else []

    def play(self, job: Job, out: Path) -> Verdict:
        """Plays an episode and writes it to ``out / job.name``.

        Args:
            job: Which.
            out: Where the evaluation's episodes are.
        """
        return_freed()
        entry = self.suite.entries[job.index]
        fault = Fault(job.fault, entry.fault_seed) if job.fault else None
        self.env.fault = fault
        witness = Witness(self.env)
        heard = Overheard(witness, self.plan.feedback, entry.seed)
        other = self._others[job.index] if self._others else ""
        policy = Controlled(self.policy, self.plan.control, other)
        with run_directory(out / job.name) as place, contextlib.ExitStack() as stack:
            recorder = Recorder(place, frames=self.plan.keep == "frames")
            observers: list[Observer] = [stack.enter_context(recorder)]
            if self.plan.keep != "none":
                observers.append(Thumbnails(place))
            if self.plan.videos != "none":
                observers.append(stack.enter_context(Video(place / VIDEO_FILE)))
            parser = policy.parser(entry.task.instruction)
            episode = Episode(heard, policy, self._settings(job, parser), observers)
            self.env.on_frame = episode.frame_passed if self.plan.videos != "none" else None
            stack.callback(setattr, self.env, "on_frame", None)
            begun = time.perf_counter()
            try:
                summary = episode.run(
                    self._header(entry, job), seed=entry.seed, options={"task": entry.task}
                )
            except InstructionRefused as refusal:
                verdict = unplayed(entry, job, refused=str(refusal))
                save_verdict(place, verdict, 0.0)
                return verdict
            seconds = time.perf_counter() - begun
            stack.close()
            if self.plan.videos == "failures" and summary.success:
                (place / VIDEO_FILE).unlink(missing_ok=True)
            trajectory = read_trajectory(place)
            cause = put_down_to(trajectory, witness.steps)
            hits = [step.hit for step in witness.steps if step.hit is not None]
            verdict = judge(trajectory, entry.key, job.fault, entry.best_steps, cause, hits)
            truth = [asdict(step) for step in witness.steps]
            (place / TRUTH_FILE).write_text(json.dumps(truth), encoding="utf-8")
            save_verdict(place, verdict, seconds)
        return verdict

    def _settings(self, job: Job, parser: FeedbackParser) -> EpisodeSettings:
        last = Action("look around") if self.suite.setting.action_level == "skill" else None
        return EpisodeSettings(rounds=job.rounds, parser=parser, last_resort=last)

    def _header(self, entry: Entry, job: Job) -> EpisodeHeader:
        how = self.suite.setting
        return EpisodeHeader(
            scene=entry.task.scene,
            family=entry.task.family,
            instruction="",
            seed=entry.seed,
            policy=self.policy.name,
            backend=backend_stamp(self.plan.backend),
            action_level=how.action_level,
            feedback=how.feedback,
            rounds=job.rounds,
            fault=job.fault,
        )

    def close(self) -> None:
        """Stops the backend."""
        self.env.close()


def unplayed(entry: Entry, job: Job, refused: str = "", crashed: str = "") -> Verdict:
    """The verdict on an episode without a step: lost, and why."""
    return Verdict(
        key=entry.key,
        scene=entry.task.scene,
        family=entry.task.family,
        instruction=entry.task.instruction,
        rounds=job.rounds,
        fault=job.fault,
        struck=False,
        success=False,
        conditions_met=0,
        conditions=len(entry.task.goal.conditions),
        steps=0,
        best_steps=entry.best_steps,
        proposals=0,
        errors=(),
        failed_steps=0,
        repeated=0,
        noticed=0,
        false_alarms=0,
        refused=refused[:500],
        crashed=crashed[:500],
    )


def save_verdict(place: Path, verdict: Verdict, seconds: float) -> None:
    """Writes ``verdict.json`` into an episode's directory, with the process's memory by then."""
    content = {
        **asdict(verdict),
        "seconds": round(seconds, 3),
        "megabytes": round(resident_mb(), 1),
    }
    write_text(place / VERDICT_FILE, json.dumps(content, indent=1))


def load_verdict(place: Path) -> tuple[Verdict, float] | None:
    """The verdict in an episode's directory with its seconds; None if it has no whole one."""
    try:
        content: dict[str, Any] = json.loads((place / VERDICT_FILE).read_text(encoding="utf-8"))
        seconds = float(content.pop("seconds"))
        content.pop("megabytes", None)
        content["errors"] = tuple(ErrorSpan(**span) for span in content["errors"])
        return Verdict(**content), seconds
    except (OSError, ValueError, KeyError, TypeError):
        return None
