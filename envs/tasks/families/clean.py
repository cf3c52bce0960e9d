"""clean: an object is to be washed under a running tap, and then put away."""

from __future__ import annotations

from functools import partial

from envs.tasks.family import Family, Wording
from envs.tasks.trials.treating import Treatment, treat

TREATMENT = Treatment(
    how="cleaned",
    appliance="Sink",
    targets=(
        "Bowl",
        "ButterKnife",
        "Cloth",
        "Cup",
        "DishSponge",
        "Fork",
        "Kettle",
        "Knife",
        "Ladle",
        "Mug",
        "Pan",
        "Plate",
        "Pot",
        "SoapBar",
        "Spatula",
        "Spoon",
        "Apple",
        "Lettuce",
        "Potato",
        "Tomato",
    ),
)
FAMILY = Family(
    name="clean",
    rooms=("kitchen", "bathroom"),
    wordings=(
        Wording(
            train=(
                "put a clean {x} in the {r}",
                "wash the {x} and put it on the {r}",
                "clean the {x} in the {t}, then place it in the {r}",
                "rinse a {x} and move it to the {r}",
            ),
            test=(
                "place a clean {x} on the {r}",
                "rinse the {x} in the {t} and put it in the {r}",
                "wash a {x}, then move it to the {r}",
            ),
        ),
    ),
    drafts=partial(treat, treatment=TREATMENT),
    long=True,
)
