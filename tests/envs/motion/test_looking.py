"""Looking around shows other views each time it comes round, on a made-up floor."""

from __future__ import annotations

from types import SimpleNamespace

from envs.motion.looking import Looker

FREE = {(i, j): {"x": i / 4, "z": j / 4} for i in range(9) for j in range(9)}
SPOTS = [(1.0, 0.9, 2.4), (2.4, 0.3, 1.0), (1.0, 1.45, -0.4)]


class _Legs:
    """Stands where it is told to."""

    grid = 0.25

    def __init__(self):
        self.free = FREE
        self.stood = []

    def tilt(self, horizon):
        pass

    def distances(self):
        return dict.fromkeys(FREE, 1)

    def walk(self, pose):
        self.stood.append((pose["x"], pose["z"], pose["rotation"], pose["horizon"]))
        return True


def _looks(count):
    legs, turns = _Legs(), []
    looker = Looker(turns.append, legs, SPOTS)
    for _ in range(count):
        looker.look_around()
    return legs.stood, turns


def test_it_turns_before_it_walks():
    stood, turns = _looks(3)
    assert turns == ["RotateRight"] * 3 and not stood


def test_every_spot_is_looked_at_in_each_round_and_no_view_comes_again():
    stood, _ = _looks(3 + 3 * len(SPOTS))
    assert len(stood) == 3 * len(SPOTS) == len(set(stood))


def test_low_spots_are_looked_down_at_and_high_ones_are_not():
    first = _looks(3 + len(SPOTS))[0]
    horizon = {yaw: tilt for _, _, yaw, tilt in first}
    assert horizon == {0.0: 30, 90.0: 60, 180.0: 0}


def test_a_spot_in_view_is_looked_at():
    legs = _Legs()
    looker = Looker(lambda name: None, legs, SPOTS)
    seen = {
        "agent": {"rotation": {"y": 0.0}, "cameraHorizon": 30.0},
        "cameraPosition": {"x": 1.0, "y": 1.6, "z": 1.6},
    }
    looker.note(SimpleNamespace(metadata=seen))
    for _ in range(5):
        looker.look_around()
    assert [yaw for _, _, yaw, _ in legs.stood] == [90.0, 180.0] or [
        yaw for _, _, yaw, _ in legs.stood
    ] == [180.0, 90.0]


def test_where_no_spot_has_a_place_it_looks_from_place_to_place_instead_of_turning_for_ever():
    legs = _Legs()
    turned = []
    looker = Looker(lambda name, **_: turned.append(name), legs, [])
    for _ in range(11):
        looker.look_around()
    assert len(turned) == 3
    assert len(set(legs.stood)) == len(legs.stood) == 8
    assert len({stand[:2] for stand in legs.stood}) > 1
