"""A backend of one corridor over AI2-THOR's named pipes, which goes wrong as it is told to.

Run by ai2thor's Controller as ``python toy_backend.py --wrong die --at 5 --count FILE``: at its
fifth action, in its first ``--launches`` lives, which it counts in the file. MoveAhead walks a
quarter of a metre, RotateRight turns, OpenObject opens the only box.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import msgpack

METADATA, RGB, END = 1, 4, 255
_HEADER = struct.Struct("!BI")


def place(z: float) -> dict[str, float]:
    return {"x": 0.0, "y": 0.9, "z": z}


class Corridor:
    """The world: where the agent stands, where it looks, whether the box is open."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.scene = "FloorPlan1"
        self.begin()

    def begin(self) -> None:
        self.z, self.yaw, self.is_open, self.asleep = 0.0, 0, False, False

    def do(self, action: dict) -> tuple[bool, object]:
        name = action.get("action")
        if name == "Reset":
            self.scene = action["sceneName"]
            self.begin()
        elif name == "GetScenesInBuild":
            return True, ["FloorPlan1_physics", "FloorPlan2_physics"]
        elif name == "ChangeResolution":
            self.size = (action["x"], action["y"])
        elif name == "RotateRight":
            self.yaw = (self.yaw + 90) % 360
        elif name == "MoveAhead":
            if self.z > 1.9 or self.asleep:
                return False, None
            self.z += 0.25
        elif name == "OpenObject":
            self.is_open = True
        return True, None

    def message(self, sequence: int, name: str, worked: bool, returned: object) -> dict:
        width, height = self.size
        agent = {
            "screenWidth": width,
            "screenHeight": height,
            "thirdPartyCameras": [],
            "lastAction": name,
            "lastActionSuccess": worked,
            "errorCode": None,
            "errorMessage": "" if worked else "the corridor ends here",
            "actionReturn": returned,
            "sceneName": self.scene,
            "agent": {
                "position": place(self.z),
                "cameraHorizon": 0.0,
                "isStanding": True,
                "rotation": {"x": 0.0, "y": float(self.yaw), "z": 0.0},
            },
            "objects": [
                {
                    "objectId": "Box|+00.00|+00.90|+02.00",
                    "position": place(2.0),
                    "isOpen": self.is_open,
                    "openness": float(self.is_open),
                }
            ],
        }
        return {
            "agents": [agent],
            "thirdPartyCameras": [],
            "activeAgentId": 0,
            "sequenceId": sequence,
        }

    def picture(self) -> bytes:
        shade = (int(40 * self.z) + self.yaw // 2 + 100 * self.is_open) % 256
        return bytes([shade]) * (3 * self.size[0] * self.size[1])


class Wire:
    def __init__(self) -> None:
        self.out = open(os.environ["AI2THOR_FIFO_SERVER_PIPE_PATH"], "wb", buffering=0)
        self.come = None

    def receive(self) -> dict:
        if self.come is None:
            self.come = open(os.environ["AI2THOR_FIFO_CLIENT_PIPE_PATH"], "rb")
        body = b""
        while True:
            header = self.come.read(_HEADER.size)
            if not header:
                raise SystemExit(0)
            kind, length = _HEADER.unpack(header)
            if kind == END:
                return json.loads(body)
            body = self.come.read(length)

    def send(self, message: dict, picture: bytes) -> None:
        for kind, body in ((METADATA, msgpack.packb(message)), (RGB, picture), (END, b"")):
            if not body and kind == RGB:
                continue
            self.out.write(_HEADER.pack(kind, len(body)) + body)


def go_wrong(how: str, wire: Wire, corridor: Corridor, message: dict, picture: bytes) -> bool:
    """Misbehaves; returns whether the right answer is to be sent all the same."""
    agent = message["agents"][0]
    if how == "die":
        print("about to die", file=sys.stderr, flush=True)
        os._exit(3)
    elif how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "die-within":
        wire.out.write(_HEADER.pack(METADATA, 5000) + b"half")
        os._exit(0)
    elif how == "hang-up":
        wire.out.close()
        time.sleep(1000)
    elif how == "stall":
        subprocess.Popen(["sleep", "1000"])
        time.sleep(1000)
    elif how == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif how == "drip":
        wire.out.write(_HEADER.pack(METADATA, 10**6))
        while True:
            wire.out.write(b"x")
            time.sleep(0.02)
    elif how == "noise":
        wire.out.write(bytes(range(33, 250)) * 40)
        time.sleep(1000)
    elif how == "huge":
        wire.out.write(_HEADER.pack(METADATA, 2**32 - 1))
        time.sleep(1000)
    elif how == "no-metadata":
        wire.out.write(_HEADER.pack(END, 0))
        return False
    elif how == "no-map":
        wire.out.write(_HEADER.pack(METADATA, 1) + b"\xc1" + _HEADER.pack(END, 0))
        return False
    elif how == "sequence":
        message["sequenceId"] += 1
    elif how == "nan":
        agent["agent"]["position"]["x"] = float("nan")
    elif how == "twins":
        agent["objects"] *= 2
    elif how == "keyless":
        del agent["objects"]
    elif how == "small-picture":
        wire.send(message, picture[: len(picture) // 3])
        return False
    elif how == "other-action":
        agent["lastAction"] = "LookUp"
    return True


def lives(count: Path) -> int:
    """Which life of the backend this is."""
    with count.open("a") as stream:
        stream.write("x")
    return len(count.read_text())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--wrong", default="")
    parser.add_argument("--at", type=int, default=0)
    parser.add_argument("--launches", type=int, default=1)
    parser.add_argument("--count", type=Path, required=True)
    parser.add_argument("-screen-width", type=int, default=300)
    parser.add_argument("-screen-height", type=int, default=300)
    options, _ = parser.parse_known_args()
    life = lives(options.count)
    if options.wrong == "never-opens":
        time.sleep(1000)
    if options.wrong == "never-starts":
        raise SystemExit("no licence")
    corridor = Corridor(options.screen_width, options.screen_height)
    wire = Wire()
    wire.send(corridor.message(0, "", True, None), corridor.picture())
    acted = 0
    while True:
        action = wire.receive()
        name = str(action["action"])
        acted += name in ("MoveAhead", "RotateRight", "OpenObject", "Pass")
        if options.wrong == "forgets" and life > 1:
            corridor.asleep = True
        if options.wrong == "drifts" and life > 1 and name == "OpenObject":
            corridor.z += 0.25
        worked, returned = corridor.do(action)
        message = corridor.message(action["sequenceId"], name, worked, returned)
        picture = corridor.picture() if action.get("renderImage", True) else b""
        wrong = options.wrong if acted == options.at and life <= options.launches else ""
        wrong = {"forgets": "die", "drifts": "die"}.get(wrong, wrong)
        if not wrong or go_wrong(wrong, wire, corridor, message, picture):
            wire.send(message, picture)


if __name__ == "__main__":
    main()
