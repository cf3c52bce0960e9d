"""Models whose recorded yaw tells their front, and the sizes of those that stand at any angle.

Fixed objects are recorded without an oriented box. Where the model is known to be made facing +z,
its yaw gives the object frame; sizes were measured where the same model stands at a right angle.
"""

from __future__ import annotations

from envs.simulator.core.geometry import Triple, triple

_TRUSTED = frozenset(
    {
        "HandTowelHolder",
        "ShowerHead",
        "Television",
        "Toilet",
        "ToiletPaperHanger",
        "TowelHolder",
    }
)
_SQUARE = 12.0
_SIZES: dict[str, Triple] = {
    "RoboTHOR_armchair_emmabo": (0.62, 0.76, 1.04),
    "RoboTHOR_armchair_karlstad": (0.89, 0.91, 0.94),
    "RoboTHOR_armchair_overallt": (0.59, 0.62, 0.66),
    "RoboTHOR_armchair_tullsta": (0.68, 0.65, 0.62),
    "RoboTHOR_bed_kritter": (0.77, 0.67, 1.65),
    "RoboTHOR_chair_antnas": (0.46, 0.83, 0.55),
    "RoboTHOR_chair_extendable": (0.49, 0.99, 0.50),
    "RoboTHOR_chair_liatorp": (0.44, 0.87, 0.41),
    "RoboTHOR_chair_mella": (0.52, 0.76, 0.52),
    "RoboTHOR_chair_norden_gateleg": (0.48, 0.90, 0.53),
    "RoboTHOR_office_chair_allak": (0.61, 0.99, 0.62),
    "RoboTHOR_office_chair_jules": (0.54, 0.94, 0.58),
    "RoboTHOR_office_chair_sevnning": (0.57, 0.91, 0.65),
    "RoboTHOR_office_chair_skruvsta": (0.64, 0.79, 0.61),
    "RoboTHOR_office_chair_volmar": (0.62, 1.03, 0.63),
    "RoboTHOR_side_table_fornbro": (0.55, 0.52, 0.55),
    "RoboTHOR_side_table_strind": (0.53, 0.63, 0.53),
}


def native_frame(packed: dict) -> tuple[Triple, Triple] | None:
    """Box size in the object frame and the frame's Euler angles, or None if they must be found."""
    asset, turned = packed["asset"], packed["rotation"]
    known = asset.startswith("RoboTHOR_") or (asset and packed["type"] in _TRUSTED)
    if not known or any(10 < abs(turned[k]) % 360 < 350 for k in (0, 2)):
        return None
    yaw = turned[1]
    square = round(yaw / 90) * 90
    if abs(yaw - square) > _SQUARE:
        if asset not in _SIZES:
            return None
        return _SIZES[asset], (0.0, round(float(yaw % 360), 2), 0.0)
    x, y, z = packed["size"]
    size = (x, y, z) if square % 180 == 0 else (z, y, x)
    return triple(max(float(v), 0.004) for v in size), (0.0, float(square % 360), 0.0)
