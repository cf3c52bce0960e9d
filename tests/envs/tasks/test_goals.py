"""Goal conditions hold exactly when they should, together and in order."""

from __future__ import annotations

import pytest

from envs.tasks.goals import (
    Contained,
    Every,
    Found,
    Held,
    InOrder,
    Lit,
    Near,
    Openness,
    Sliced,
    Stacked,
    State,
    Together,
    Toggled,
    Treated,
    TreatedContained,
)


def item(object_type, object_id="x", **facts):
    base = {
        "objectType": object_type,
        "objectId": object_id,
        "parentReceptacles": None,
        "receptacleObjectIds": None,
        "isOpen": False,
        "isToggled": False,
        "isPickedUp": False,
        "visible": True,
        "temperature": "RoomTemp",
        "axisAlignedBoundingBox": {
            "center": {"x": 0.0, "y": 0.5, "z": 0.0},
            "size": {"x": 0.2, "y": 0.2, "z": 0.2},
        },
    }
    return {**base, **facts}


def in_(object_type, object_id, *parents):
    return item(object_type, object_id, parentReceptacles=list(parents))


BOWL_ON_TABLE = (item("DiningTable", "t"), in_("Bowl", "b", "t"))


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (
            Contained("Apple", "Sink"),
            State((item("Apple", "a", parentReceptacles=["b"]), item("SinkBasin", "b"))),
            State((item("Apple", "a"), item("SinkBasin", "b"))),
        ),
        (
            Openness("Fridge", True),
            State((item("Fridge", isOpen=True),)),
            State((item("Fridge"),)),
        ),
        (
            Openness("Fridge", False),
            State((item("Fridge"),)),
            State((item("Fridge", isOpen=True),)),
        ),
        (
            Toggled("Faucet", True),
            State((item("Faucet", isToggled=True),)),
            State((item("Faucet"),)),
        ),
        (Sliced("Bread"), State((item("BreadSliced"),)), State((item("Bread"),))),
        (
            Found("Mug"),
            State((item("Mug", "m"),), frozenset({"m"}), True),
            State((item("Mug", "m"),), frozenset({"m"}), False),
        ),
        (
            Near("Bed"),
            State((item("Bed", "b"),), done=True, agent=(0.0, 1.3)),
            State((item("Bed", "b"),), done=True, agent=(0.0, 1.4)),
        ),
        (
            Near("Bed"),
            State((item("Bed", "b"),), done=True),
            State((item("Bed", "b"),), done=False),
        ),
        (
            Held("Book"),
            State((item("Book", "b", isPickedUp=True),)),
            State((item("Book", "b"),)),
        ),
        (
            Lit("DeskLamp"),
            State((item("DeskLamp", "l", isToggled=True),)),
            State((item("DeskLamp", "l", isToggled=True, visible=False),)),
        ),
        (
            Treated("Mug", "heated"),
            State((item("Mug", "m"),), treated={"heated": frozenset({"m"})}),
            State((item("Mug", "m"),), treated={"cooled": frozenset({"m"})}),
        ),
        (
            TreatedContained("Mug", "heated", "Sink"),
            State((in_("Mug", "m", "s"), item("Sink", "s")), treated={"heated": frozenset({"m"})}),
            State(
                (in_("Mug", "m", "s"), item("Mug", "n"), item("Sink", "s")),
                treated={"heated": frozenset({"n"})},
            ),
        ),
        (
            Together("CD", "Safe"),
            State((item("Safe", "s"), in_("CD", "a", "s"), in_("CD", "b", "s"))),
            State((item("Safe", "s"), item("Safe", "q"), in_("CD", "a", "s"), in_("CD", "b", "q"))),
        ),
        (
            Stacked("Egg", "Bowl", "DiningTable"),
            State((*BOWL_ON_TABLE, in_("Egg", "e", "b"))),
            State((*BOWL_ON_TABLE, in_("Egg", "e", "t"))),
        ),
    ],
)
def test_conditions_hold_exactly_when_they_should(condition, holds, fails):
    assert condition.verify(holds)
    assert not condition.verify(fails)
    assert Every((condition,)).count(holds) == 1
    assert condition.text()


def test_a_goal_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Every(())
    with pytest.raises(ValueError, match="at least one"):
        InOrder(())


def test_conditions_in_order_count_only_in_turn():
    goal = InOrder((Toggled("Faucet", True), Contained("Mug", "Sink")))
    done_second = (item("Faucet", "f"), in_("Mug", "m", "s"), item("Sink", "s"))
    state = State(done_second)
    assert goal.advance(state) == 0 and goal.count(state) == 0
    both = State((item("Faucet", "f", isToggled=True), *done_second[1:]))
    assert goal.advance(both) == 2
    assert goal.verify(State(both.objects, stage=2))
    assert not goal.verify(State(done_second, stage=2)), "what is undone no longer counts"
