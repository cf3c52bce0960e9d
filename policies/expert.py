"""The scripted expert: knows the simulator's state, and solves every task.

With ``search`` it acts only on what a seer could know: it looks around until what it needs is in
view, goes to it, and acts on it where it sees it. That makes its decisions a function of the
frame and of what happened, so that a policy can learn them. Without ``search`` it goes straight to
things, wherever they are.

Example:
    python -m policies.expert --episodes 60 --search
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np

from envs.actions import Action
from envs.observations import SEEN_PIXELS
from envs.skills import KNIVES
from envs.tasks.goals import types_of
from envs.tasks.templates import words_for
from envs.thor_env import ThorEnv
from policies.base import Answer, Context, Observation, Question, Reply

# A seer notices a thing of at least this many pixels of a 300x300 frame.
NOTICED_PIXELS = 45
# Having gone to it, it knows where to look.
ARRIVED_PIXELS = 6
MUST_OPEN = frozenset({"Fridge", "Microwave", "Cabinet", "Drawer", "Safe", "Box"})


@dataclass(frozen=True)
class Label:
    """What the expert would do now.

    Attributes:
        action: With a point where it acts on something in view.
        thought: A few lower-case words, the thing first: a policy that thinks of a thing has
            looked for it before it says whether it is there.
        object_id: The object acted on, or empty.
    """

    action: Action
    thought: str
    object_id: str = ""


class ExpertPolicy:
    """Privileged: it is given the environment itself.

    Args:
        env: The environment it acts in, reset before the first question.
        search: Act only on what has come into view.
    """

    name = "expert"

    def __init__(self, env: ThorEnv, search: bool = False) -> None:
        self.env = env
        self.search = search

    def reset(self, instruction: str, seed: int) -> None:
        """Nothing: every answer follows from the environment's state and the last step."""

    def act(self, observation: Observation, context: Context) -> Reply:
        last = context.history[-1] if context.history else None
        label = self.label(last.action if last else "", last.outcome if last else "")
        return Reply(
            action=label.action,
            thought=label.thought,
            plan=(label.action.to_text(),),
            text=f"{label.thought}: {label.action.to_text()}",
        )

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return None

    def label(self, last_action: str = "", outcome: str = "") -> Label:
        """The right next action in the environment's present state.

        Args:
            last_action: Text of the last action, by whomever.
            outcome: How it ended: ok or failed.
        """
        self._last = last_action.split(" at (")[0]
        self._ok = outcome == "ok"
        task = self.env.task
        assert task is not None
        if task.family == "find":
            return self._find(task.target)
        if task.family == "pick_and_place":
            if self._holds(types_of(task.target)):
                return self._place(task.receptacle)
            return self._free_hand() or self._take(task.target)
        if task.family == "slice":
            if not self._holds(KNIVES):
                return self._free_hand() or self._take("Knife")
            return self._approach_and("slice", task.target)
        if task.family == "toggle":
            return self._approach_and("toggle on" if task.turn_on else "toggle off", task.target)
        return self._approach_and(task.family, task.target)

    # ---- parts of plans ----
    def _objects(self) -> list[dict]:
        return self.env.controller.last_event.metadata["objects"]

    def _holds(self, kinds: tuple[str, ...]) -> bool:
        hand = self.env.controller.last_event.metadata["inventoryObjects"]
        return bool(hand) and hand[0]["objectType"] in kinds

    def _free_hand(self) -> Label | None:
        hand = self.env.controller.last_event.metadata["inventoryObjects"]
        if not hand:
            return None
        return Label(Action("drop"), f"{words_for(hand[0]['objectType'])} wrong")

    def _in_view(self, kind: str) -> str | None:
        view = self.env.skills.view
        least = ARRIVED_PIXELS if self._arrived(kind) else SEEN_PIXELS
        held = {o["objectId"] for o in self._objects() if o["isPickedUp"]}
        return next((i for i in view.of_types(types_of(kind), least) if i not in held), None)

    def _arrived(self, kind: str) -> bool:
        return self._ok and self._last == f"goto {kind}"

    def _at(self, verb: str, kind: str, object_id: str) -> Label:
        point = self.env.skills.view.interior(object_id)
        return Label(Action(verb, kind, point), f"{words_for(kind)} in view", object_id)

    def _seek(self, kind: str) -> Label:
        """Goes to a loose object that must be seen first."""
        seen = self._in_view(kind)
        if seen is not None and (
            not self.search or self.env.skills.view.pixels(seen) >= NOTICED_PIXELS
        ):
            if self._ok or not self._last.startswith("goto"):
                return self._at("goto", kind, seen)
            # A walk there has just failed: see it from elsewhere.
            return Label(Action("look around"), f"{words_for(kind)} not here")
        if not self.search:
            ids = [o["objectId"] for o in self._objects() if o["objectType"] in types_of(kind)]
            self.env.skills.seen.update(ids)
            return Label(Action("goto", kind), f"{words_for(kind)} next")
        if self._fallen(kind):
            return Label(Action("goto", kind), f"{words_for(kind)} next")
        return Label(Action("look around"), f"{words_for(kind)} not here")

    def _fallen(self, kind: str) -> bool:
        """Whether a thing that was seen lies on the floor: it was dropped, so it is near."""
        return any(
            o["objectId"] in self.env.skills.seen
            and any(p.startswith("Floor") for p in o["parentReceptacles"] or ())
            for o in self._objects()
            if o["objectType"] in types_of(kind)
        )

    def _find(self, kind: str) -> Label:
        seen = self._in_view(kind)
        if seen is not None and self._arrived(kind):
            return Label(Action("done"), f"{words_for(kind)} found", seen)
        return self._seek(kind)

    def _take(self, kind: str) -> Label:
        seen = self._in_view(kind)
        if seen is not None and self._arrived(kind):
            return self._at("pick up", kind, seen)
        return self._seek(kind)

    def _place(self, kind: str) -> Label:
        seen = self._in_view(kind)
        opened = self._ok and self._last == f"open {kind}"
        if seen is None or not (self._arrived(kind) or opened):
            return Label(Action("goto", kind), f"{words_for(kind)} next")
        if kind in MUST_OPEN and not self._state(seen)["isOpen"]:
            return self._at("open", kind, seen)
        return self._at("put in", kind, seen)

    def _approach_and(self, verb: str, kind: str) -> Label:
        loose = any(o["pickupable"] for o in self._objects() if o["objectType"] in types_of(kind))
        seen = self._in_view(kind)
        if seen is not None and self._arrived(kind):
            return self._at(verb, kind, seen)
        if loose and kind not in ("Microwave", "Toaster", "CoffeeMachine"):
            return self._seek(kind)
        return Label(Action("goto", kind), f"{words_for(kind)} next")

    def _state(self, object_id: str) -> dict:
        return next(o for o in self._objects() if o["objectId"] == object_id)


