"""Instruction templates and the words for things.

Test templates differ from every training template, and use only words that training templates or
names use. ``{x}`` is the target, ``{r}`` the receptacle.
"""

from __future__ import annotations

import re

import numpy as np

# The first name is the usual one.
NAMES: dict[str, tuple[str, ...]] = {
    "AlarmClock": ("alarm clock",),
    "AluminumFoil": ("aluminum foil",),
    "Apple": ("apple",),
    "Blinds": ("blinds",),
    "Book": ("book",),
    "Bottle": ("bottle",),
    "Bowl": ("bowl",),
    "Bread": ("bread", "loaf of bread"),
    "ButterKnife": ("butter knife",),
    "Cabinet": ("cabinet", "cupboard"),
    "CellPhone": ("cell phone", "phone"),
    "Chair": ("chair",),
    "CoffeeMachine": ("coffee machine", "coffee maker"),
    "CounterTop": ("counter top", "counter"),
    "CreditCard": ("credit card",),
    "Cup": ("cup", "glass"),
    "Curtains": ("curtains",),
    "DiningTable": ("dining table", "table"),
    "DishSponge": ("dish sponge", "sponge"),
    "Drawer": ("drawer",),
    "Egg": ("egg",),
    "Faucet": ("faucet", "tap"),
    "Floor": ("floor",),
    "Fork": ("fork",),
    "Fridge": ("fridge", "refrigerator"),
    "GarbageBag": ("garbage bag",),
    "GarbageCan": ("garbage can", "trash can"),
    "HousePlant": ("house plant", "plant"),
    "Kettle": ("kettle",),
    "Knife": ("knife",),
    "Ladle": ("ladle",),
    "Lettuce": ("lettuce", "head of lettuce"),
    "LightSwitch": ("light switch", "light"),
    "Microwave": ("microwave",),
    "Mirror": ("mirror",),
    "Mug": ("mug",),
    "Pan": ("pan", "frying pan"),
    "PaperTowelRoll": ("paper towel roll", "paper towels"),
    "Pen": ("pen",),
    "Pencil": ("pencil",),
    "PepperShaker": ("pepper shaker", "pepper"),
    "Plate": ("plate",),
    "Pot": ("pot",),
    "Potato": ("potato",),
    "Safe": ("safe",),
    "SaltShaker": ("salt shaker", "salt"),
    "Shelf": ("shelf",),
    "ShelvingUnit": ("shelving unit",),
    "SideTable": ("side table",),
    "Sink": ("sink",),
    "SinkBasin": ("sink basin",),
    "SoapBottle": ("soap bottle", "soap"),
    "Spatula": ("spatula",),
    "Spoon": ("spoon",),
    "SprayBottle": ("spray bottle",),
    "Statue": ("statue",),
    "Stool": ("stool",),
    "StoveBurner": ("stove burner", "burner"),
    "StoveKnob": ("stove knob", "stove"),
    "Toaster": ("toaster",),
    "Tomato": ("tomato",),
    "Vase": ("vase",),
    "Window": ("window",),
    "WineBottle": ("wine bottle", "bottle of wine"),
    "AppleSliced": ("apple slice",),
    "BreadSliced": ("bread slice",),
    "LettuceSliced": ("lettuce slice",),
    "PotatoSliced": ("potato slice",),
    "TomatoSliced": ("tomato slice",),
    "EggCracked": ("cracked egg",),
}

