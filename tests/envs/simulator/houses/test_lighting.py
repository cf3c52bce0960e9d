"""A house's lights and sky show in its pictures, and wrong ones are named."""

from __future__ import annotations

import math

import numpy as np
import pytest

from envs.backends import make_controller
from envs.simulator.houses import HouseError, read_house
from envs.simulator.houses.lighting import HouseLight, HouseLighting, sky_of

SQUARE = [(0, 0), (0, 4), (4, 4), (4, 0)]
WHITE = (1.0, 1.0, 1.0)


def point(x, y, z):
    return {"x": x, "y": y, "z": z}


def house(lights, **settings):
    """One square room with a window to the east."""
    walls = []
    for (x0, z0), (x1, z1) in zip(SQUARE, [*SQUARE[1:], SQUARE[0]], strict=True):
        place = f"{min(x0, x1):.2f}|{min(z0, z1):.2f}|{max(x0, x1):.2f}|{max(z0, z1):.2f}"
        corners = [point(x0, 0, z0), point(x1, 0, z1), point(x0, 2.5, z0), point(x1, 2.5, z1)]
        walls.append({"id": f"wall|1|{place}", "roomId": "room|1", "polygon": corners})
    box = {"min": point(1, 0.9, 0), "max": point(3, 1.9, 0)}
    return {
        "rooms": [{"id": "room|1", "floorPolygon": [point(x, 0, z) for x, z in SQUARE]}],
        "walls": walls,
        "windows": [
            {
                "id": "window|1|0",
                "assetId": "Window_Fixed_36x48",
                "wall0": "wall|1|4.00|0.00|4.00|4.00",
                "boundingBox": box,
            }
        ],
        "proceduralParameters": {"lights": lights, **settings},
    }


def lamp(x, z, rgb=WHITE, intensity=0.7):
    color = dict(zip("rgb", rgb, strict=True))
    return {"type": "point", "position": point(x, 2.2, z), "intensity": intensity, "rgb": color}


@pytest.fixture(scope="module")
def show():
    controller = make_controller("embedded", scene="Procedural", width=60, height=60)

    def look(description, yaw):
        assert controller.reset(scene=description)
        event = controller.step(
            "TeleportFull", position=point(1.0, 0.9, 2.0), rotation=yaw, horizon=0, standing=True
        )
        assert event, event.metadata["errorMessage"]
        return event.frame.astype(float), *controller.ids()

    yield look
    controller.stop()


def test_walls_are_lighter_beside_a_lamp_and_have_its_hue(show):
    near, _, _ = show(house([lamp(2.0, 3.6)]), 0)
    far, _, _ = show(house([lamp(2.0, 0.4)]), 0)
    assert near[20:40].mean() > far[20:40].mean() + 4
    warm, _, _ = show(house([lamp(2.0, 3.6, (1.0, 0.5, 0.2))]), 0)
    ratio = (warm[20:40].mean((0, 1)) / near[20:40].mean((0, 1))).tolist()
    assert ratio[0] == pytest.approx(1, abs=0.02) and ratio[1] < 0.98 and ratio[2] < ratio[1]


def test_windows_show_the_hue_of_the_day(show):
    sun = {"type": "directional", "position": point(0, 3, 0), "intensity": 1}
    plain, ids, keys = show(house([sun]), 90)
    pane = ids == keys.index("window|1|0")
    pink, _, _ = show(house([{**sun, "rgb": {"r": 1.0, "g": 0.5, "b": 0.6}}]), 90)
    assert pane.any()
    assert pink[pane][:, 1].mean() < 0.8 * plain[pane][:, 1].mean()
    assert pink[pane][:, 0].mean() == pytest.approx(plain[pane][:, 0].mean(), rel=0.02)
    night, _, _ = show(house([sun], skyboxColor={"r": 0.1, "g": 0.1, "b": 0.3}), 90)
    assert night[pane].mean() < 0.6 * plain[pane].mean()


def test_a_wall_keeps_most_of_a_lamp_out():
    rooms = [np.array(SQUARE, float), np.array(SQUARE, float) + (4.0, 0.0)]
    lighting = HouseLighting([HouseLight((3.5, 2.0, 2.0), WHITE, 1.0, 15.0, False)], rooms)
    floor = np.array([[3.0, 0.0, 2.0], [4.5, 0.0, 2.0]])
    inner, beyond = lighting.at(floor, np.array([[0.0, 1.0, 0.0]] * 2))[:, 0]
    assert inner > beyond + 0.15
    unlit = HouseLighting([], rooms).at(floor, np.array([[0.0, 1.0, 0.0]] * 2))
    assert (unlit <= beyond).all() and (unlit > 0.4).all()


def test_the_sky_is_the_one_given_else_the_daylight():
    sun = HouseLight((0.0, 3.0, 0.0), (1.0, 0.7, 0.8), 1.0, 15.0, True)
    assert sky_of([sun], None) == sun.color and sky_of([], None) == WHITE
    assert sky_of([sun], (0.0, 0.0, 1.0)) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    "key, value",
    [("intensity", math.inf), ("rgb", {"r": 1, "g": 2, "b": 0}), ("range", -1), ("position", None)],
)
def test_lights_that_are_wrong_are_named(key, value):
    with pytest.raises(HouseError, match=rf"house.proceduralParameters.lights\[0\].{key}"):
        read_house(house([{**lamp(1, 1), key: value}]))