def run_episode(env: ThorEnv, seed: int, search: bool) -> tuple[bool, int, str, list[str]]:
    """(success, steps, family, action texts) of one seeded expert episode."""
    env.reset(seed=seed)
    expert = ExpertPolicy(env, search)
    last, outcome, log = "", "", []
    while True:
        label = expert.label(last, outcome)
        _, _, terminated, truncated, info = env.step(label.action)
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        log.append(f"{last} {outcome} {info['error']}")
        if terminated or truncated:
            return bool(info["success"]), env.steps, info["family"], log


def main(argv: list[str] | None = None) -> int:
    """Command line; exit code 0 if at least 98 % of the episodes succeed."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.expert",
        description="Check the expert on seeded tasks.",
        epilog="example: python -m policies.expert --episodes 300 --split all",
    )
    parser.add_argument("--episodes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--split", default="all", help="train, val, test or all")
    parser.add_argument("--search", action="store_true", help="act only on what came into view")
    parser.add_argument("--show-failures", type=int, default=3, help="print this many in full")
    options = parser.parse_args(argv)
    env = ThorEnv(split=options.split)
    tally: dict[str, list[int]] = {}
    steps, failures = [], []
    for seed in range(options.seed, options.seed + options.episodes):
        success, count, family, log = run_episode(env, seed, options.search)
        tally.setdefault(family, []).append(int(success))
        steps.append(count)
        if not success:
            failures.append(seed)
            assert env.task is not None
            print(f"seed {seed}: {env.task.scene} {env.task.instruction!r} failed", file=sys.stderr)
            if len(failures) <= options.show_failures:
                print("  " + "\n  ".join(log), file=sys.stderr)
    env.close()
    for family, results in sorted(tally.items()):
        print(f"{family:16s} {sum(results):4d} / {len(results)}")
    share = sum(map(sum, tally.values())) / max(1, options.episodes)
    print(
        f"expert{' (search)' if options.search else ''}: {share:.1%} of {options.episodes}, "
        f"{np.mean(steps):.1f} steps a task; failing seeds: {failures or 'none'}"
    )
    return 0 if share >= 0.98 else 1


if __name__ == "__main__":
    raise SystemExit(main())
