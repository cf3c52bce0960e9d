"""When two states of a room count as the same."""

from __future__ import annotations

from envs.supervised.state import difference, state_hash


def test_states_are_the_same_up_to_what_physics_may_differ_by(toy):
    controller = toy()
    before = controller.step("MoveAhead").metadata
    near = {**before, "agent": {**before["agent"], "position": {"x": 0.0, "y": 0.9, "z": 0.255}}}
    assert difference(before, near) == "" and difference(before, before) == ""
    assert state_hash(before) == state_hash(dict(before))
    turned = controller.step("RotateRight").metadata
    assert difference(before, turned) == "the agent's rotation differs by 90 degrees"
    opened = controller.step("OpenObject").metadata
    assert difference(turned, opened) == "Box|+00.00|+00.90|+02.00 has isOpen True, not False"
    assert len({state_hash(m) for m in (before, turned, opened)}) == 3
    assert "only one" in difference(before, {**before, "objects": []})