TEMPLATES: dict[str, dict[str, tuple[str, ...]]] = {
    "find": {
        "train": (
            "find the {x}",
            "look for the {x}",
            "where is the {x}",
            "go to the {x}",
            "search for a {x}",
            "please find a {x}",
            "locate the {x} in this kitchen",
            "i need to see the {x}",
        ),
        "test": (
            "please look for the {x}",
            "locate a {x}",
            "i need to find the {x}",
            "search this kitchen for the {x}",
        ),
    },
    "pick_and_place": {
        "train": (
            "put the {x} in the {r}",
            "place the {x} in the {r}",
            "move the {x} to the {r}",
            "put a {x} on the {r}",
            "take the {x} and put it in the {r}",
            "i need the {x} in the {r}",
            "find the {x} and place it on the {r}",
            "please put the {x} in the {r}",
        ),
        "test": (
            "please place the {x} in the {r}",
            "take a {x} and place it in the {r}",
            "find a {x} and move it to the {r}",
            "i need a {x} on the {r}",
        ),
    },
    "open": {
        "train": (
            "open the {x}",
            "please open the {x}",
            "go and open the {x}",
            "i need the {x} open",
            "open up the {x}",
            "i want you to open the {x}",
        ),
        "test": (
            "please go and open the {x}",
            "i need you to open the {x}",
            "find the {x} and open it",
        ),
    },
    "close": {
        "train": (
            "close the {x}",
            "please close the {x}",
            "go and close the {x}",
            "i need the {x} closed",
            "shut the {x}",
        ),
        "test": ("please shut the {x}", "i need you to close the {x}", "find the {x} and close it"),
    },
    "toggle on": {
        "train": (
            "turn on the {x}",
            "switch on the {x}",
            "please turn the {x} on",
            "go and switch the {x} on",
            "i need the {x} on",
        ),
        "test": (
            "please switch the {x} on",
            "go and turn on the {x}",
            "i need you to switch on the {x}",
        ),
    },
    "toggle off": {
        "train": (
            "turn off the {x}",
            "switch off the {x}",
            "please turn the {x} off",
            "go and switch the {x} off",
            "i need the {x} off",
        ),
        "test": (
            "please switch the {x} off",
            "go and turn off the {x}",
            "i need you to switch off the {x}",
        ),
    },
    "slice": {
        "train": (
            "slice the {x}",
            "cut the {x}",
            "please slice a {x}",
            "find a knife and slice the {x}",
            "use the knife to cut the {x}",
            "i need the {x} in slices",
        ),
        "test": (
            "please cut a {x}",
            "use a knife to slice the {x}",
            "find the knife and cut the {x}",
        ),
    },
}


def instruct(key: str, split: str, target: str, receptacle: str, rng: np.random.Generator) -> str:
    """An instruction for a family key (``"toggle on"`` and ``"toggle off"`` for toggle)."""
    template = str(rng.choice(TEMPLATES[key][split]))
    names = {"x": _name(target, rng), "r": _name(receptacle, rng) if receptacle else ""}
    # Before a vowel, a is an.
    return re.sub(r"\ba (?=[aeiou])", "an ", template.format(**names))


def _name(kind: str, rng: np.random.Generator) -> str:
    names = NAMES[kind]
    return names[0] if len(names) == 1 or rng.random() < 0.65 else str(rng.choice(names[1:]))


def words_for(kind: str) -> str:
    """The usual name of a type: ``coffee machine`` for CoffeeMachine."""
    if kind in NAMES:
        return NAMES[kind][0]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()


def type_named(words: str) -> str | None:
    """The type a name means, in a room of any kind, or None."""
    from envs.tasks.words import MORE_NAMES

    for table in (NAMES, MORE_NAMES):
        for kind, names in table.items():
            if words in names or words == kind.lower():
                return kind
    return None


def understand(instruction: str) -> tuple[str, str, str] | None:
    """(family key, target type, receptacle type or "") of an instruction, or None.

    >>> understand("Put the apple in the refrigerator.")
    ('pick_and_place', 'Apple', 'Fridge')
    """
    text = " ".join(re.sub(r"[^a-z ]", " ", instruction.lower()).split())
    best: tuple[int, tuple[str, str, str]] | None = None
    for key, splits in TEMPLATES.items():
        for template in (*splits["train"], *splits["test"]):
            pattern = (
                re.escape(template).replace(r"\{x\}", "(?P<x>.+?)").replace(r"\{r\}", "(?P<r>.+?)")
            )
            pattern = pattern.replace(
                r"\ in\ the\ (?P<r>", r"\ (?:in|on|into|onto|to)\ (?:the|a)\ (?P<r>"
            )
            pattern = pattern.replace(r"\ the\ (?P<x>", r"\ (?:the|a|an)\ (?P<x>")
            match = re.fullmatch(pattern, text)
            if not match:
                continue
            target = type_named(match["x"])
            receptacle = type_named(match.groupdict().get("r") or "") if "{r}" in template else ""
            if target and receptacle is not None:
                fixed = len(template)
                if best is None or fixed > best[0]:
                    best = (fixed, (key, target, receptacle))
    return best[1] if best else None
