"""What actions can set besides poses and states: of the room (``Rules``) and of one object.

Both are immutable and replaced as a whole, so that a snapshot is a reference to them. Leaving a
room by reset brings back the defaults.
"""

from __future__ import annotations

from dataclasses import dataclass

from envs.simulator.rendering.randomisation import Randomisation

ROOM_TEMP_SECONDS = 10.0
SECONDS_PER_ACTION = 0.02


@dataclass(frozen=True)
class Rules:
    """Switches of the whole room.

    Attributes:
        decay: Whether hot and cold objects come back to room temperature.
        decay_seconds: How long that takes, simulated seconds.
        decay_by_type: Types with a time of their own.
        listed: Ids the metadata is thinned to, or None for all.
        randomisation: Randomised materials, colours and light.
        fastened: (child, parent) ids of objects that move as one.
        random_seed: Of ``SetRandomSeed``: where movement noise starts.
        random_calls: How many times noise was drawn since.
        hidden: Keys of objects and parts of the room that pictures leave out.
        masked: Ids of objects that pictures show in one plain colour.
    """

    decay: bool = True
    decay_seconds: float = ROOM_TEMP_SECONDS
    decay_by_type: tuple[tuple[str, float], ...] = ()
    listed: frozenset[str] | None = None
    randomisation: Randomisation = Randomisation()
    fastened: tuple[tuple[str, str], ...] = ()
    random_seed: int = 0
    random_calls: int = 0
    hidden: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()

    def seconds_for(self, object_type: str) -> float:
        """How long a type takes to come back to room temperature."""
        return dict(self.decay_by_type).get(object_type, self.decay_seconds)

    def fastened_to(self, parent: str) -> tuple[str, ...]:
        """Ids of what was fastened to an object."""
        return tuple(child for child, holder in self.fastened if holder == parent)


@dataclass(frozen=True)
class Traits:
    """What the metadata of an object does not say.

    Attributes:
        unbreakable: It survives falls and knocks.
        drag: Loss of speed a second.
        angular_drag: Loss of spin a second.
        kinematic: No force moves it.
        seconds_left: Until room temperature, while it is hot or cold.
    """

    unbreakable: bool = False
    drag: float = 0.0
    angular_drag: float = 0.05
    kinematic: bool = False
    seconds_left: float | None = None
