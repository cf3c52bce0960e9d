"""From an instruction in a person's own words to a task: where, with what goal, from what start.

An instruction that fits the templates has a goal that can be verified; any other is played without
a verdict. This happens before an episode begins: it knows the scenes, the agent does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from agent.wording import kinds_in
from envs.actions import types_of

if TYPE_CHECKING:
    from envs.tasks.base import Task
    from envs.thor_env import ThorEnv
    from policies.base import Policy

# So sure a reader must be that nothing is asked for, before the instruction is sent back.
NO_TASK = 0.9
Result = TypeVar("Result")


@dataclass(frozen=True)
class Unjudged:
    """The goal of an instruction whose success nobody but the reader can judge."""

    def text(self) -> str:
        """In words."""
        return "done to your satisfaction"

    def verify(self, state: object) -> bool:
        """Never holds by itself: the agent goes on until it says it is done."""
        return False


def assign(
    env: ThorEnv, policy: Policy, instruction: str, scene: str, seed: int
) -> tuple[Task, bool]:
    """The task of an instruction, in a scene that holds what it names; leaves `env` at its start.

    Args:
        env: Reset to try where the task may begin.
        policy: Says where it can find no task in the words.
        instruction: In words.
        scene: A scene's name, or a kind of room for any of its kind.
        seed: Chooses the room, the start, and where loose things lie.

    Returns:
        The task, and whether its success can be judged.

    Raises:
        ValueError: The instruction asks for nothing, or cannot be carried out in the scene.
    """
    from envs.tasks.goals import Every
    from envs.tasks.instructions import understand

    text = " ".join(instruction.split())
    said = f"--instruction {text!r}"
    understood = understand(text)
    check_words(text, policy, understood is not None, seed)
    family, target, receptacle, turn_on = "free", "", "", True
    goal = Every((Unjudged(),))
    if understood is not None:
        family, target, receptacle = understood.family, understood.target, understood.receptacle
        turn_on, goal = understood.turn_on, understood.goal
        check_affordance(family, target, receptacle, said)
    needed = [target, receptacle] + (["Knife"] if family == "slice" else [])
    scene = choose_scene(scene, [kind for kind in needed if kind], seed, said)
    for attempt in range(8):
        start = _ours(sample_start, env, scene, seed + 1000 * attempt)
        setup = first_of(scene, target) if family == "close" else ""
        task = replace(
            start,
            family=family,
            instruction=text,
            goal=goal,
            target=target,
            receptacle=receptacle,
            turn_on=turn_on,
            setup=setup,
        )
        _ours(env.reset, seed=seed, options={"task": task})
        if not goal.verify(env.state()):
            return task, understood is not None
    raise ValueError(
        f"{said}: in {scene} this is so already ({goal.text()}); ask for another "
        "thing, or take another --scene or --seed"
    )


def _ours(function: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
    """Call the simulator, whose ValueErrors are failures of ours, not of the instruction."""
    try:
        return function(*arguments, **named)
    except ValueError as error:
        raise RuntimeError(f"the simulator failed: {error}") from error


def sample_start(env: ThorEnv, scene: str, seed: int) -> Task:
    """Where the agent begins and where loose things lie, by seed."""
    from envs.tasks.sampler import sample_task

    return sample_task(
        env.controller, seed, "all", families=("find", "open"), scene=scene, varied=False
    )


def check_words(text: str, policy: Policy, understood: bool, seed: int) -> None:
    """Refuse words that ask for nothing, or that the expert can make nothing of.

    Raises:
        ValueError: Saying so.
    """
    policy.reset(text, seed)  # what has no words is refused here
    read = getattr(policy, "understanding", None)
    # A sentence that names an object is gone on with, however it was understood.
    if read is not None and not read.parses and not understood and not kinds_in(text):
        if read.confidence["family"] >= NO_TASK:
            raise ValueError(f"--instruction: {read.text}")
    if not understood and policy.name == "expert":
        raise ValueError(
            f"--instruction {text!r} names no goal the expert knows; say it plainly, "
            "such as 'put the apple in the fridge', 'find a mug' or "
            "'turn on the tap'"
        )


def check_affordance(family: str, target: str, receptacle: str, said: str) -> None:
    """Refuse to have things done that cannot be done to them.

    Raises:
        ValueError: Naming the thing and why not.
    """
    from envs.simulator.core.object_types import object_type
    from envs.tasks.object_names import name_of

    able = {
        "open": ("openable", "opened"),
        "close": ("openable", "closed"),
        "toggle": ("toggleable", "switched"),
        "slice": ("sliceable", "sliced"),
        "pick_and_place": ("pickupable", "carried"),
    }
    name, done = able.get(family, ("", ""))
    if name and not getattr(object_type(target), name):
        raise ValueError(f"{said}: the {name_of(target)} cannot be {done}; ask for another thing")
    homes = object_type(target).allowed_receptacles
    if receptacle and not set(types_of(receptacle)) & set(homes):
        raise ValueError(
            f"{said}: the {name_of(target)} cannot be put in or on the "
            f"{name_of(receptacle)}; it may go to {', '.join(homes)}"
        )


def choose_scene(asked: str, needed: list[str], seed: int, said: str) -> str:
    """A scene that holds everything the instruction names.

    Raises:
        ValueError: There is none, or the scene asked for is none.
    """
    from envs.simulator.scenes import load_scene
    from envs.tasks.base import ROOMS, scenes_of

    def missing(name: str) -> list[str]:
        kinds = {record.object_type for record in load_scene(name).objects}
        return [kind for kind in needed if not kinds.intersection(types_of(kind))]

    names = scenes_of("all", asked) if asked in ROOMS else (asked,)
    order = np.random.default_rng(seed).permutation(len(names))
    for k in order:
        if not missing(names[k]):
            return names[k]
    where = f"no {asked.replace('_', ' ')}" if asked in ROOMS else asked
    lacks = ", ".join(missing(names[order[0]]) if len(names) == 1 else needed)
    raise ValueError(
        f"{said}: {where} has {'' if asked in ROOMS else 'no '}{lacks}; "
        f"name a thing that is there, or use another --scene: {', '.join(ROOMS)}"
    )


def first_of(scene: str, kind: str) -> str:
    """The id of the first object of a type in a scene."""
    from envs.simulator.scenes import load_scene

    return next(
        record.object_id for record in load_scene(scene).objects if record.object_type == kind
    )
