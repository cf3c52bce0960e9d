"""The canvas of the video: the view on the left, on the right what the agent thinks and does.

+------------------------------------------------------------------------+
| GOAL  understood: put Apple in Fridge                                  |
| put the apple in the fridge                                            |
+------------------+-----------------------------------------------------+
|                  | STEP 3                   1 of 2 goal conditions met |
|                  | goto Fridge                                  worked |
|                  | THINKS                                              |
|     the view     | CHECKS ITSELF BEFORE ACTING                         |
|    600 x 600     | NOTICES AFTERWARDS                                  |
|                  | REMEMBERS                                           |
| a banner where a | the room from above, with the way so far            |
|  fault struck    | a square for each step so far                       |
+------------------+-----------------------------------------------------+
| FloorPlan3 | ... | the marks in the view, the colours of the squares   |
+------------------------------------------------------------------------+
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from agent.display import drawing, episode_words
from agent.display.drawing import BAD, CARD, GOOD, LINE, MUTED, TEXT, WARN, Colour, font
from agent.display.room_drawing import RoomDrawing, Stop
from agent.recording.observer import Decided
from agent.recording.trajectory import (
    EpisodeHeader,
    EpisodeSummary,
    RoundRecord,
    StepRecord,
    attention_peak,
)
from agent.wording import objection, plain, proposal
from envs.fault_kinds import MEANINGS
from envs.overview import Pose

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

VIEW = 600
MARGIN = 20
TOP = 78
PANEL_X = 2 * MARGIN + VIEW
PANEL_WIDTH = 500
SIZE = (PANEL_X + PANEL_WIDTH + MARGIN, TOP + VIEW + 44)  # (width, height), both even
MAP = (PANEL_WIDTH, 204)
_MAP_TOP = TOP + VIEW - 24 - MAP[1]

DOUBTED: Colour = (189, 147, 249)
_OUTCOME_COLOURS: dict[str, Colour] = {"ok": GOOD, "failed": BAD, "unknown": MUTED}
STATUS: dict[str, tuple[str, Colour]] = {
    **{key: (episode_words.ANSWER_WORDS[key], _OUTCOME_COLOURS[key]) for key in _OUTCOME_COLOURS},
    "thinking": ("thinking", MUTED),
    "doing": ("doing", TEXT),
}


class Canvas:
    """Draws one picture of the video; a ``base`` is drawn once, its view as often as it changes.

    Args:
        header: For the margins.
        most_steps: Room is left for so many in the row of steps at the bottom.
    """

    def __init__(self, header: EpisodeHeader, most_steps: int = 30) -> None:
        self.header = header
        self.most_steps = most_steps
        self.past: list[
            tuple[Colour, bool]
        ] = []  # of each finished step, and whether it is doubted
        self._room = RoomDrawing(header.room, MAP) if header.room is not None else None
        self._way: list[Pose] = []
        self._stops: list[Stop] = []

    def finish(self, record: StepRecord) -> None:
        """Adds a step to the row at the bottom, and to the way."""
        colour = WARN if record.fault else STATUS[record.told][1]
        self.past.append((colour, record.doubts))
        self._way += record.path
        if record.path:
            self._stops.append(Stop(record.path[-1][:2], colour, record.index + 1))

    def view(
        self,
        base: Image.Image,
        frame: np.ndarray,
        moment: Decided | None = None,
        path: Sequence[Pose] = (),
        fault: str = "",
    ) -> np.ndarray:
        """``base`` with a frame in it.

        Args:
            base: The picture without the view.
            frame: (H, W, 3) uint8.
            moment: Where it looks and acts is marked in the frame.
            path: Where the agent stood in this step so far.
            fault: That has struck in it; empty for none.
        """
        picture = base.copy()
        if self._room is not None:
            picture.paste(self._room.picture(self._way, path, self._stops), (PANEL_X, _MAP_TOP))
            _note_map(picture)
        image = drawing.enlarge(frame, VIEW)
        if moment is not None:
            look = attention_peak(moment.attention)
            if moment.attention is not None and look is not None:
                image = drawing.heat(image, moment.attention)
            drawing.mark(image, look, moment.point)
        picture.paste(image, (MARGIN, TOP))
        if fault:
            _fault_banner(picture, fault)
        return np.asarray(picture)

    def base(
        self,
        moment: Decided,
        shown_rounds: int,
        status: str,
        record: StepRecord | None,
        met: tuple[int, int],
    ) -> Image.Image:
        """The picture without the view.

        Args:
            moment: What was decided.
            shown_rounds: How many of its rounds are already told.
            status: A key of ``STATUS``: the environment's answer, or what goes on.
            record: The finished step, None before.
            met: Goal conditions met, and of how many.
        """
        picture, draw = self._blank()
        pen = _Pen(draw, PANEL_X, TOP, PANEL_WIDTH, self._text_bottom)
        told = moment.rounds[:shown_rounds]
        pen.row(f"STEP {moment.index + 1}", episode_words.conditions(*met))
        thinking = status == "thinking" and shown_rounds < len(moment.rounds)
        action = told[-1].action or told[-1].text if thinking else moment.action
        belief = episode_words.DOUBT if record is not None and record.doubts else ""
        pen.action(plain(action) or "(no answer)", *STATUS[status], belief)
        pen.section(
            "THINKS",
            [((told[-1].thought if thinking else moment.thought) or "(nothing)", TEXT)],
            lines=3,
        )
        plan = [plain(entry) for entry in moment.plan]
        if plan and not thinking and plan != [plain(moment.action)]:
            pen.section("PLAN", [("; then ".join(plan), TEXT)], lines=3)
        if len(moment.rounds) > 1:
            pen.section("CHECKS ITSELF BEFORE ACTING", _round_lines(told), lines=2)
        if record is not None:
            problems = _notices(record)
            if problems:
                pen.section("NOTICES AFTERWARDS", problems, lines=3)
        notes = [
            (line, MUTED) for line in moment.memory if not line.startswith(("wrong: ", "plan: "))
        ]
        if notes:
            pen.section("REMEMBERS", notes[:5], lines=2, size=15)
        return picture

    def closing(self, summary: EpisodeSummary, frame: np.ndarray) -> np.ndarray:
        """The last picture: how it ended."""
        picture, draw = self._blank(running=False)
        room = TOP + (20 if self._room is not None else 90)
        pen = _Pen(draw, PANEL_X, room, PANEL_WIDTH, self._text_bottom)
        colour = GOOD if summary.success else BAD if summary.judged else WARN
        pen.title(episode_words.verdict(summary), colour)
        for line in episode_words.result_lines(summary):
            pen.text(line, TEXT, 19, lines=2)
        return self.view(picture, frame)

    @property
    def _text_bottom(self) -> int:
        """How far down the text may go, pixels."""
        return TOP + VIEW - 26 if self._room is None else _MAP_TOP - 24

    def _row_of_steps(self, draw: ImageDraw.ImageDraw, running: bool) -> None:
        """A square for each step, coloured by its answer; a running one is hollow."""
        pitch = min(PANEL_WIDTH / max(self.most_steps, len(self.past) + 1), 26.0)
        marks = [*self.past, *([(None, False)] if running else [])]
        for number, (colour, doubted) in enumerate(marks):
            x = PANEL_X + number * pitch
            right, bottom = x + max(pitch * 0.78, 2), TOP + VIEW - 1
            draw.rectangle((x, bottom - 13, right, bottom), fill=colour, outline=colour or MUTED)
            if doubted:
                draw.rectangle((x, bottom - 6, right, bottom), fill=DOUBTED)

    def _blank(self, running: bool = True) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", SIZE, drawing.BACKGROUND)
        draw = ImageDraw.Draw(picture)
        draw.text((MARGIN, 14), "GOAL", font=font(13, True), fill=MUTED)
        if self.header.understood:
            room = SIZE[0] - 3 * MARGIN - 50
            said = drawing.wrap(draw, self.header.understood, room, 1, font(14))
            draw.text((MARGIN + 50, 13), said[0], font=font(14), fill=MUTED)
        for size in (27, 22, 18):
            face = font(size, True)
            if draw.textlength(self.header.instruction, font=face) <= SIZE[0] - 2 * MARGIN:
                break
        goal = drawing.wrap(draw, self.header.instruction, SIZE[0] - 2 * MARGIN, 1, face)
        draw.text((MARGIN, 32), goal[0] if goal else "", font=face, fill=TEXT)
        head = self.header
        foot = f"{head.scene}  |  policy {head.policy}  |  {head.backend}  |  seed {head.seed}"
        y = TOP + VIEW + 13
        draw.text(
            (MARGIN, y), drawing.wrap(draw, foot, VIEW, 1, font(14))[0], font=font(14), fill=MUTED
        )
        self._row_of_steps(draw, running)
        _legend(draw, PANEL_X, y)
        return picture, draw


def _legend(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """What the marks in the view and the colours of the squares mean."""
    face = font(13)
    draw.ellipse((x, y + 1, x + 14, y + 15), outline=drawing.LOOK, width=3)
    draw.text((x + 20, y), "looks", font=face, fill=MUTED)
    x += 70
    draw.line((x, y + 8, x + 14, y + 8), fill=drawing.ACT, width=3)
    draw.line((x + 7, y + 1, x + 7, y + 15), fill=drawing.ACT, width=3)
    draw.text((x + 20, y), "acts", font=face, fill=MUTED)
    x += 72
    shown = (
        (GOOD, "answered: worked"),
        (BAD, "failed"),
        (DOUBTED, "doubted"),
        (WARN, "fault"),
    )
    for colour, meaning in shown:
        draw.rectangle((x, y + 3, x + 11, y + 14), fill=colour)
        draw.text((x + 16, y), meaning, font=face, fill=MUTED)
        x += 28 + int(draw.textlength(meaning, font=face))


def _note_map(picture: Image.Image) -> None:
    """Says of the drawing of the room whose eyes it is for."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    y = _MAP_TOP - 18
    draw.text((PANEL_X, y), "FROM ABOVE", font=font(13, True), fill=MUTED)
    draw.text((PANEL_X + 100, y), "for you: the agent is not shown this", font=font(13), fill=MUTED)


