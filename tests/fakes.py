"""Small stand-ins for the heavy parts, for tests. Every part of the project may add its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from envs.actions import ActionFormatError, parse_action
from envs.overview import Footprint, Pose, RoomMap
from policies.base import Answer, Context, Observation, Question, Reply
from training.evaluation.plan import Job
from training.evaluation.pool import News, WorkerHandle


class FakeKitchen:
    """A two-place kitchen with Gymnasium's API: an apple on the counter, a fridge that can open.

    The goal: the apple in the fridge. The view shows the place as its colour, the apple as a red
    square (also when held, bottom right) and an open fridge as a white stripe. Actions named in
    `broken` claim to work but do nothing the first time they are tried.
    """

    INSTRUCTION = "put the apple in the fridge"

    def __init__(
        self,
        broken: tuple[str, ...] = (),
        feedback: str = "binary",
        max_steps: int = 30,
        refuses_points: bool = False,
    ) -> None:
        self.broken, self.feedback, self.max_steps = broken, feedback, max_steps
        self.refuses_points = refuses_points
        self.on_frame: Callable[[np.ndarray], None] | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        self.place, self.apple, self.is_open, self.count = "Door", "CounterTop", False, 0
        self.spent: set[str] = set()
        self.tint = int(np.random.default_rng(seed).integers(40))
        return self._observation(""), self._info(True, "")

    def step(self, action: Any) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        self.count += 1
        verb = getattr(action, "verb", None)
        target = getattr(action, "target", None)
        name = f"{verb} {target}" if target else str(verb)
        fault = ""
        if name in self.broken and name not in self.spent:
            self.spent.add(name)
            works, fault = True, "no effect"
        else:
            pointless = getattr(action, "point", None) is None or not self.refuses_points
            works = pointless and self._apply(verb, target)
        info = self._info(works, fault)
        over = bool(info["success"]) or verb == "done"
        text = "" if self.feedback == "none" else "ok" if works else "failed"
        late = self.count >= self.max_steps
        return self._observation(text), float(info["success"]), over, late, info

    def _apply(self, verb: str | None, target: str | None) -> bool:
        if verb == "goto" and target in ("Fridge", "CounterTop"):
            self.place = str(target)
            for _ in range(3):
                if self.on_frame:
                    self.on_frame(self.frame())
            return True
        if verb == "open" and target == "Fridge" == self.place and not self.is_open:
            self.is_open = True
            return True
        if verb == "pick up" and target == "Apple" and self.apple == self.place:
            self.apple = "hand"
            return True
        if verb == "put in" and target == self.place and self.apple == "hand":
            if target == "Fridge" and not self.is_open:
                return False
            self.apple = str(target)
            return True
        return verb == "done"

    def frame(self) -> np.ndarray:
        colour = {"Door": (90, 90, 90), "CounterTop": (150, 110, 60), "Fridge": (60, 110, 150)}
        rgb = np.empty((64, 64, 3), np.uint8)
        rgb[:] = colour[self.place]
        rgb[:, :, 1] += np.uint8(self.tint)
        if self.place == "Fridge" and self.is_open:
            rgb[:10] = 255
        if self.apple == self.place:
            rgb[20:30, 20:30] = (220, 20, 20)
        if self.apple == "hand":
            rgb[54:, 54:] = (220, 20, 20)
        return rgb

    def _observation(self, feedback: str) -> dict[str, Any]:
        return {"rgb": self.frame(), "instruction": self.INSTRUCTION, "feedback": feedback}

    def _info(self, works: bool, fault: str) -> dict[str, Any]:
        met = int(self.apple in ("hand", "Fridge")) + int(self.apple == "Fridge")
        return {
            "success": met == 2,
            "goal_conditions_met": met,
            "goal_conditions": 2,
            "action_success": works,
            "fault": fault,
        }


class ScriptedPolicy:
    """Says what the script says; on a rejected or failed answer goes by `instead` where it can.

    Args:
        script: Action texts, in order; anything that does not parse is a malformed reply.
        instead: What to say in place of an answer that was rejected in this step.
        sees: Answer questions about `FakeKitchen`'s frames from their pixels.
        thoughts: What it thinks with which answer.
    """

    name = "scripted"

    def __init__(
        self,
        script: Sequence[str],
        instead: dict[str, str] | None = None,
        sees: bool = True,
        thoughts: dict[str, str] | None = None,
    ) -> None:
        self.script, self.instead, self.sees = tuple(script), instead or {}, sees
        self.thoughts = thoughts or {}
        self.contexts: list[Context] = []

    def reset(self, instruction: str, seed: int) -> None:
        self.next = 0
        self.contexts.clear()

    def act(self, observation: Observation, context: Context) -> Reply:
        self.contexts.append(context)
        if context.round == 1:
            self.next += 1
        text = self.script[min(self.next, len(self.script)) - 1]
        while text in context.rejected and text in self.instead:
            text = self.instead[text]
        attention = np.full((4, 4), 0.05)
        attention[1, 2] = 0.25
        try:
            action, error = parse_action(text), ""
        except ActionFormatError as problem:
            action, error = None, str(problem)
        return Reply(
            action=action,
            thought=self.thoughts.get(text, "as scripted"),
            plan=("fetch the apple",),
            text=text,
            confidence=1.0,
            attention=attention,
            error=error,
        )

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        if not self.sees:
            return None
        is_red = (frame[..., 0] > 200) & (frame[..., 2] < 30)
        is_open = bool((frame[0, 0] == 255).all())
        known = {
            ("in_view", "Apple"): bool(is_red.any()),
            ("holding", "Apple"): bool(is_red[60, 60]),
            ("in_view", "Fridge"): bool(frame[40, 5, 2] > 140),
            ("state", "Fridge"): is_open == (question.state == "open"),
        }
        yes = known.get((question.kind, question.subject))
        return None if yes is None else Answer(yes, 0.95)


class DoubtingPolicy(ScriptedPolicy):
    """Never sees that a fridge is open: it doubts every success at opening one."""

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        if (question.kind, question.subject) == ("state", "Fridge"):
            return Answer(question.state != "open", 0.95)
        return super().ask(frame, question)


class FakeOnlooker:
    """Sees a room of two cells and a fridge; the agent stands one step further each time."""

    def __init__(self) -> None:
        self.steps = 0

    def room(self) -> RoomMap:
        fridge = Footprint("Fridge", ((0.5, 0.0), (1.0, 0.0), (1.0, 0.5), (0.5, 0.5)))
        return RoomMap(((0, 0), (0, 1)), (fridge,))

    def pose(self) -> Pose:
        self.steps += 1
        return 0.25 * self.steps, 0.0, 90.0


class FakeWorker(WorkerHandle):
    """A worker that plays episodes at once, or fails to: plays, crashes, dies, sleeps, refuses,
    stillborn."""

    wants = "; wants a pony"

    def __init__(self, manner: str) -> None:
        super().__init__()
        self.manner = manner
        self.given: list[Job] = []
        self.ended = self.killed = False
        self._news = {
            "stillborn": News("died", "stillborn by design"),
            "refuses": News("refused", "refused by design"),
        }.get(manner, News("ready"))

    def hear(self) -> News:
        news, self._news = self._news, News()
        return news

    def give(self, job: Job) -> None:
        self.given.append(job)
        said = {"plays": "played", "crashes": "crashed", "dies": "died", "sleeps": ""}[self.manner]
        self._news = News(said, f"{said} by design" if said != "played" else "")

    def end(self, kill: bool = False) -> None:
        self.ended, self.killed = True, kill
