"""heat: an object is to be heated in the microwave, and then put away."""

from __future__ import annotations

from functools import partial

from envs.tasks.family import Family, Wording
from envs.tasks.trials.treating import Treatment, treat

TREATMENT = Treatment(
    how="heated",
    appliance="Microwave",
    targets=("Apple", "Bread", "Cup", "Egg", "Mug", "Plate", "Potato", "Tomato"),
)
FAMILY = Family(
    name="heat",
    rooms=("kitchen",),
    wordings=(
        Wording(
            train=(
                "put a hot {x} in the {r}",
                "heat the {x} and put it on the {r}",
                "warm the {x} in the {t}, then place it in the {r}",
                "use the {t} to heat a {x} and move it to the {r}",
            ),
            test=(
                "place a hot {x} on the {r}",
                "heat a {x} in the {t} and put it in the {r}",
                "warm a {x}, then move it to the {r}",
            ),
        ),
    ),
    drafts=partial(treat, treatment=TREATMENT),
    long=True,
)
