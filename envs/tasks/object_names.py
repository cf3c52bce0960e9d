"""What people call AI2-THOR's object types: ``"coffee maker"`` for ``CoffeeMachine``."""

from __future__ import annotations

import re

import numpy as np

from envs.simulator.core.object_types import object_type as facts_of_type
from envs.simulator.core.object_types import object_types

# The first name is the usual one. The default policy's vocabulary is made of these names: a name
# that is added or taken away asks for it to be trained anew.
OBJECT_NAMES: dict[str, tuple[str, ...]] = {
    "AlarmClock": ("alarm clock",),
    "AluminumFoil": ("aluminum foil",),
    "Apple": ("apple",),
    "AppleSliced": ("apple slice",),
    "ArmChair": ("armchair",),
    "BaseballBat": ("baseball bat", "bat"),
    "BasketBall": ("basketball",),
    "Bathtub": ("bathtub", "bath"),
    "BathtubBasin": ("bathtub basin",),
    "Bed": ("bed",),
    "Blinds": ("blinds",),
    "Book": ("book",),
    "Boots": ("boots",),
    "Bottle": ("bottle",),
    "Bowl": ("bowl",),
    "Box": ("box",),
    "Bread": ("bread", "loaf of bread"),
    "BreadSliced": ("bread slice",),
    "ButterKnife": ("butter knife",),
    "CD": ("cd", "disc"),
    "Cabinet": ("cabinet", "cupboard"),
    "Candle": ("candle",),
    "Cart": ("cart",),
    "CellPhone": ("cell phone", "phone"),
    "Chair": ("chair",),
    "Cloth": ("cloth", "rag"),
    "CoffeeMachine": ("coffee machine", "coffee maker"),
    "CoffeeTable": ("coffee table",),
    "CounterTop": ("counter top", "counter"),
    "CreditCard": ("credit card",),
    "Cup": ("cup", "glass"),
    "Curtains": ("curtains",),
    "Desk": ("desk",),
    "DeskLamp": ("desk lamp",),
    "Desktop": ("desktop computer", "computer"),
    "DiningTable": ("dining table", "table"),
    "DishSponge": ("dish sponge", "sponge"),
    "DogBed": ("dog bed",),
    "Drawer": ("drawer",),
    "Dresser": ("dresser", "chest of drawers"),
    "Dumbbell": ("dumbbell",),
    "Egg": ("egg",),
    "EggCracked": ("cracked egg",),
    "Faucet": ("faucet", "tap"),
    "Floor": ("floor",),
    "FloorLamp": ("floor lamp", "standing lamp"),
    "Footstool": ("footstool",),
    "Fork": ("fork",),
    "Fridge": ("fridge", "refrigerator"),
    "GarbageBag": ("garbage bag",),
    "GarbageCan": ("garbage can", "trash can"),
    "HandTowel": ("hand towel",),
    "HandTowelHolder": ("hand towel holder",),
    "HousePlant": ("house plant", "plant"),
    "Kettle": ("kettle",),
    "KeyChain": ("key chain", "keys"),
    "Knife": ("knife",),
    "Ladle": ("ladle",),
    "Laptop": ("laptop",),
    "LaundryHamper": ("laundry hamper", "hamper"),
    "Lettuce": ("lettuce", "head of lettuce"),
    "LettuceSliced": ("lettuce slice",),
    "LightSwitch": ("light switch", "light"),
    "Microwave": ("microwave",),
    "Mirror": ("mirror",),
    "Mug": ("mug",),
    "Newspaper": ("newspaper",),
    "Ottoman": ("ottoman",),
    "Painting": ("painting",),
    "Pan": ("pan", "frying pan"),
    "PaperTowelRoll": ("paper towel roll", "paper towels"),
    "Pen": ("pen",),
    "Pencil": ("pencil",),
    "PepperShaker": ("pepper shaker", "pepper"),
    "Pillow": ("pillow",),
    "Plate": ("plate",),
    "Plunger": ("plunger",),
    "Poster": ("poster",),
    "Pot": ("pot",),
    "Potato": ("potato",),
    "PotatoSliced": ("potato slice",),
    "RemoteControl": ("remote control", "remote"),
    "RoomDecor": ("room decoration",),
    "Safe": ("safe",),
    "SaltShaker": ("salt shaker", "salt"),
    "ScrubBrush": ("scrub brush", "toilet brush"),
    "Shelf": ("shelf",),
    "ShelvingUnit": ("shelving unit",),
    "ShowerCurtain": ("shower curtain",),
    "ShowerDoor": ("shower door",),
    "ShowerGlass": ("shower glass",),
    "ShowerHead": ("shower head", "shower"),
    "SideTable": ("side table",),
    "Sink": ("sink",),
    "SinkBasin": ("sink basin",),
    "SoapBar": ("soap bar", "bar of soap"),
    "SoapBottle": ("soap bottle", "soap"),
    "Sofa": ("sofa", "couch"),
    "Spatula": ("spatula",),
    "Spoon": ("spoon",),
    "SprayBottle": ("spray bottle",),
    "Statue": ("statue",),
    "Stool": ("stool",),
    "StoveBurner": ("stove burner", "burner"),
    "StoveKnob": ("stove knob", "stove"),
    "TVStand": ("tv stand", "television stand"),
    "TableTopDecor": ("table decoration",),
    "TeddyBear": ("teddy bear", "teddy"),
    "Television": ("television", "tv"),
    "TennisRacket": ("tennis racket", "racket"),
    "TissueBox": ("tissue box", "box of tissues"),
    "Toaster": ("toaster",),
    "Toilet": ("toilet",),
    "ToiletPaper": ("toilet paper", "toilet roll"),
    "ToiletPaperHanger": ("toilet paper hanger",),
    "Tomato": ("tomato",),
    "TomatoSliced": ("tomato slice",),
    "Towel": ("towel",),
    "TowelHolder": ("towel holder",),
    "VacuumCleaner": ("vacuum cleaner",),
    "Vase": ("vase",),
    "Watch": ("watch",),
    "WateringCan": ("watering can",),
    "Window": ("window",),
    "WineBottle": ("wine bottle", "bottle of wine"),
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
# How often the usual name is picked where there are several.
_USUAL_SHARE = 0.65


def names_of(object_type: str) -> tuple[str, ...]:
    """Returns the names of an object type, the usual one first.

    >>> names_of("Sofa")
    ('sofa', 'couch')
    """
    known = OBJECT_NAMES.get(object_type)
    return known or (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", object_type).lower(),)


def is_furniture(kind: str) -> bool:
    """Whether things of a type stay where they are: the robot's map has them.

    >>> is_furniture("Fridge"), is_furniture("Mug"), is_furniture("Zeppelin")
    (True, False, False)
    """
    return kind in object_types() and not facts_of_type(kind).pickupable


def name_of(object_type: str) -> str:
    """Returns the usual name of an object type.

    >>> name_of("TVStand")
    'tv stand'
    """
    return names_of(object_type)[0]


def pick_name(object_type: str, rng: np.random.Generator) -> str:
    """Draws a name of an object type, mostly the usual one."""
    names = names_of(object_type)
    usual = len(names) == 1 or rng.random() < _USUAL_SHARE
    return names[0] if usual else str(rng.choice(names[1:]))


def type_named(name: str) -> str | None:
    """Returns the object type that a name in lower case means, or None.

    >>> type_named("couch"), type_named("unicorn")
    ('Sofa', None)
    """
    for object_type, names in OBJECT_NAMES.items():
        if name in names or name == object_type.lower():
            return object_type
    return None


def plural(name: str) -> str:
    """Returns the name of several of what a name means.

    >>> plural("remote control"), plural("shelf"), plural("keys")
    ('remote controls', 'shelves', 'keys')
    """
    if name in _PLURALS:
        return _PLURALS[name]
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{name}es" if name.endswith(("ss", "sh", "ch", "x", "tato", "mato")) else f"{name}s"
