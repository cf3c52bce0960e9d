"""Other materials, light and colours; a reset undoes them."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.rendering.randomisation import lamp_light, materials_in

ROOM_TYPES = ("bedroom", "bathroom", "kitchen", "livingroom", "robothor")
_BLOCKS = {"0": "kitchen", "2": "livingroom", "3": "bedroom", "4": "bathroom"}


def split_and_room(scene: str) -> tuple[str, str | None]:
    """Split (train, val, test) and room type of a scene; houses are train and any room."""
    plain = scene.removesuffix("_physics").removeprefix("FloorPlan")
    if plain.startswith("_"):
        return ("val" if plain.startswith("_Val") else "train"), "robothor"
    if not plain.isdigit():
        return "train", None
    number, block = int(plain) % 100, str(int(plain) // 100)
    split = "train" if number <= 20 else "val" if number <= 25 else "test"
    return split, _BLOCKS.get(block)


class RandomiseActions(ActionGroup):
    """The room looks different; nothing moves."""

    group = "randomise"

    def _change(self, **changes: object) -> None:
        rules = self.world.rules
        changed = replace(rules.randomisation, **changes)  # type: ignore[arg-type]
        self.world.rules = replace(rules, randomisation=changed)

    def RandomizeMaterials(
        self,
        useTrainMaterials: bool | None = None,
        useValMaterials: bool | None = None,
        useTestMaterials: bool | None = None,
        useExternalMaterials: bool | None = None,
        inRoomTypes: list | None = None,
    ) -> dict:
        """Exchanges materials for others of their kind; returns from which they were chosen."""
        split, room = split_and_room(self.world.scene_name)
        chosen = self._rooms(inRoomTypes, room)
        given = {
            "train": useTrainMaterials,
            "val": useValMaterials,
            "test": useTestMaterials,
            "external": useExternalMaterials,
        }
        if given[split] is False:
            word = f"use{split.capitalize()}Materials"
            raise ActionFailed(
                f"RandomizeMaterials cannot set {word}=False inside of a {split} scene."
            )
        used = {
            # External materials are training materials.
            name: (name == split or (name, split) == ("external", "train"))
            if flag is None
            else flag
            for name, flag in given.items()
        }
        pools = tuple(name for name, flag in used.items() if flag)
        self._change(materials=self._seed(), pools=pools)
        flags = {f"use{name.capitalize()}Materials": flag for name, flag in used.items()}
        return {
            **flags,
            "chosenRoomTypes": chosen,
            "totalMaterialsConsidered": materials_in(pools),
        }

    @staticmethod
    def _rooms(given: list | None, room: str | None) -> list[str]:
        if given is None:
            return list(ROOM_TYPES)
        chosen = []
        for value in given:
            if not isinstance(value, str) or value.lower() not in ROOM_TYPES:
                raise ActionFailed(
                    f"inRoomTypes contains an unknown room type: {shown(value)}. Valid room types "
                    f"include {', '.join(ROOM_TYPES)}."
                )
            chosen.append(value.lower())
        if not chosen:
            raise ActionFailed("inRoomTypes must have a non-zero length!")
        if room is not None and room not in chosen:
            raise ActionFailed(
                f"inRoomTypes must contain the type of the current scene, {room}, not only "
                f"{', '.join(chosen)}."
            )
        return list(dict.fromkeys(chosen))

    def ResetMaterials(self) -> None:
        """Brings the room's own materials back."""
        self._change(materials=None, pools=())

    def RandomizeColors(self) -> None:
        """Gives every material a random colour."""
        self._change(colors=self._seed())

    def ResetColors(self) -> None:
        """Takes the random colours away."""
        self._change(colors=None)

    def RandomizeLighting(
        self,
        synchronized: bool = False,
        brightness: list | None = None,
        randomizeColor: bool = True,
        hue: list | None = None,
        saturation: list | None = None,
    ) -> None:
        """Changes brightness and colour of the light; unsynchronised, of every lamp for itself."""
        ranges = {
            "brightness": _range("brightness", brightness, (0.5, 1.5), 100.0),
            "hue": _range("hue", hue, (0.0, 1.0), 1.0),
            "saturation": _range("saturation", saturation, (0.5, 1.0), 1.0),
        }
        lamps = [
            t
            for t in self.world.objects.values()
            if t.type in ("DeskLamp", "FloorLamp", "LightSwitch", "Window")
        ]
        count = 1 if synchronized else max(1, len(lamps))
        rng = np.random.default_rng(self._seed())
        self._change(light=lamp_light(rng, count, colored=randomizeColor, **ranges))

    def ResetLighting(self) -> None:
        """Brings the room's own light back."""
        self._change(light=(1.0, 1.0, 1.0))


def _range(
    name: str, value: list | None, default: tuple[float, float], highest: float
) -> tuple[float, float]:
    if value is None:
        return default
    good = len(value) == 2 and all(
        isinstance(v, (int, float)) and not isinstance(v, bool) and 0 <= v <= highest for v in value
    )
    if not good or value[0] > value[1]:
        raise ActionFailed(
            f"{name} must be a range [low, high] within 0 and {highest:g}, not {shown(value)}."
        )
    return float(value[0]), float(value[1])
