"""A chat model's reply: how it is written, and how it is read.

Two forms are understood, JSON and labelled lines::

    {"thought": "the apple is on the counter", "plan": ["take the apple"], "action": "goto Apple"}

    Thought: the apple is on the counter
    Plan: take the apple; put it in the fridge
    Action: goto Apple at (0.41, 0.62)
"""

from __future__ import annotations

import json
import re

from envs.actions import Action, ActionFormatError, parse_action
from envs.simulator.system.typed_records import shown
from policies.base import Reply

_LABEL = re.compile(r"^\s*\**(thought|plan|action)\**\s*:\s*(.*)$", re.IGNORECASE)
_THINKING = re.compile(r"<think>.*?(</think>|\Z)", re.DOTALL)


def render_reply(thought: str, plan: tuple[str, ...], action: Action) -> str:
    """A reply in labelled lines.

    >>> print(render_reply("apple in view", ("goto Apple",), Action("goto", "Apple")))
    Thought: apple in view
    Plan: goto Apple
    Action: goto Apple
    """
    return f"Thought: {thought}\nPlan: {'; '.join(plan)}\nAction: {action.to_text()}"


def parse_reply(text: str) -> Reply:
    """Reads a reply; one that holds no single action comes back with ``error`` set.

    Its ``text`` is all that was said; what stands between ``<think>`` marks is not read.

    >>> parse_reply("Action: goto Fridge").action
    Action(verb='goto', target='Fridge', point=None, view=None)
    """
    answer = _THINKING.sub("", text)
    thought, plan, said = _from_json(answer) or _from_lines(answer)
    if not said:
        return Reply(None, thought, plan, text, error="The reply has no 'Action:' line.")
    if len(said) > 1:
        return Reply(None, thought, plan, text, error=f"Expected one action, found {len(said)}.")
    try:
        return Reply(parse_action(said[0].strip("`'\" .")), thought, plan, text)
    except ActionFormatError as error:
        return Reply(None, thought, plan, text, error=str(error))


def parse_yes_no(text: str) -> bool | None:
    """Reads the answer to a question; None if it is neither yes nor no.

    >>> parse_yes_no("Yes, there is."), parse_yes_no("**No**"), parse_yes_no("perhaps")
    (True, False, None)
    """
    said = _THINKING.sub("", text).strip().lower().lstrip("*\"'")
    if not said.startswith(("yes", "no")):
        return None
    return said.startswith("yes")


def _from_json(text: str) -> tuple[str, tuple[str, ...], list[str]] | None:
    body = _fenced(text)
    start, end = body.find("{"), body.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = json.loads(body[start : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "action" not in found:
        return None
    action, plan = found["action"], found.get("plan", ())
    actions = action if isinstance(action, list) else [action]
    steps = plan if isinstance(plan, list) else [plan]
    return _words(found.get("thought", "")), tuple(map(_words, steps)), [_words(a) for a in actions]


def _words(value: object) -> str:
    """What stands where words should; a made-up one may be nested or long without measure."""
    return value if isinstance(value, str) else shown(value)


def _fenced(text: str) -> str:
    """What stands between the first two fences; all of it where there are none."""
    before, fence, after = text.partition("```")
    inside, closing, _ = after.partition("```")
    return inside if fence and closing else text


def _from_lines(text: str) -> tuple[str, tuple[str, ...], list[str]]:
    parts: dict[str, list[str]] = {"thought": [], "plan": [], "action": []}
    current = ""
    for line in text.splitlines():
        label = _LABEL.match(line)
        if label:
            current = label.group(1).lower()
            parts[current].append(label.group(2).strip())
        elif current in ("thought", "plan") and line.strip():
            parts[current][-1] = f"{parts[current][-1]} {line.strip()}".strip()
    plan = [p.strip(" -.") for p in re.split(r"[;\n]", " ; ".join(parts["plan"])) if p.strip(" -.")]
    return " ".join(parts["thought"]), tuple(plan), [a for a in parts["action"] if a]
