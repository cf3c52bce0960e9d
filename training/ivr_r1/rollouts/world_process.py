"""What a world's process does: it plays the groups it is given, and asks the network by pipe."""

from __future__ import annotations

import contextlib
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from envs.supervised.errors import BackendError
from training.ivr_r1.rollouts.group import GroupJob, GroupPlayer, GroupSettings
from training.ivr_r1.rollouts.rollout import Group
from training.ivr_r1.rollouts.screening import RewardError


class Call(NamedTuple):
    """A world's question, and its arguments."""

    name: str
    arguments: tuple[Any, ...]


class Ended(NamedTuple):
    """A world's group is over: the group, or why there is none."""

    group: Group | None
    why: str = ""
    final: bool = False  # another world would fail at it too


def serve(connection: Connection, settings: GroupSettings) -> None:
    """A world's process: plays the groups that it is given, until it is given None."""

    def ask(name: str, *arguments: Any) -> Any:
        connection.send(Call(name, arguments))
        return connection.recv()

    try:
        player = GroupPlayer(settings, ask)
    except (ValueError, BackendError) as error:
        connection.send(Ended(None, str(error), final=True))
        return
    with contextlib.closing(player):
        while (job := connection.recv()) is not None:
            connection.send(_played(player, job))


def _played(player: GroupPlayer, job: GroupJob) -> Ended:
    """Plays a group; what goes wrong becomes a word for whoever gave it.

    A mistake of our own ends the process with its traceback: another one tries the group again.
    """
    try:
        return Ended(player.play(job))
    except RewardError as error:
        return Ended(None, str(error), final=True)
    except (ValueError, BackendError) as error:
        return Ended(None, str(error))
