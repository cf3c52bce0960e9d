"""Walks in primitive moves are shortest, keep to the agent's grid, and learn what is in the way."""

from __future__ import annotations

import math
from types import SimpleNamespace

from policies.expert.strides import SIDES, Strides


class Floor:
    """A controller that knows a floor, and moves along it as AI2-THOR does."""

    def __init__(self, free, here, grid=0.25, blocked=()):
        self.initialization_parameters = {"gridSize": grid, "snapToGrid": True}
        self.free, self.here, self.grid, self.blocked = free, here, grid, set(blocked)

    @property
    def last_event(self):
        x, z = self.here
        agent = {"position": {"x": x, "y": 0.9, "z": z}, "rotation": {"y": 0.0}}
        return SimpleNamespace(metadata={"agent": agent})

    def step(self, name, **_):
        places = [{"x": x, "y": 0.9, "z": z} for x, z in self.free]
        return SimpleNamespace(metadata={"actionReturn": places})

    def move(self, verb, metres):
        angle = math.radians(90 * SIDES.index(verb))
        end = [
            a + way * metres
            for a, way in zip(self.here, (math.sin(angle), math.cos(angle)), strict=True)
        ]
        x, z = (round(round(v / self.grid) * self.grid, 6) + 0.0 for v in end)
        if (self.here, verb) in self.blocked or (x, z) not in self.free:
            return False
        self.here = (x, z)
        return True


def walked(floor, place, within, metres=0.25, most=40):
    """The moves of a walk, those that failed with a mark."""
    strides, ok, moves = Strides(floor, metres), True, []

    def too_far(at):
        return max(0.0, math.dist(at, place) - within)

    while too_far(floor.here) and len(moves) < most:
        verb = strides.next_move(too_far, ok)
        if verb is None:
            break
        ok = floor.move(verb, metres)
        moves.append(verb if ok else f"{verb}!")
    return moves


def grid_of(step, columns, rows):
    return {
        (round(step * i, 6) + 0.0, round(step * j, 6) + 0.0)
        for i in range(columns)
        for j in range(rows)
    }


def test_a_walk_is_as_short_as_can_be_and_turns_nowhere():
    floor = Floor(grid_of(0.25, 9, 9), (0.0, 0.0))
    assert len(walked(floor, (2.0, 2.0), 0.01)) == 16


def test_a_walk_goes_round_what_it_learns_is_in_the_way():
    floor = Floor(grid_of(0.25, 5, 2), (0.0, 0.0), blocked=[((0.25, 0.0), "move right")])
    moves = walked(floor, (1.0, 0.0), 0.01)
    assert moves.count("move right!") <= 2 and floor.here == (1.0, 0.0)


def test_a_walk_ends_near_enough_on_a_grid_that_its_moves_do_not_fit():
    floor = Floor(grid_of(0.1, 40, 5), (0.1, 0.2), grid=0.1)
    moves = walked(floor, (3.9, 0.2), 0.3)
    assert math.dist(floor.here, (3.9, 0.2)) <= 0.3 and len(moves) <= 18


def test_a_walk_from_off_the_grid_finds_its_way():
    # Reachable places are counted from the agent, here half a step off the grid.
    free = {(round(x + 0.05, 6), z) for x, z in grid_of(0.1, 20, 5)}
    floor = Floor(free, (0.05, 0.2), grid=0.1)
    strides = Strides(floor, 0.25)
    assert strides.next_move(lambda at: math.dist(at, (1.5, 0.2)), True) == "move right"


def test_where_nothing_is_near_enough_the_walk_ends_at_the_nearest():
    floor = Floor(grid_of(0.25, 5, 1), (0.0, 0.0))
    assert walked(floor, (3.0, 0.0), 0.5) == ["move right"] * 4
    assert floor.here == (1.0, 0.0)


def test_a_walk_learns_from_what_was_done_not_from_what_it_told():
    floor = Floor(grid_of(0.25, 9, 9), (0.0, 0.0))
    strides = Strides(floor, 0.25)

    def too_far(at):
        return math.dist(at, (2.0, 0.0))

    assert strides.next_move(too_far, True) == "move right"
    floor.move("move ahead", 0.25)
    strides.note(True, "move ahead")
    floor.move("move back", 0.25)
    strides.note(True, "move back")
    # What it had told was never tried: it leads to where it always did.
    assert strides.best_moves(too_far) == ("move right",)


def test_all_moves_that_a_shortest_walk_may_begin_with_are_told():
    strides = Strides(Floor(grid_of(0.25, 9, 9), (0.0, 0.0)), 0.25)
    assert strides.best_moves(lambda at: math.dist(at, (1.0, 1.0))) == ("move ahead", "move right")
