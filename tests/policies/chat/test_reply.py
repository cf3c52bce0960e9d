"""Replies of chat models are read, whatever they wrap them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.actions import Action
from policies.chat.reply import parse_reply, render_reply

APPLE = Action("pick up", "Apple", (0.5, 0.25))


def test_what_is_written_is_read_back():
    reply = parse_reply(render_reply("apple in view", ("take it", "go"), APPLE))
    assert (reply.action, reply.thought, reply.plan) == (APPLE, "apple in view", ("take it", "go"))


@pytest.mark.parametrize(
    "text",
    [
        '{"thought": "t", "plan": ["p"], "action": "pick up Apple at (0.50, 0.25)"}',
        'Sure!\n```json\n{"thought": "t", "action": "pick up Apple at (0.5, 0.25)"}\n```',
        "**Thought**: t\n**Action**: `pick up Apple at (0.5, 0.25)`.",
        "thought: t\naction: Pick up Apple at (0.5,0.25)",
    ],
)
def test_common_wrappings_are_understood(text):
    assert parse_reply(text).action == APPLE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("I would open the fridge.", "no 'Action:' line"),
        ("Action: goto Fridge\nAction: open Fridge", "found 2"),
        ("Action: dance", "is no action"),
        ('{"action": ["goto Fridge", "open Fridge"]}', "found 2"),
        ("", "no 'Action:' line"),
    ],
)
def test_what_is_no_single_action_says_why(text, says):
    reply = parse_reply(text)
    assert reply.action is None
    assert says in reply.error


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_crash(text):
    reply = parse_reply(text)
    assert (reply.action is None) == bool(reply.error)
