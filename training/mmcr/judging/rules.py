"""The rule judge: five dimensions of an answer, each from facts that can be checked.

    judge(turn, earlier, reply).scores      # {"precision": 1.0, "consistency": 1.0, ...}

- precision: the reply holds the turn's value, and no other of its sort.
- consistency: it speaks of the things that the question is of, also where that only points back.
- logic: it contradicts neither itself nor what it says was said before.
- clarity: it stays with the theme, and says something definite.
- redundancy: it does not repeat the question, itself or an earlier answer, nor run on.

Each looks at words that the others do not: an error of one kind costs one dimension. All are
functions of the turn's recorded facts, the earlier turns and the reply; no simulator is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.mmcr.dialogue.claims import Claims, claims_of
from training.mmcr.dialogue.records import Turn

DIMENSIONS = ("precision", "consistency", "logic", "clarity", "redundancy")
# A reply of more words than this, and so many times those of the answer, runs on.
_LONG, _TIMES_LONGER = 30, 3
# Words of an earlier answer, or of the question, that a reply may share before it repeats it.
_SHARED = 0.8
_FEWEST = 4
# Of a sentence's own words so many are the dialogue's, or it is of another theme.
_ON_THEME = 0.34
_VAGUE = re.compile(
    r"\b(something or other|somehow|whatever|who knows|hard to say|maybe|perhaps|might be|could be "
    r"anything|i guess|sort of|kind of a thing|not sure|no idea|it depends|somewhere)\b"
)
# What follows says why, or what was said: it is held against the earlier turns.
_SUPPORT = re.compile(
    r"\b(?:because|since|as i said|as i told you|i said before|i told you before|as said before|"
    r"earlier i (?:said|told you)|therefore|after all)\b(?P<said>[^.;!?]*)"
)
_COMMON = frozenset(
    "a an and are as at be been before but by can could did do does first for from had has have i "
    "in is it its last me my no not now of off on one or other out same see so that the their them "
    "then there these they this those to too was were what where which will with would yes you "
    "your said told because since after all answer second third".split()
)
_OPPOSITE = {"open": "closed", "closed": "open", "on": "off", "off": "on"}


@dataclass(frozen=True)
class Verdict:
    """Of one answer.

    Attributes:
        scores: 1 or 0 by dimension.
        reasons: What was found, by dimension, where it is 0.
    """

    scores: dict[str, float]
    reasons: dict[str, str]


def judge(turn: Turn, earlier: Sequence[Turn], reply: str) -> Verdict:
    """Judges a reply to a turn's question.

    Args:
        turn: With its facts and its right answer.
        earlier: The turns before it, as they were shown to whoever answers.
        reply: What was answered.
    """
    main, supports = _split(reply)
    claims = claims_of(main)
    imprecise = _precision(turn, claims)
    reasons = {
        "precision": imprecise,
        "consistency": _consistency(turn, earlier, claims, bool(imprecise)),
        "logic": _logic(turn, earlier, claims, supports),
        "clarity": _clarity(turn, earlier, reply),
        "redundancy": _redundancy(turn, earlier, reply),
    }
    found = {name: reason for name, reason in reasons.items() if reason}
    return Verdict({name: float(name not in found) for name in DIMENSIONS}, found)


def _split(reply: str) -> tuple[str, tuple[str, ...]]:
    """The reply without its reasons and recollections, and these."""
    supports = tuple(found["said"].strip(" ,:") for found in _SUPPORT.finditer(reply.lower()))
    main = _SUPPORT.sub(" ", reply.lower()) if supports else reply
    # What is asked is not claimed.
    told = re.sub(r"[^.!?;]*\?", " ", main)
    return told, tuple(s for s in supports if s)


def _precision(turn: Turn, claims: Claims) -> str:
    """Why the value is not what is said; empty if it is."""
    if not claims.text.strip(" ."):
        return "it says nothing"
    said, value = _said(turn, claims), set(turn.value)
    if turn.sort == "text":
        return ""
    if turn.sort == "things" and not value:
        return "" if claims.denies or "empty" in claims.text else "it names something"
    if turn.sort == "things":
        allowed = value | set(turn.about)
        wrong = sorted(said - allowed)
        missing = sorted(value - said)
        if missing:
            return f"it does not name {', '.join(missing)}"
        # One of two that were named to choose from is not both.
        chosen = [k for k in said & set(turn.about) if k not in value]
        if turn.kind in ("nearer", "larger") and chosen:
            return f"it names {', '.join(sorted(chosen))} too"
        # What a list holds too much is said to be there, and is not.
        return f"it adds {', '.join(wrong)}" if len(value) > 1 and wrong else ""
    if turn.sort == "deed":
        deeds = set(claims.deeds)
        if turn.value in deeds:
            return ""
        verb = turn.value[0]
        same = [d for d in deeds if d[0] == verb]
        if same and turn.value[1]:
            return f"it is of {same[0][1] or 'nothing'}, not {turn.value[1]}"
        return "" if verb in {d[0] for d in deeds} and not turn.value[1] else f"it is not {verb}"
    if said != value:
        return f"it says {', '.join(sorted(said)) or 'nothing of the sort'}, not {_listed(value)}"
    return ""


def _listed(value: set[str]) -> str:
    return ", ".join(sorted(value))


def _said(turn: Turn, claims: Claims) -> set[str]:
    """What a reply says of the sort that is asked for."""
    if turn.sort == "yes_no":
        return {claims.polarity} if claims.polarity else set()
    if turn.sort == "number":
        counts = {n.count for n in claims.named if n.count is not None}
        times = {1 for _ in re.findall(r"\bonce\b", claims.text)}
        times |= {2 for _ in re.findall(r"\btwice\b", claims.text)}
        return {str(n) for n in (counts or set()) | set(claims.numbers) | times}
    if turn.sort == "things":
        return set(claims.kinds)
    if turn.sort == "side":
        return {side for _, side in claims.sides}
    if turn.sort == "state":
        return {s if yes else _OPPOSITE[s] for _, s, yes in claims.states}
    if turn.sort == "frames":
        return {str(n) for n in claims.frames}
    if turn.sort == "step":
        return {str(n) for n in claims.steps}
    return set()


def _consistency(turn: Turn, earlier: Sequence[Turn], claims: Claims, imprecise: bool) -> str:
    """Which thing, frame or step it is of that the question is not."""
    allowed = (
        set(turn.about) | set(claims_of(turn.question).kinds) | set(claims_of(turn.answer).kinds)
    )
    strange = [kind for kind in claims.kinds if kind not in allowed]
    if turn.sort in ("things", "deed"):
        # One that stands where the value should is a wrong value, no wrong reference.
        spare = max(1, len(turn.value)) if imprecise else 0
        if len(turn.value) > 1 and turn.sort == "things":
            spare = len(strange)
        strange = strange[spare:]
    if strange:
        return f"it speaks of {', '.join(strange)}"
    if turn.sort != "frames" and turn.frames:
        known = set(turn.frames) | set(claims_of(turn.question + " " + turn.answer).frames)
        wrong = [n for n in claims.frames if n not in known]
        if wrong:
            return f"it speaks of frame {wrong[0]}"
    return ""


def _logic(turn: Turn, earlier: Sequence[Turn], claims: Claims, supports: tuple[str, ...]) -> str:
    """What contradicts what."""
    if turn.sort == "yes_no" and claims.polarity:
        inner = _against_itself(turn, claims)
        if inner:
            return inner
    for said in supports:
        wrong = _misquoted(claims_of(said), earlier)
        if wrong:
            return wrong
    return ""


def _against_itself(turn: Turn, claims: Claims) -> str:
    """Whether yes is followed by a denial, or no by an assurance."""
    clauses = [c for c in re.split(r"[.;!?]|, but ", claims.text) if c.strip()]
    asked = claims_of(turn.question)
    for clause in clauses:
        own = claims_of(clause)
        if own.polarity and own.polarity != claims.polarity:
            return f"it says both {claims.polarity} and {own.polarity}"
        for _, state, affirmed in own.states:
            wanted = {s for _, s, _ in asked.states} or {
                s for s in _OPPOSITE if re.search(rf"\b{s}\b", asked.text)
            }
            if len(wanted) == 1 and state in wanted | {_OPPOSITE[w] for w in wanted}:
                holds = (state in wanted) == affirmed
                if holds != (claims.polarity == "yes"):
                    return f"{claims.polarity} does not go with {clause.strip()!r}"
        body = re.sub(r"^\s*(yes|no)\b,?|, (yes|no)\s*$", "", clause).strip(" ,")
        if _VAGUE.search(body):
            continue
        if len(body.split()) > 2 and not own.states and turn.kind not in _NEGATED_EITHER_WAY:
            denies = bool(claims_of(body).denies)
            if denies != (claims.polarity == "no") and _takes_up(body, asked.text):
                return f"{claims.polarity} does not go with {clause.strip()!r}"
    return ""


# Kinds whose yes may be said by a not, and whose no without one.
_NEGATED_EITHER_WAY = frozenset(
    "same_holder same_place same_state more any_failed worked failed_before can_carry "
    "tried_again worked_later".split()
)


def _takes_up(body: str, question: str) -> bool:
    """Whether a clause is about what was asked."""
    return bool(_content(body) & _content(question)) or bool(
        re.match(r"(it|there|i|one|none|that)\b", body)
    )


def _misquoted(said: Claims, earlier: Sequence[Turn]) -> str:
    """What a recollection says that the earlier turns do not."""
    for turn in earlier:
        told = claims_of(turn.answer)
        about = set(turn.about) | set(told.kinds)
        for kind, state, affirmed in said.states:
            same = kind in about or (not kind and len(about) == 1)
            if same and turn.sort == "state" and (state == turn.value[0]) != affirmed:
                return f"it recalls {state}, where {turn.value[0]} was said"
            if same and turn.kind == "state_is":
                asked = {s for s in _OPPOSITE if re.search(rf"\b{s}\b", turn.question.lower())}
                was = (state in asked) == (turn.value == ("yes",))
                if was != affirmed:
                    return f"it recalls {state}, which was denied"
        for named in said.named:
            count = named.count
            if turn.kind == "count" and named.kind in turn.about and count is not None:
                if str(count) != turn.value[0]:
                    return f"it recalls {count}, where {turn.value[0]} was said"
        if turn.sort == "side" and len(turn.value) == 1:
            for kind, side in said.sides:
                if kind in turn.about[:1] and side != turn.value[0]:
                    return f"it recalls {side}, where {turn.value[0]} was said"
        if turn.kind in ("presence", "seen_in") and said.polarity != "":
            continue
    for number in re.findall(r"my (first|second|third) answer was (yes|no)", said.text):
        index = ("first", "second", "third").index(number[0])
        if index < len(earlier) and earlier[index].sort == "yes_no":
            if earlier[index].value != (number[1],):
                return f"it recalls {number[1]}, where {earlier[index].value[0]} was said"
        elif index < len(earlier):
            return "it recalls a yes or no that was none"
    return ""


def _clarity(turn: Turn, earlier: Sequence[Turn], reply: str) -> str:
    """What is vague, or of another theme."""
    low = reply.lower()
    vague = _VAGUE.search(low)
    if vague and vague[0] not in f"{turn.question} {turn.answer}".lower():
        return f"it is vague: {vague[0]!r}"
    theme = _content(turn.question) | _content(turn.answer)
    for past in earlier:
        theme |= _content(past.question) | _content(past.answer)
    for sentence in re.split(r"[.!?;]", low):
        own = _content(sentence)
        known = own & theme
        for named in claims_of(sentence).named:
            known |= own & _content(sentence[named.start : named.end])
        if len(own) > 2 and len(known) < _ON_THEME * len(own):
            return f"it is off its theme: {sentence.strip()!r}"
    return ""


def _content(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower())) - _COMMON


def _redundancy(turn: Turn, earlier: Sequence[Turn], reply: str) -> str:
    """What is said twice."""
    said = re.findall(r"[a-z0-9]+", reply.lower())
    right = re.findall(r"[a-z0-9]+", turn.answer.lower())
    if len(said) > _LONG and len(said) > _TIMES_LONGER * len(right):
        return f"it runs on for {len(said)} words"
    sentences = [s.strip(" ,") for s in re.split(r"[.!?;]", reply.lower()) if s.strip(" ,")]
    if len(sentences) > len(set(sentences)):
        return "it says the same sentence twice"
    question = re.findall(r"[a-z0-9]+", turn.question.lower())
    # How it begins tells a question that is repeated from an answer in its words.
    begins = _holds_run(said, question[:2])
    if len(question) >= _FEWEST and begins and _holds(said, question, _SHARED):
        return "it repeats the question"
    if len(sentences) > 1:
        for past in earlier:
            told = re.findall(r"[a-z0-9]+", past.answer.lower())
            if len(told) >= _FEWEST and not _holds_run(right, told) and _holds_run(said, told):
                return "it repeats an earlier answer"
    return ""


def _holds(said: list[str], other: list[str], share: float) -> bool:
    """Whether a text holds so much of another's words, in order."""
    place, found = 0, 0
    for word in other:
        if word in said[place:]:
            place += said[place:].index(word) + 1
            found += 1
    return found >= share * len(other)


def _holds_run(said: list[str], other: list[str]) -> bool:
    """Whether a text holds another as it is."""
    size = len(other)
    return any(said[k : k + size] == other for k in range(len(said) - size + 1))
