"""A world's process for the tests, without a household."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection
from pathlib import Path

from training.ivr_r1.rollouts.group import GroupSettings
from training.ivr_r1.rollouts.rollout import Group
from training.ivr_r1.rollouts.world_process import Call, Ended


def toy_world(connection: Connection, settings: GroupSettings) -> None:
    """Asks three times a group; ``settings.env`` says how it behaves."""
    how, mark = settings.env["how"], Path(settings.env["mark"])
    if how == "stillborn":
        os._exit(3)
    if how == "refuses":
        connection.send(Ended(None, "there is no such room", final=True))
        return
    while (job := connection.recv()) is not None:
        if job.number == 1 and how in ("dies", "always dies"):
            if how == "always dies" or not mark.exists():
                mark.write_text("died")
                os._exit(9)
        heard = []
        for k in range(3):
            connection.send(Call("echo", (job.number, k)))
            heard.append(connection.recv()[1:])
        if job.number == 1 and how == "fails":
            connection.send(Ended(None, "the backend gave up"))
            continue
        right = heard == [(job.number, k) for k in range(3)]
        connection.send(Ended(Group(job.number, f"round {job.round}", (), {"groups": int(right)})))
