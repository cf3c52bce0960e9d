"""Names people use for things that kitchens lack; those of kitchens are in ``templates``.

They stand apart because the default policy's vocabulary is made of the kitchens' names.
"""

from __future__ import annotations

import re

import numpy as np

from envs.tasks.templates import NAMES

# The first name is the usual one.
MORE_NAMES: dict[str, tuple[str, ...]] = {
    "ArmChair": ("armchair",),
    "BaseballBat": ("baseball bat", "bat"),
    "BasketBall": ("basketball",),
    "Bathtub": ("bathtub", "bath"),
    "BathtubBasin": ("bathtub basin",),
    "Bed": ("bed",),
    "Boots": ("boots",),
    "Box": ("box",),
    "CD": ("cd", "disc"),
    "Candle": ("candle",),
    "Cart": ("cart",),
    "Cloth": ("cloth", "rag"),
    "CoffeeTable": ("coffee table",),
    "Desk": ("desk",),
    "DeskLamp": ("desk lamp",),
    "Desktop": ("desktop computer", "computer"),
    "DogBed": ("dog bed",),
    "Dresser": ("dresser", "chest of drawers"),
    "Dumbbell": ("dumbbell",),
    "FloorLamp": ("floor lamp", "standing lamp"),
    "Footstool": ("footstool",),
    "HandTowel": ("hand towel",),
    "HandTowelHolder": ("hand towel holder",),
    "KeyChain": ("key chain", "keys"),
    "Laptop": ("laptop",),
    "LaundryHamper": ("laundry hamper", "hamper"),
    "Newspaper": ("newspaper",),
    "Ottoman": ("ottoman",),
    "Painting": ("painting",),
    "Pillow": ("pillow",),
    "Plunger": ("plunger",),
    "Poster": ("poster",),
    "RemoteControl": ("remote control", "remote"),
    "RoomDecor": ("room decoration",),
    "ScrubBrush": ("scrub brush", "toilet brush"),
    "ShowerCurtain": ("shower curtain",),
    "ShowerDoor": ("shower door",),
    "ShowerGlass": ("shower glass",),
    "ShowerHead": ("shower head", "shower"),
    "SoapBar": ("soap bar", "bar of soap"),
    "Sofa": ("sofa", "couch"),
    "TVStand": ("tv stand", "television stand"),
    "TableTopDecor": ("table decoration",),
    "TeddyBear": ("teddy bear", "teddy"),
    "Television": ("television", "tv"),
    "TennisRacket": ("tennis racket", "racket"),
    "TissueBox": ("tissue box", "box of tissues"),
    "Toilet": ("toilet",),
    "ToiletPaper": ("toilet paper", "toilet roll"),
    "ToiletPaperHanger": ("toilet paper hanger",),
    "Towel": ("towel",),
    "TowelHolder": ("towel holder",),
    "VacuumCleaner": ("vacuum cleaner",),
    "Watch": ("watch",),
    "WateringCan": ("watering can",),
}
# Said of several: the usual name with an s is wrong.
_PLURALS = {
    "knife": "knives",
    "loaf of bread": "loaves of bread",
    "shelf": "shelves",
    "toilet paper": "rolls of toilet paper",
    "toilet roll": "toilet rolls",
    "box of tissues": "boxes of tissues",
    "bar of soap": "bars of soap",
    "head of lettuce": "heads of lettuce",
}


def names_of(kind: str) -> tuple[str, ...]:
    """Names of a type, the usual one first.

    >>> names_of("Sofa")
    ('sofa', 'couch')
    """
    known = NAMES.get(kind) or MORE_NAMES.get(kind)
    return known or (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower(),)


def name_of(kind: str) -> str:
    """The usual name of a type: ``tv stand`` for TVStand."""
    return names_of(kind)[0]


def pick_name(kind: str, rng: np.random.Generator) -> str:
    """A name of a type, mostly the usual one."""
    names = names_of(kind)
    return names[0] if len(names) == 1 or rng.random() < 0.65 else str(rng.choice(names[1:]))


def plural(name: str) -> str:
    """Several of what a name means.

    >>> plural("remote control"), plural("shelf"), plural("keys")
    ('remote controls', 'shelves', 'keys')
    """
    if name in _PLURALS:
        return _PLURALS[name]
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{name}es" if name.endswith(("ss", "sh", "ch", "x", "tato", "mato")) else f"{name}s"
