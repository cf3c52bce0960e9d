"""What the agent has seen stays where it saw it, until something says otherwise."""

from __future__ import annotations

from agent.sightings import Sightings
from envs.actions import Action, parse_action
from policies.base import Reply, Sighting

MUG = Sighting("Mug", (0.4, 0.5), 0.9)


def _reply(text):
    return Reply(parse_action(text), text=text)


def test_a_walk_is_completed_by_where_its_object_was_seen():
    seen = Sightings().after_view((MUG,), view=3, near="Sink")
    place = seen.place_of("Mug")
    assert place is not None and (place.view, place.near, place.step) == (3, "Sink", 3)
    done = seen.completed(_reply("goto Mug")).action
    assert done == Action("goto", "Mug", (0.4, 0.5), 3)


def test_what_points_or_does_not_walk_is_left_as_it_is():
    seen = Sightings().after_view((MUG,), view=3)
    for text in ("goto Mug at (0.10, 0.10)", "pick up Mug", "goto Cup", "look around"):
        reply = _reply(text)
        assert seen.completed(reply) is reply
    malformed = Reply(None, text="hm")
    assert seen.completed(malformed) is malformed


def test_a_later_sighting_counts_unless_it_is_much_less_sure():
    seen = Sightings().after_view((MUG,), view=1)
    dim = Sighting("Mug", (0.9, 0.9), 0.8)
    assert seen.after_view((dim,), view=2).place_of("Mug").view == 1
    assert seen.after_view((dim,), view=9).place_of("Mug").view == 9
    assert seen.after_view((MUG,), view=2).place_of("Mug").view == 2


def test_what_is_in_the_hand_lies_nowhere():
    seen = Sightings().after_view((MUG,), view=1)
    assert seen.after_action(Action("pick up", "Mug"), "ok").place_of("Mug") is None
    assert seen.after_action(Action("pick up", "Mug"), "failed") == seen
    assert Sightings().after_view((MUG,), view=2, held="Mug").seen == ()


def test_a_walk_that_fails_loses_it():
    seen = Sightings().after_view((MUG,), view=1)
    assert seen.after_action(Action("goto", "Mug"), "failed").place_of("Mug") is None
    assert seen.after_action(Action("goto", "Mug"), "ok") == seen
    assert seen.after_action(None, "failed") == seen


def test_gone_to_in_vain_it_is_doubted_and_then_forgotten():
    seen = Sightings().after_view((MUG,), view=1).after_view((), view=2, sought="Mug")
    assert seen.place_of("Mug").confidence == 0.45
    assert seen.after_view((), view=3, sought="Mug").place_of("Mug") is None
    again = seen.after_view((MUG,), view=3, sought="Mug").place_of("Mug")
    assert (again.view, again.confidence) == (3, 0.9)


def test_the_oldest_falls_out():
    seen = Sightings(kept=2)
    for view, kind in enumerate(("Mug", "Cup", "Pan")):
        seen = seen.after_view((Sighting(kind, (0.5, 0.5), 0.9),), view=view)
    assert [entry.kind for entry in seen.seen] == ["Cup", "Pan"]
