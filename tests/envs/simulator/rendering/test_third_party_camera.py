"""ai2thor's own VideoController on the embedded simulator: pan, orbit, zoom, film.

Source: ``ai2thor.video_controller`` of 5.0.0, which takes any actionReturn of its last reset action
for that of Initialize, so that AddThirdPartyCamera must return nothing.
"""

from __future__ import annotations

import numpy as np
import pytest
from ai2thor.video_controller import VideoController

from envs.simulator import patch, unpatch


@pytest.fixture()
def film():
    patch("in-process")
    try:
        made = VideoController(scene="FloorPlan1", width=64, height=48, snapToGrid=False)
        yield made
        made.stop()
    finally:
        unpatch()


def test_a_video_controller_pans_orbits_zooms_and_exports(film, tmp_path):
    frames = 4
    film.play(film.MoveBack(moveMagnitude=0.25, frames=frames))
    film.wait(2)
    film.play(film.RelativeCameraAnimation(px=1.0, ry=30.0, frames=frames))
    film.play(film.OrbitCameraAnimation(0.0, 0.0, 7.0, frames=frames))
    film.play(
        film.AbsoluteCameraAnimation(
            px=0.0, py=6.0, pz=0.0, rx=90.0, ry=0.0, rz=0.0, frames=frames, FOVstart=60, FOVend=30
        )
    )
    camera = film.last_event.metadata["thirdPartyCameras"][0]
    assert camera["fieldOfView"] == pytest.approx(30.0)
    assert camera["position"] == pytest.approx({"x": 0.0, "y": 6.0, "z": 0.0})
    assert len(film.saved_frames) > 4 * frames
    assert np.abs(film.saved_frames[0].astype(int) - film.saved_frames[-1]).mean() > 5
    film.export_video(str(tmp_path / "film"))
    assert (tmp_path / "film.mp4").stat().st_size > 0


def test_the_map_view_tells_where_its_camera_is_and_the_way_back_tells_nothing(film):
    above = film.step("ToggleMapView")
    assert above.metadata["actionReturn"]["y"] == pytest.approx(
        above.metadata["cameraPosition"]["y"]
    )
    assert film.step("ToggleMapView").metadata["actionReturn"] is None


def test_cameras_return_nothing(film):
    zero = {"x": 0.0, "y": 1.0, "z": 0.0}
    for action in ("AddThirdPartyCamera", "UpdateThirdPartyCamera"):
        event = film.step(action, position=zero, rotation=zero)
        assert event.metadata["lastActionSuccess"] and event.metadata["actionReturn"] is None
