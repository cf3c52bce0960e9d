"""cool: an object is to be cooled in the fridge, and then put away."""

from __future__ import annotations

from functools import partial

from envs.tasks.family import Family, Wording
from envs.tasks.trials.treating import Treatment, treat

TREATMENT = Treatment(
    how="cooled",
    appliance="Fridge",
    targets=(
        "Apple",
        "Bottle",
        "Bowl",
        "Bread",
        "Cup",
        "Egg",
        "Lettuce",
        "Mug",
        "Pan",
        "Plate",
        "Pot",
        "Potato",
        "Tomato",
        "WineBottle",
    ),
)
FAMILY = Family(
    name="cool",
    rooms=("kitchen",),
    wordings=(
        Wording(
            train=(
                "put a cold {x} in the {r}",
                "cool the {x} and put it on the {r}",
                "chill the {x} in the {t}, then place it in the {r}",
                "use the {t} to cool a {x} and move it to the {r}",
            ),
            test=(
                "place a cold {x} on the {r}",
                "cool a {x} in the {t} and put it in the {r}",
                "chill a {x}, then move it to the {r}",
            ),
        ),
    ),
    drafts=partial(treat, treatment=TREATMENT),
    long=True,
)
