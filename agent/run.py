"""One call of ``run_episode.py``: its episodes played, shown, written and summed up."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from agent.assignment import assign
from agent.batch import Result, combined, result_of, single, write_batch
from agent.display.progress import Progress, closing_line
from agent.display.report import write_report
from agent.display.video import VIDEO_FILE, Video
from agent.loop import Episode, EpisodeSettings, InstructionRefused
from agent.recording.output import run_directory
from agent.recording.recorder import Recorder
from agent.recording.trajectory import EpisodeHeader
from envs.actions import Action
from envs.backends import backend_stamp
from envs.overview import Overview
from envs.simulator.system.whole import no_room
from envs.skill_modes import HONEST
from envs.supervised.errors import BackendError
from envs.tasks.sampler import NoTaskError
from envs.thor_env import ThorEnv
from policies.base import Policy, PolicyStopped
from policies.chat.endpoint import EndpointError


@dataclass
class Run:
    """Everything one call of the command shares between its episodes.

    Attributes:
        options: The parsed command line of ``run_episode.py``.
        env: Where it is played.
        policy: Who decides.
        console: Where progress is told.
        crashed: Episodes that could not be played to their end.
    """

    options: argparse.Namespace
    env: ThorEnv
    policy: Policy
    console: Console
    crashed: int = field(default=0, init=False)

    def play_all(self) -> tuple[dict[str, Any], str]:
        """Plays every episode; returns the result as a JSON object and as one line.

        Raises:
            ValueError: An episode cannot be set up as asked; nothing was played.
            BackendError, EndpointError, PolicyStopped: No episode at all could be played.
        """
        asked = self.options
        backend = backend_stamp(asked.backend)
        page = str(asked.out / "report.html")
        if asked.episodes == 1:
            with run_directory(asked.out) as directory:
                result = self.play(asked.seed, asked.out, directory)
            line = closing_line(result.summary, result.seconds, page)
            return single(result, backend, self.policy.name), line
        with run_directory(asked.out) as directory:
            results = self._play_several(directory)
            total = combined(results, backend, self.policy.name, asked.out)
            total["crashed"] = self.crashed
            write_batch(directory, results, total)
        return total, (
            f"{100 * total['success']:.1f} % of {len(results)} episodes solved: "
            f"{total['steps']} steps, {total['errors']} errors, {total['recovered']} "
            f"recovered, {total['false_alarms']} false alarms, "
            f"{total['mean_rounds']:.2f} proposals a step, "
            f"{f'{self.crashed} crashed, ' if self.crashed else ''}"
            f"{total['seconds']:.1f} s -> {page}"
        )

    def _play_several(self, directory: Path) -> list[Result]:
        """Plays episodes until all are played, or something stops them; keeps those played."""
        asked, say = self.options, self.console.print
        results: list[Result] = []
        for number in range(asked.episodes):
            name = f"episode-{number:03d}"
            try:
                with run_directory(directory / name) as place:
                    results.append(self.play(asked.seed + number, asked.out / name, place))
            except KeyboardInterrupt:
                if not results:
                    raise
                say(f"      interrupted: {number - self.crashed} episodes are kept")
                break
            except PolicyStopped as error:
                if not results:
                    raise
                say(f"      stopped after {number} episodes: {error}")
                break
            except OSError as error:
                full = no_room(error)
                if full is None or not results:
                    raise
                say(f"      stopped after {number} episodes: no room for more ({full.strerror})")
                break
            except (BackendError, EndpointError) as error:
                self.crashed += 1  # the next reset starts the backend afresh
                say(f"      crashed, seed {asked.seed + number}: {error}")
                if number + 1 == asked.episodes and not results:
                    raise
                continue
            last = results[-1]
            say("      " + closing_line(last.summary, last.seconds, str(last.out)))
        return results

    def play(self, seed: int, out: Path, directory: Path) -> Result:
        """Plays one episode into ``directory``, which will stand at ``out``.

        Raises:
            ValueError: The episode cannot be set up as asked; nothing was played.
        """
        began = time.perf_counter()
        asked = self.options
        progress = Progress(self.console)
        task, judged = None, True
        try:
            if asked.instruction is not None:
                task, judged = assign(self.env, self.policy, asked.instruction, asked.scene, seed)
            onlooker = Overview(self.env)
            with Recorder(directory) as recorder, Video(directory / VIDEO_FILE, onlooker) as video:
                elsewhere = Action("look around") if asked.action_level == "skill" else None
                settings = EpisodeSettings(
                    rounds=asked.rounds,
                    judged=judged,
                    last_resort=elsewhere,
                    rules=asked.rules,
                    recalls=asked.skills == HONEST,
                )
                watching = (progress, recorder, video)
                episode = Episode(self.env, self.policy, settings, watching, onlooker)
                self.env.on_frame = episode.frame_passed
                options = {"task": task} if task else None
                try:
                    summary = episode.run(self._header(seed), seed=seed, options=options)
                except InstructionRefused:
                    raise
                except ValueError as error:  # a fault of ours, and no bad input
                    raise RuntimeError(f"the episode broke off: {error}") from error
        except NoTaskError as error:
            raise ValueError(f"{error}; take another --scene, --task or --seed") from error
        write_report(directory)
        return result_of(directory, out, summary, time.perf_counter() - began)

    def _header(self, seed: int) -> EpisodeHeader:
        """What is known of an episode before it begins."""
        asked = self.options
        return EpisodeHeader(
            scene=asked.scene,
            family=asked.task or "",
            instruction="",
            seed=seed,
            policy=self.policy.name,
            backend=backend_stamp(asked.backend),
            action_level=asked.action_level,
            feedback=asked.feedback,
            rounds=asked.rounds,
            fault=asked.fault or "",
            skills=asked.skills,
            rules=asked.rules,
            camera_noise=asked.camera_noise,
            render_quality=asked.render_quality,
        )
