"""Plays single episodes of an evaluation and writes each, whole or not at all.

What a process needs once (suite, policy, environment) is made once. An episode's directory holds
``verdict.json``, ``trajectory.jsonl``, ``timing.jsonl``, ``truth.json``, and as asked for
``thumbnails.webp``, ``frames/`` and ``episode.mp4``. The verdict is made of the very records that
were written: nothing is read back.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from agent.display.video import VIDEO_FILE, Video
from agent.feedback import FeedbackParser
from agent.loop import Episode, EpisodeSettings, InstructionRefused
from agent.recording.observer import Observer
from agent.recording.output import run_directory
from agent.recording.recorder import Recorder
from agent.recording.thumbnails import Thumbnails
from agent.recording.trajectory import (
    EpisodeHeader,
    EpisodeSummary,
    StepRecord,
    Timing,
    Trajectory,
)
from agent.recovery import ErrorSpan
from envs.actions import Action
from envs.backends import backend_stamp
from envs.faults import Fault
from envs.overview import Overview
from envs.simulator.system.process_memory import map_large_blocks, return_freed
from envs.skill_modes import HONEST
from envs.tasks.suite import Entry
from envs.tasks.suite_sources import open_suite
from envs.thor_env import ThorEnv
from policies.make_policy import PolicyOptions, make_policy
from training.evaluation.controls import FeedbackControl, PolicyControl, other_instructions
from training.evaluation.plan import Job, Plan
from training.evaluation.truth.attribution import attribute_failure
from training.evaluation.truth.step_truth import StepTruth
from training.evaluation.truth.truth_recorder import TruthRecorder
from training.evaluation.verdicts import (
    TRUTH_FILE,
    EpisodeResult,
    Verdict,
    judge,
    save_result,
    unplayed,
)


class TrajectoryKeeper(Observer):
    """Keeps an episode's records in memory, as ``Recorder`` writes them."""

    def __init__(self) -> None:
        self._header: EpisodeHeader | None = None
        self._steps: list[StepRecord] = []
        self._timing: list[Timing] = []
        self._summary: EpisodeSummary | None = None

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """Keeps the header."""
        self._header = header

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """Keeps the step and its times."""
        self._steps.append(record)
        self._timing.append(timing)

    def ended(self, summary: EpisodeSummary, frame: np.ndarray) -> None:
        """Keeps the summary."""
        self._summary = summary

    @property
    def trajectory(self) -> Trajectory:
        """What was kept.

        Raises:
            RuntimeError: If no episode has begun.
        """
        if self._header is None:
            raise RuntimeError("No episode was observed: give the keeper to an Episode and run it.")
        return Trajectory(self._header, tuple(self._steps), self._summary, tuple(self._timing))


class EpisodeRunner:
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
        self.suite = open_suite(plan.suite, plan.action_level)
        how = self.suite.setting
        self.env = ThorEnv(
            backend=plan.backend,
            action_level=how.action_level,
            feedback=how.feedback,
            split="all",
            room="any",
            varied=False,
            width=plan.frame or how.size,
            height=plan.frame or how.size,
            max_steps=how.max_steps,
            move=how.move,
            skills=plan.skills,
            camera_noise=plan.camera_noise,
        )
        _ = self.env.controller
        asked = PolicyOptions(
            name=plan.policy,
            adapter=plan.adapter,
            device=plan.device,
            action_level=how.action_level,
            endpoint=plan.endpoint,
            threads=plan.threads,
            rules=plan.rules == "on",
        )
        self.policy = make_policy(asked, self.env)
        wrong = plan.control == "wrong_instruction"
        self._others = other_instructions([e.task for e in self.suite.entries]) if wrong else []

    def play(self, job: Job, out: Path) -> EpisodeResult:
        """Plays an episode and writes it to ``out / job.name``.

        Args:
            job: Which.
            out: Where the evaluation's episodes are.
        """
        return_freed()
        entry = self.suite.entries[job.index]
        self.env.fault = Fault(job.fault, entry.fault_seed) if job.fault else None
        truth, keeper = TruthRecorder(self.env), TrajectoryKeeper()
        with run_directory(out / job.name) as place:
            try:
                errors, seconds = self._run(job, entry, truth, keeper, place)
            except InstructionRefused as refusal:
                result = EpisodeResult.now(unplayed(entry, job, refused=str(refusal)))
            else:
                verdict = _verdict(job, entry, keeper.trajectory, errors, truth.steps)
                if self.plan.videos == "failures" and verdict.success:
                    (place / VIDEO_FILE).unlink(missing_ok=True)
                text = json.dumps([asdict(step) for step in truth.steps])
                (place / TRUTH_FILE).write_text(text, encoding="utf-8")
                result = EpisodeResult.now(verdict, seconds)
            save_result(place, result)
        return result

    def _run(
        self,
        job: Job,
        entry: Entry,
        truth: TruthRecorder,
        keeper: TrajectoryKeeper,
        place: Path,
    ) -> tuple[tuple[ErrorSpan, ...], float]:
        """Plays with all observers; returns the episode's errors and the seconds it took."""
        other = self._others[job.index] if self._others else ""
        policy = PolicyControl(self.policy, self.plan.control, other)
        told = FeedbackControl(truth, self.plan.feedback, entry.seed)
        with contextlib.ExitStack() as stack:
            recorder = Recorder(place, frames=self.plan.keep == "frames")
            observers: list[Observer] = [keeper, stack.enter_context(recorder)]
            if self.plan.keep != "none":
                observers.append(Thumbnails(place))
            onlooker = Overview(self.env) if self.plan.videos != "none" else None
            if onlooker is not None:
                observers.append(stack.enter_context(Video(place / VIDEO_FILE, onlooker)))
            parser = policy.parser(entry.task.instruction)
            episode = Episode(told, policy, self._settings(job, parser), observers, onlooker)
            self.env.on_frame = episode.frame_passed if self.plan.videos != "none" else None
            stack.callback(setattr, self.env, "on_frame", None)
            begun = time.perf_counter()
            episode.run(self._header(entry, job), seed=entry.seed, options={"task": entry.task})
            seconds = time.perf_counter() - begun
        return episode.recovery, seconds

    def _settings(self, job: Job, parser: FeedbackParser) -> EpisodeSettings:
        last = Action("look around") if self.suite.setting.action_level == "skill" else None
        heard = self.plan.objections
        return EpisodeSettings(
            rounds=job.rounds,
            parser=replace(parser, visual=heard != "written", consistency=heard != "seen"),
            last_resort=last,
            rules=self.plan.rules == "on",
            recalls=self.plan.skills == HONEST,
            tells=heard != "untold",
        )

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
            skills=self.plan.skills,
            rules=self.plan.rules == "on",
            camera_noise=self.plan.camera_noise,
        )

    def close(self) -> None:
        """Stops the backend."""
        self.env.close()


def _verdict(
    job: Job,
    entry: Entry,
    trajectory: Trajectory,
    errors: Sequence[ErrorSpan],
    truth: Sequence[StepTruth],
) -> Verdict:
    """What an episode that was played to its end comes to."""
    cause = attribute_failure(trajectory.steps, errors, truth)
    hits = [step.hit for step in truth if step.hit is not None]
    return judge(trajectory, entry.key, job.fault, entry.best_steps, cause, hits, errors)
