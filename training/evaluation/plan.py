"""What an evaluation is: the plan, and the episodes it asks for.

Plan("map-val", "default", rounds=(1, 3))   of every task two clean episodes and a faulted one
Job(4, 3, "noop").name                      '0004-noop-r3', the episode's directory
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from envs.skill_modes import DEFAULT_SKILLS, SKILL_MODES, rules_by_default
from envs.tasks.suite import Suite, suite_names
from policies.chat.endpoint import EndpointSettings
from training.options import option

BLIND = ("none", "blank_frame", "blank_instruction", "wrong_instruction")
FEEDBACK = ("real", "scrambled", "misleading", "empty")
KEEP = ("none", "thumbnails", "frames")
VIDEOS = ("none", "failures", "all")
LEVELS = ("suite", "skill", "primitive")
RULES = ("auto", "on", "off")
OBJECTIONS = ("all", "seen", "written", "untold")


def _suites() -> str:
    named = ", ".join(suite_names())
    return (
        f"{named}, a suite's .jsonl, alfred:PATH, eb-navigation:PATH or "
        "embodied-reasoner:PATH; nav-eb, nav-vagen and eb-navigation are played in primitive moves"
    )


def _rounds(text: str) -> tuple[int, ...]:
    try:
        found = tuple(sorted({int(word) for word in text.split(",")}))
    except ValueError:
        found = ()
    if not found or found[0] < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers from 1 up, such as 1,3")
    return found


@dataclass(frozen=True)
class Plan:
    """What an evaluation is: equal plans give equal results.

    Attributes:
        suite: As of ``envs.tasks.suite_sources.open_suite``.
        policy: As of ``policies.make_policy``.
        adapter: Of a Hugging Face model.
        device: Of a Hugging Face model.
        backend: As of ``envs.backends.make_controller``.
        rounds: Most proposals a step; the last is what is reported, the others are beside it.
        faults: Also play the faulted twin of every task that has one.
        control: One of ``BLIND``.
        feedback: One of ``FEEDBACK``.
        action_level: One of ``LEVELS``; ``suite``: the suite's own.
        skills: As of ``envs.skill_modes``.
        rules: on or off: the agent's hand-written rules; auto becomes what goes with the skills.
        objections: One of ``OBJECTIONS``: all; only what the policy itself sees; only those of
            memory and words, which are written by hand; or all, and the policy is told none, only
            asked again (``agent.refine.plain_retries``).
        frame: Pixels along a frame's side; 0 is the suite's own.
        camera_noise: On what the policy and the feedback parser see, levels of 255.
        keep: none, thumbnails or frames of every step.
        videos: none, failures or all.
        threads: Of the processor, for the policy.
        endpoint: How ``openai:MODEL`` is asked, and what it may cost.
    """

    suite: str = option(_suites, "map-val", metavar="NAME")
    policy: str = option(
        "expert, expert-search (acts on what it has seen), random, or as of run_episode.py: "
        "default, a folder, a Hugging Face id, openai:MODEL",
        "default",
        metavar="NAME",
    )
    adapter: str | None = option("peft adapter of a Hugging Face model", None, metavar="NAME")
    device: str = option("of a Hugging Face model, such as cuda", "cpu", metavar="NAME")
    backend: str = option("embedded, unity, or an executable's command", "embedded", metavar="NAME")
    rounds: tuple[int, ...] = option(
        "most proposals a step; with 1,3 also retry ERR and the gain of rounds",
        (3,),
        parse=_rounds,
        metavar="N[,N]",
    )
    faults: bool = option("play the clean tasks only", True)
    control: str = option("keep the policy from seeing or reading", "none", choices=BLIND)
    feedback: str = option("what it is told of its last action", "real", choices=FEEDBACK)
    action_level: str = option(
        "suite: the publisher's own, which is primitive moves for navigation suites and skills for "
        "all others",
        "suite",
        choices=LEVELS,
    )
    skills: str = option(
        "helped, or honest: points where needed, ends by done", DEFAULT_SKILLS, choices=SKILL_MODES
    )
    rules: str = option(
        "hand-written rules of the agent; auto: on with helped skills", "auto", choices=RULES
    )
    objections: str = option(
        "its own, to its answers: all; only seen, or only written by hand; untold: all, but it is "
        "asked again without a word of them",
        "all",
        choices=OBJECTIONS,
    )
    camera_noise: float = option("of the camera, levels of 255", 0.0, least=0, metavar="SIGMA")
    frame: int = option("pixels along a frame's side; 0: the suite's", 0, least=0, metavar="PIXELS")
    keep: str = option("pictures to keep of every step", "thumbnails", choices=KEEP)
    videos: str = option("episodes to film, as episode.mp4", "none", choices=VIDEOS)
    threads: int = option("of the processor, a process", 1, least=1)
    endpoint: EndpointSettings | None = None

    def __post_init__(self) -> None:
        """Settles what ``auto`` means, so that every record says it."""
        if self.rules == "auto":
            chosen = "on" if rules_by_default(self.skills) else "off"
            object.__setattr__(self, "rules", chosen)


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