def _fault_banner(picture: Image.Image, fault: str) -> None:
    """Over the view: what was done to the agent, which is not told."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    box = (MARGIN, TOP, MARGIN + VIEW, TOP + 58)
    draw.rectangle(box, fill=WARN)
    name = fault.replace("_", " ")
    draw.text((MARGIN + 14, TOP + 7), f"FAULT INJECTED: {name}", font=font(18, True), fill=CARD)
    told = MEANINGS.get(fault, "something was done to the agent")
    line = drawing.wrap(draw, f"{told}; the agent is not told", VIEW - 28, 1, font(15))[0]
    draw.text((MARGIN + 14, TOP + 31), line, font=font(15), fill=CARD)


def _notices(record: StepRecord) -> list[tuple[str, Colour]]:
    """What the agent notices after a step, and in brackets what it can't know of it."""
    lines = [
        (episode_words.problem(entry), BAD if record.told == "failed" else WARN)
        for entry in record.discrepancies
    ]
    reason, alarm = episode_words.untold_reason(record), episode_words.alarm(record)
    hidden = [f"not told to the agent: {reason}" if reason else "", alarm]
    return lines + [(f"({entry})", MUTED) for entry in hidden if entry]


class _Pen:
    """Writes down a column from the top, and stops at its end."""

    def __init__(self, draw: ImageDraw.ImageDraw, x: int, y: int, width: int, bottom: int) -> None:
        self.draw, self.x, self.y, self.width, self.bottom = draw, x, y, width, bottom

    def row(self, left: str, right: str) -> None:
        face = font(15, True)
        self.draw.text((self.x, self.y), left, font=face, fill=MUTED)
        length = self.draw.textlength(right, font=face)
        self.draw.text((self.x + self.width - length, self.y), right, font=face, fill=MUTED)
        self.y += 28

    def title(self, text: str, colour: Colour) -> None:
        self.draw.text((self.x, self.y), text, font=font(44, True), fill=colour)
        self.y += 76

    def action(self, action: str, status: str, colour: Colour, belief: str = "") -> None:
        face = font(23, True)
        badge = font(15, True)
        room = self.draw.textlength(status, font=badge) + 26
        lines = drawing.wrap(self.draw, action, self.width - 28 - room - 10, 2, face)
        height = 24 + 32 * len(lines) + 26 * bool(belief)
        self.draw.rounded_rectangle(
            (self.x, self.y, self.x + self.width, self.y + height),
            10,
            fill=CARD,
            outline=DOUBTED if belief else colour,
            width=2,
        )
        if belief:
            below = self.y + 11 + 32 * len(lines)
            self.draw.text((self.x + 14, below), f"but {belief}", font=font(16), fill=DOUBTED)
        for number, line in enumerate(lines):
            self.draw.text((self.x + 14, self.y + 11 + 32 * number), line, font=face, fill=TEXT)
        right = self.x + self.width - 12
        self.draw.rounded_rectangle(
            (right - room, self.y + 14, right, self.y + 42), 14, fill=colour
        )
        self.draw.text(
            (right - room + 13, self.y + 19), status, font=badge, fill=drawing.BACKGROUND
        )
        self.y += height + 18

    def section(
        self, name: str, entries: list[tuple[str, Colour]], lines: int, size: int = 18
    ) -> None:
        if self.y + 26 + size > self.bottom:
            return
        self.draw.line((self.x, self.y, self.x + self.width, self.y), fill=LINE, width=1)
        self.draw.text((self.x, self.y + 8), name, font=font(13, True), fill=MUTED)
        self.y += 30
        for text, colour in entries:
            self.text(text, colour, size, lines)
        self.y += 10

    def text(self, text: str, colour: Colour, size: int, lines: int) -> None:
        step = round(size * 1.42)
        for line in drawing.wrap(self.draw, text, self.width, lines, font(size)):
            if self.y + step > self.bottom + 4:
                return
            self.draw.text((self.x, self.y), line, font=font(size), fill=colour)
            self.y += step


def _round_lines(rounds: tuple[RoundRecord, ...]) -> list[tuple[str, Colour]]:
    lines: list[tuple[str, Colour]] = []
    said: set[str] = set()
    for entry in rounds:
        text = entry.action or entry.text or entry.error
        if text in said:
            lines.append((f"{proposal(text)}?  It insists on it.", TEXT))
        elif entry.discrepancies:
            worst = max(entry.discrepancies, key=lambda found: found.confidence)
            lines.append((f"{proposal(text)}?  No: {objection(worst)}", WARN))
        else:
            lines.append((f"{proposal(text)}?  Yes.", GOOD))
        said.add(text)
    return lines
