"""How well words and frames agree, by a network that knows both.

The project's own aligned encoder says of every thing whether it is in view; any CLIP or SigLIP
gives the likeness of a frame and a sentence. What a turn names and no frame is like is suspect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from policies.base import Policy, Question
from training.mmcr.dialogue.claims import claims_of
from training.mmcr.dialogue.records import Turn
from training.mmcr.filtering.truth_check import Finding

# Least chance of being in view, of a thing that an answer says is there.
LEAST = 0.15


class Likeness(Protocol):
    """Compares things and frames."""

    def chance(self, frame: np.ndarray, kind: str) -> float | None:
        """The chance that a thing of a type is in a frame (H, W, 3) uint8; None if unknown."""
        ...


class OwnEncoder:
    """The aligned encoder of a policy of this project.

    Args:
        policy: That answers whether something is in view.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def chance(self, frame: np.ndarray, kind: str) -> float | None:
        """What it says of presence, calibrated on held-out rooms."""
        answer = self.policy.ask(frame, Question("in_view", kind))
        if answer is None:
            return None
        return answer.confidence if answer.yes else 1.0 - answer.confidence


class ClipLikeness:
    """A CLIP or SigLIP by id or folder: a thing against an empty room.

    Args:
        model: Of transformers, with ``get_image_features`` and ``get_text_features``.
        processor: Its processor.
    """

    def __init__(self, model: object, processor: object) -> None:
        self.model, self.processor = model, processor

    @classmethod
    def from_pretrained(cls, name: str) -> ClipLikeness:
        """Loads it.

        Raises:
            ValueError: If there is none of that name, or it is no model of pictures and words.
        """
        from transformers import AutoModel, AutoProcessor

        try:
            model = AutoModel.from_pretrained(name, use_safetensors=True, trust_remote_code=False)
            processor = AutoProcessor.from_pretrained(name, trust_remote_code=False)
        except (OSError, ValueError, KeyError) as error:
            why = " ".join(str(error).split())[:160]
            raise ValueError(
                f"--likeness {name!r} can't be loaded ({why}): give a CLIP or SigLIP by id or "
                "folder, or leave it out."
            ) from error
        if not (hasattr(model, "get_image_features") and hasattr(model, "get_text_features")):
            raise ValueError(f"--likeness {name!r} does not compare pictures and words.")
        return cls(model.eval(), processor)

    def chance(self, frame: np.ndarray, kind: str) -> float | None:
        """Of the thing against none, by the softmax of both likenesses."""
        import torch
        from PIL import Image

        from training.mmcr.dialogue.wording import a_thing, usual_name

        texts = [f"a photo of {a_thing(usual_name(kind))}", "a photo of an empty room"]
        inputs = self.processor(  # type: ignore[operator]
            text=texts, images=Image.fromarray(frame), return_tensors="pt", padding=True
        )
        with torch.inference_mode():
            scores = self.model(**inputs).logits_per_image[0]  # type: ignore[operator]
        return float(scores.softmax(-1)[0])


def unlike(
    likeness: Likeness, frames: Sequence[np.ndarray], turns: Sequence[Turn], least: float = LEAST
) -> tuple[Finding, ...]:
    """The turns that say that something is in view which no frame is like.

    Args:
        likeness: Who compares.
        frames: (H, W, 3) uint8 each.
        turns: Of the dialogue.
        least: Chance of being in view below which it is not.
    """
    found = []
    for index, turn in enumerate(turns):
        said = claims_of(turn.answer)
        if said.denies or said.polarity == "no" or said.deeds or turn.kind in _NOT_OF_FRAMES:
            continue
        numbers = [n for n in (turn.frames or said.frames) if n <= len(frames)]
        shown = [frames[n - 1] for n in numbers] or list(frames)
        for kind in said.kinds:
            chances = [c for frame in shown if (c := likeness.chance(frame, kind)) is not None]
            if chances and max(chances) < least:
                found.append(Finding(index, "no frame is like it", kind))
                break
    return tuple(found)


# Their answers name things that need not be in view.
_NOT_OF_FRAMES = frozenset(
    "target goal_place needed needed_of next first_asked held_at went_last went_before acted_on "
    "been_at can_carry seen_in is_held".split()
)
