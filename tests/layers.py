"""Who may import whom: the floors of the house, from top to bottom.

A module stands on the floor whose entry is the longest prefix of its name. It imports its own entry
and entries of lower floors; entries that share a floor do not know each other. Inside an entry
modules import each other as long as no circle arises. ``tests/test_imports.py`` checks that
on the source; ``docs/draw_packages.py`` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Floor:
    """Packages, or single modules, that stand side by side.

    Attributes:
        entries: Dotted names; each covers what lies below it unless a longer entry does.
        holds: What is found here, in a phrase.
        parts: Packages inside an entry that only group its modules: they count as the entry.
    """

    entries: tuple[str, ...]
    holds: str
    parts: tuple[str, ...] = ()


FLOORS = (
    Floor(("run_episode",), "the command: one episode, or many"),
    Floor(
        ("training.ablations", "training.ivr_r1"),
        "policies trained without a part; reinforcement learning with repaired episodes",
    ),
    Floor(("training",), "trainers, and the face of the evaluation"),
    Floor(("training.reports",), "what trained parts are scored by"),
    Floor(("training.tables",), "rows of a paper, played and tabulated"),
    Floor(("training.export",), "episodes as data sets of others"),
    Floor(("training.evaluation",), "suite to verdicts to report"),
    Floor(("training.evaluation.truth",), "what was true of a step; what lost an episode"),
    Floor(("training.mmcr",), "dialogues about episodes: built, filtered, mixed, answered"),
    Floor(
        ("training.mmcr.writing", "training.mmcr.judging"),
        "who writes dialogues; who judges answers",
    ),
    Floor(("training.mmcr.filtering",), "dialogues that say what is not so"),
    Floor(
        ("training.mmcr.truth", "training.mmcr.dialogue"), "what frames show; what a dialogue is"
    ),
    Floor(("training.data.map",), "plans and corrected errors as a data set"),
    Floor(("training.data",), "frames and demonstrations to train on"),
    Floor(("training.data.wording",), "tasks in other words"),
    Floor(("training.ivr_r1.rollouts",), "rollouts from one moment, and their repairs"),
    Floor(("training.options",), "flags made from dataclasses"),
    Floor(("agent",), "loop, feedback parser, memory"),
    Floor(("agent.display",), "terminal, video, report of an episode"),
    Floor(("agent.recording",), "what an episode leaves on disk"),
    Floor(("agent.wording",), "discrepancies and memory in words"),
    Floor(("policies",), "one way to make any policy"),
    Floor(
        ("policies.expert", "policies.chat", "policies.cimr"),
        "who decides",
        parts=("policies.cimr.answers",),
    ),
    Floor(("policies.cimr.language",), "words, read and understood"),
    Floor(("policies.base", "policies.weight_files"), "what every policy answers; weights"),
    Floor(("policies.discrepancy",), "what can be wrong, and its remedy"),
    Floor(("envs.doctor",), "what works on this machine"),
    Floor(("envs",), "Gymnasium ids, several at once"),
    Floor(("envs.thor_env",), "one household task an episode"),
    Floor(("envs.faults", "envs.episode_snapshot"), "what goes wrong in it; to go back in it"),
    Floor(("envs.tasks",), "sampler, suites, registry"),
    Floor(("envs.tasks.published", "envs.tasks.families"), "tasks of others; families of ours"),
    Floor(("envs.tasks.trials",), "what families look for in a room"),
    Floor(("envs.tasks.family",), "what a family is"),
    Floor(
        ("envs.tasks.base", "envs.tasks.room_probe", "envs.tasks.history"),
        "task, room, its history",
    ),
    Floor(("envs.tasks.goals", "envs.tasks.object_names"), "conditions; words"),
    Floor(("envs.skills",), "walking and reaching"),
    Floor(
        ("envs.motion", "envs.views"),
        "ways, where to stand, where to look; what was where in earlier views",
    ),
    Floor(("envs.observations",), "what is shown"),
    Floor(
        (
            "envs.actions",
            "envs.arguments",
            "envs.backends",
            "envs.fault_kinds",
            "envs.skill_modes",
        ),
        "actions as text; every backend",
    ),
    Floor(("envs.camera_noise",), "a noisy camera"),
    Floor(("envs.supervised",), "backends kept alive"),
    Floor(("envs.simulator",), "the embedded AI2-THOR's face"),
    Floor(("envs.simulator.tools",), "measure, check, draw, build"),
    Floor(("envs.simulator.server",), "the ways in"),
    Floor(("envs.simulator.events",), "metadata and images"),
    Floor(("envs.simulator.dispatch",), "a message to its action"),
    Floor(("envs.simulator.actions",), "one method an action"),
    Floor(("envs.simulator.interaction",), "hold, open, put, spawn, pose"),
    Floor(("envs.simulator.navigation",), "stand and walk"),
    Floor(("envs.simulator.dynamics",), "drop, throw, push"),
    Floor(("envs.simulator.world",), "the room as it is now"),
    Floor(("envs.simulator.houses",), "ProcTHOR houses"),
    Floor(
        ("envs.simulator.scenes",), "the recorded rooms", parts=("envs.simulator.scenes.structure",)
    ),
    Floor(("envs.simulator.rendering",), "meshes to pixels"),
    Floor(
        ("envs.simulator.meshes",),
        "shapes of objects",
        parts=(
            "envs.simulator.meshes.bathroom",
            "envs.simulator.meshes.furniture",
            "envs.simulator.meshes.kitchen",
            "envs.simulator.meshes.living",
        ),
    ),
    Floor(("envs.simulator.core", "envs.simulator.system"), "geometry, types; the machine"),
)


def entry_of(module: str) -> str | None:
    """The entry a dotted name belongs to; None for what is not ours.

    >>> entry_of("envs.simulator.world.snapshot.take")
    'envs.simulator.world'
    >>> entry_of("environs") is None
    True
    """
    entries = (entry for floor in FLOORS for entry in floor.entries)
    covering = [e for e in entries if module == e or module.startswith(e + ".")]
    return max(covering, key=len, default=None)


def floor_of(entry: str) -> int:
    """Number of an entry's floor, counted from the top."""
    return next(n for n, floor in enumerate(FLOORS) if entry in floor.entries)


def may_import(importer: str, imported: str) -> bool:
    """Whether the floors let one module import another; what is not ours is not judged here."""
    own, other = entry_of(importer), entry_of(imported)
    if own is None or other is None or own == other:
        return True
    return floor_of(other) > floor_of(own)
