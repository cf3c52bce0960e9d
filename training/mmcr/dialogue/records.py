"""What a dialogue is: turns about frames, each with the facts that it can be checked by.

Turn(question="Is it still in view in the frame after that?", answer="No, it is not.",
     kind="seen_in", sort="yes_no", value=("no",), about=("Mug",), frames=(2,), needs=(0,))
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = 1
# Of an answer: what kind of thing its value is.
SORTS = ("yes_no", "number", "things", "side", "state", "deed", "frames", "step", "text")


@dataclass(frozen=True)
class Turn:
    """A question and its answer.

    Attributes:
        question: In words.
        answer: In words.
        kind: Of question, see ``training.mmcr.writing``; empty where a model wrote it.
        sort: One of ``SORTS``; ``text`` where nothing but the words is known.
        value: The answer: object types, ``yes``, ``no``, digits, a side or a state; a deed is its
            verb and its target. Empty things: nothing.
        about: Object types that the question is of, resolved.
        frames: Numbers of the frames it is of, from 1.
        needs: Indices of the earlier turns without which it can't be understood.
    """

    question: str
    answer: str
    kind: str = ""
    sort: str = "text"
    value: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    frames: tuple[int, ...] = ()
    needs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """A dialogue about frames of one episode.

    Attributes:
        id: Names it within the data set.
        split: Of the data set.
        scene: AI2-THOR scene name; empty if unknown.
        room: Its kind.
        family: Of the episode's task.
        domain: One of ``training.mmcr.dialogue.domains.DOMAINS``; empty if unknown.
        sub_topic: Of the domain.
        writer: Who wrote it: ``grounded``, or a model's name.
        player: Who acted in the episode.
        context: What the agent is told before the first question.
        turns: Questions and answers, in order.
        pictures: The frames in order, encoded as JPEG.
    """

    id: str
    split: str
    scene: str
    room: str
    family: str
    domain: str
    sub_topic: str
    writer: str
    player: str
    context: str
    turns: tuple[Turn, ...]
    pictures: tuple[bytes, ...]
