"""What a chat model is told: once who it is, at every step what happened so far, and questions.

A step in words::

    Goal: put the apple in the fridge
    Known places: Apple: in hand
    Done: goto Apple (ok); pick up Apple (ok)
    The environment says: ok
"""

from __future__ import annotations

import numpy as np

from envs.actions import SKILL_VERBS_WITH_TARGET, verbs_of
from envs.tasks.object_names import names_of
from policies.base import Context, Observation, Question
from policies.chat.backend import Message

QUESTIONS = {
    "in_view": "Is there a {subject} in this picture? Answer yes or no.",
    "holding": "Is the robot holding a {subject} (large, in the middle of the lower half)? "
    "Answer yes or no.",
    "state": "Is the {subject} in this picture {state}? Answer yes or no.",
}


def action_messages(observation: Observation, context: Context, action_level: str) -> list[Message]:
    """The conversation that asks for the next action.

    Args:
        observation: Frame, instruction and feedback.
        context: The agent's memory.
        action_level: skill or primitive: which verbs are offered.
    """
    system = {"type": "text", "text": system_prompt(action_level)}
    return [
        {"role": "system", "content": [system]},
        _user(observation.rgb, render_text(observation, context)),
    ]


def question_messages(frame: np.ndarray, question: Question) -> list[Message] | None:
    """The conversation that asks about a frame (H, W, 3); None for a kind without words."""
    if question.kind not in QUESTIONS:
        return None
    name = names_of(question.subject)[0]
    return [_user(frame, QUESTIONS[question.kind].format(subject=name, state=question.state))]


def system_prompt(action_level: str = "skill") -> str:
    """What the model is told once."""
    verbs = ", ".join(
        f"{verb} X" if verb in SKILL_VERBS_WITH_TARGET else verb for verb in verbs_of(action_level)
    )
    return (
        "You are a household robot. You see its camera picture. X is an object type in one word, "
        "such as Fridge, CounterTop, CoffeeMachine, Apple. You can go to furniture at once, but to "
        "a loose object only after it has been in view; look around to find it, and say where it "
        "is in the picture when you go to it. When the goal is reached, the action is done.\n"
        f"Actions: {verbs}. After an object you may add where it is in the picture, as fractions "
        "from the top left: pick up Apple at (0.52, 0.61).\n"
        "Answer in three lines:\nThought: one sentence\nPlan: the remaining actions, separated by "
        "semicolons\nAction: the next action"
    )


def render_text(observation: Observation, context: Context) -> str:
    """What happened so far, in plain words, one line a fact; what is empty is left out."""
    lines = [f"Goal: {observation.instruction}"]
    if context.subgoals:
        lines.append("Plan so far: " + "; ".join(context.subgoals))
    if context.places:
        lines.append("Known places: " + "; ".join(f"{k}: {p}" for k, p in context.places))
    if context.history:
        lines.append("Done: " + "; ".join(f"{s.action} ({s.outcome})" for s in context.history))
    if observation.feedback:
        lines.append(f"The environment says: {observation.feedback}")
    lines += [
        f"Wrong: {d.subject}: expected {d.expected}, saw {d.observed} ({d.kind})"
        for d in context.discrepancies
    ]
    if context.rejected:
        lines.append("Already rejected, propose another: " + "; ".join(context.rejected))
    return "\n".join(lines)


def _user(frame: np.ndarray, words: str) -> Message:
    picture = {"type": "image", "image": frame}
    return {"role": "user", "content": [picture, {"type": "text", "text": words}]}
