"""Actions of AI2-THOR that this simulator knows by name and does not do, each with its remedy.

They answer with an ordinary failure, whatever their arguments: a program that can do without them
goes on. A name that AI2-THOR does not know either is an ``InvalidAction``.
"""

from __future__ import annotations

_ARM = "there is no arm; use agentMode='default' with PickupObject, PutObject and MoveHeldObject"
_DRONE = "there is no drone; use agentMode='default', and third-party cameras for views from above"
_STRETCH = "there is no Stretch robot; use agentMode='default' or 'locobot'"
_GRID = "use GetSpawnCoordinatesAboveReceptacle and the boxes in the metadata"

# Group in the coverage table, reason and remedy, names.
_TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "arm",
        _ARM,
        (
            "MoveArm",
            "MoveArmBase",
            "MoveArmBaseUp",
            "MoveArmBaseDown",
            "MoveArmRelative",
            "RotateWristRelative",
            "RotateWrist",
            "RotateElbow",
            "RotateElbowRelative",
            "ReleaseObject",
            "SetHandSphereRadius",
            "GetMidLevelArmCollisions",
            "StopArmMovement",
        ),
    ),
    ("arm", f"{_ARM}, and MoveAhead or MoveRight", ("MoveAgent",)),
    ("arm", f"{_ARM}, and RotateRight(degrees)", ("RotateAgent",)),
    (
        "drone",
        _DRONE,
        (
            "FlyTo",
            "FlyUp",
            "FlyDown",
            "FlyAhead",
            "FlyBack",
            "FlyLeft",
            "FlyRight",
            "FlyRandomStart",
            "LaunchDroneObject",
            "CheckDroneCaught",
            "SpawnDroneLauncher",
        ),
    ),
    (
        "stretch",
        _STRETCH,
        ("MoveGripper", "OpenGripper", "CloseGripper", "RotateCameraBase", "RotateCameraMount"),
    ),
    (
        "houses",
        "there are no house templates; give CreateHouse a whole house, such as procthor makes",
        ("GetHouseFromTemplate",),
    ),
    (
        "query",
        _GRID,
        ("FlatSurfacesOnGrid", "FindHeightMap"),
    ),
)

UNSUPPORTED: dict[str, tuple[str, str]] = {
    name: (group, remedy) for group, remedy, names in _TABLE for name in names
}


def refusal(name: str) -> str | None:
    """What an unsupported action answers; None for every other name."""
    if name not in UNSUPPORTED:
        return None
    return f"{name} is not supported by this simulator: {UNSUPPORTED[name][1]}."
