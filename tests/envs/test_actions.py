"""Actions have one text form, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.actions import VERBS, WITH_TARGET, Action, ActionFormatError, parse_action, verbs_of


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("point", [None, (0.25, 0.75)])
def test_every_action_survives_its_text(verb, point):
    action = Action(verb, "Fridge" if verb in WITH_TARGET else None, point)
    assert parse_action(action.to_text()) == action


def test_a_walk_may_be_to_what_an_earlier_view_showed():
    action = Action("goto", "Mug", (0.4, 0.52), view=7)
    assert action.to_text() == "goto Mug at (0.40, 0.52) of view 7"
    assert parse_action(action.to_text()) == action


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fly to the moon", "is no action"),
        ("pick up", "needs an object type"),
        ("goto the red apple", "one object type"),
        ("goto Apple at (2.0, 0.5)", "within"),
        ("pick up Apple at (0.5, 0.5) of view 3", "only goto"),
        ("goto Apple of view 3", "one object type"),
        ("", "is no action"),
    ],
)
def test_what_is_no_action_is_refused_with_a_remedy(text, says):
    with pytest.raises(ActionFormatError, match=says):
        parse_action(text)


@given(st.text(max_size=300))
def test_any_text_is_an_action_or_refused(text):
    try:
        assert parse_action(text).verb in VERBS
    except ActionFormatError:
        pass


def test_unknown_level_names_the_allowed_ones():
    with pytest.raises(ValueError, match="'skill' or 'primitive'"):
        verbs_of("dance")
