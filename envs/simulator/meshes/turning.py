"""Models whose front does not look along +z of the frame they were recorded in.

Found from the recordings: a television's stand faces as the television on it, a chair faces the
table it stands at, a tap its basin.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.core.geometry import axis_angle_matrix, triple
from envs.simulator.meshes.furniture.cabinetry import Fitting
from envs.simulator.meshes.mesh import Mesh

# Yaw of the front in the recorded frame, degrees clockwise from above, by asset.
_ASSETS = {
    "Bathroom_Faucet_8": 180,
    "Bathroom_Faucet_9": 270,
    "Bathroom_Faucet_11": 270,
    "Bathroom_Faucet_13": 270,
    "Bathroom_Faucet_21": 270,
    "Bathroom_Faucet_28": 90,
    "Bathtub_Faucet_2": 180,
    "Bathtub_Faucet_4": 270,
    "Bathtub_Faucet_7": 270,
    "Bathtub_Faucet_8": 270,
    "Desk_329_1": 180,
    "TV_Stand_201_1": 180,
    "TV_Stand_202_1": 180,
    "TV_Stand_204_1": 180,
    "TV_Stand_211_1": 180,
    "TV_Stand_222_1": 180,
    "TV_Stand_223_1": 180,
}
# Some chairs have no asset name: they are told by their box.
_CHAIRS = (
    ((0.58, 0.84, 0.52), 270),
    ((0.48, 0.95, 0.45), 90),
    ((0.50, 0.99, 0.47), 90),
    ((0.80, 1.56, 0.74), 90),
)


# Beds are drawn with their head at +z; of AI2-THOR's models only these were made so.
_HEAD_AHEAD = frozenset({"Bed_2", "Bed_4", "Bed_5", "RoboTHOR_bed_meldal"})
# A pillow tells where the head is if it lies this share of the length from the middle.
_AT_AN_END = 0.12


def front_yaw(
    object_type: str,
    asset_id: str,
    size: tuple[float, float, float],
    fittings: tuple[Fitting, ...] = (),
) -> int:
    """Where the front is in the recorded frame: 0, 90, 180 or 270.

    A bed's head is where its pillows are, given as ``"Head"``.
    """
    if object_type == "Bed":
        pillows = [(box[2] + box[5]) / 2 for kind, box in fittings if kind == "Head"]
        end = sum(pillows) / max(len(pillows), 1)
        if abs(end) > _AT_AN_END * size[2]:
            return 0 if end > 0 else 180
        return 0 if asset_id in _HEAD_AHEAD else 180
    if object_type == "Chair" and not asset_id:
        for known, yaw in _CHAIRS:
            if all(abs(a - b) < 0.012 for a, b in zip(known, size, strict=True)):
                return yaw
    return _ASSETS.get(asset_id, 0)


def turned_fittings(fittings: tuple[Fitting, ...], yaw: int) -> tuple[Fitting, ...]:
    """Boxes of the recorded frame in the frame whose +z is the front."""
    back = axis_angle_matrix((0, 1, 0), -yaw)
    made: list[Fitting] = []
    for kind, box in fittings:
        ends = np.array([box[:3], box[3:]]) @ back.T
        low, high = triple(ends.min(0)), triple(ends.max(0))
        made.append((kind, (*low, *high)))
    return tuple(made)


def turned(mesh: Mesh, yaw: int) -> Mesh:
    """A mesh turned about the vertical."""
    matrix = axis_angle_matrix((0, 1, 0), yaw)
    return Mesh(
        tuple(
            replace(
                p,
                vertices=(p.vertices @ matrix.T).astype(np.float32),
                normals=(p.normals @ matrix.T).astype(np.float32),
            )
            for p in mesh.parts
        ),
        tuple(
            replace(
                j,
                origin=triple(matrix @ np.asarray(j.origin)),
                axis=triple(matrix @ np.asarray(j.axis)),
            )
            for j in mesh.joints
        ),
        tuple(
            replace(
                s,
                center=triple(matrix @ np.asarray(s.center)),
                size=s.size if yaw % 180 == 0 else (s.size[1], s.size[0]),
            )
            for s in mesh.surfaces
        ),
    )
