"""Where an agent is, which way it looks, and how it holds its hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import Triple, euler_matrix, matrix_euler

# AI2-THOR's agent is an upright capsule; metres.
AGENT_RADIUS = 0.2
AGENT_HEIGHT = 1.8
# Height of its middle where the floor is at 0, as recorded.
STANDING_Y = 0.900999
# Height of its eyes over its middle. Crouching brings them down to the middle itself.
CAMERA_ABOVE_AGENT = 0.675
CROUCH_DROP = CAMERA_ABOVE_AGENT
# Where a held object's frame is, camera axes right, up, ahead, metres.
HAND = (0.0, -0.16, 0.38)


@dataclass(frozen=True)
class Agent:
    """The agent's pose: position of its middle in metres, yaw and horizon in degrees.

    Attributes:
        lift: Height of the camera over the agent's middle when it stands, metres.
        hand: Where a held object's frame is, camera axes right, up, ahead, metres.
        wrist: Unity Euler angles of a held object relative to the agent's yaw, degrees.
    """

    x: float = 0.0
    y: float = STANDING_Y
    z: float = 0.0
    yaw: float = 0.0
    horizon: float = 0.0
    standing: bool = True
    lift: float = CAMERA_ABOVE_AGENT
    hand: Triple = HAND
    wrist: Triple = (0.0, 0.0, 0.0)

    @property
    def position(self) -> np.ndarray:
        return np.array([self.x, self.y, self.z])

    @property
    def eye(self) -> np.ndarray:
        """Camera position, (3,) metres."""
        drop = 0.0 if self.standing else CROUCH_DROP
        return np.array([self.x, self.y + self.lift - drop, self.z])

    @property
    def eye_rotation(self) -> np.ndarray:
        """Camera axes as columns right, up, forward, (3, 3)."""
        return euler_matrix((self.horizon, self.yaw, 0.0))

    @property
    def hold_pose(self) -> tuple[np.ndarray, np.ndarray]:
        """Where a held object's frame is: position (3,) metres and Euler angles (3,) degrees."""
        place = self.eye + self.eye_rotation @ np.asarray(self.hand)
        upright = np.array([0.0, self.yaw, 0.0])
        if not any(self.wrist):
            return place, upright
        return place, matrix_euler(euler_matrix(upright) @ euler_matrix(self.wrist))
