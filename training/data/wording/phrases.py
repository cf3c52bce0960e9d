"""Ways of asking for a task of each family.

``{x}``, ``{r}`` and ``{t}`` stand for whole noun phrases (target, receptacle, tool), ``{xs}`` for
several of the target. Every list is in two halves, for training and for tests of unseen wording.
The ways are those of EB-Navigation ("be as close as possible to it") and of Embodied-Reasoner
("would you mind putting ..."), and everyday ones; the sentences are our own.
"""

from __future__ import annotations

from typing import NamedTuple


class Ways(NamedTuple):
    """Templates of both halves."""

    train: tuple[str, ...]
    test: tuple[str, ...]

    def of(self, split: str) -> tuple[str, ...]:
        """Those of a split, train or test."""
        return self.test if split == "test" else self.train


IMPERATIVES: dict[str, Ways] = {
    "find": Ways(
        (
            "find {x}",
            "search for {x}",
            "look around for {x}",
            "find {x} in the room",
            "search the room for {x}",
            "show me where {x} is",
            "tell me where {x} is",
            "check where {x} is",
            "spot {x}",
            "look for {x} in here",
            "have a look for {x}",
            "see if there is {x}",
        ),
        ("locate {x} in the room", "find out where {x} is", "look for {x}", "go looking for {x}"),
    ),
    "navigate": Ways(
        (
            "navigate to {x} in the room and be as close as possible to it",
            "navigate to {x} and be as close as possible to it",
            "navigate to {x}",
            "go to {x} and be as close as possible to it",
            "move to {x} and stay as close as you can",
            "go over to {x}",
            "walk over to {x} and stop there",
            "get next to {x}",
            "come up to {x}",
            "drive to {x} and wait there",
            "approach {x}",
            "head to {x}",
        ),
        (
            "navigate to {x} in this room, as near to it as possible",
            "make your way to {x} and be close to it",
            "go right up to {x}",
            "move near {x} and stop",
        ),
    ),
    "open": Ways(
        (
            "open {x}",
            "open {x} for me",
            "open up {x}",
            "leave {x} open",
            "go to {x} and open it",
            "pull {x} open",
            "make sure {x} is open",
        ),
        ("get {x} open", "walk to {x} and open it up", "see to it that {x} is open"),
    ),
    "close": Ways(
        (
            "close {x}",
            "shut {x}",
            "close {x} again",
            "push {x} shut",
            "go to {x} and shut it",
            "make sure {x} is closed",
            "don't leave {x} open",
        ),
        ("get {x} closed", "walk to {x} and close it", "see to it that {x} is shut"),
    ),
    "toggle on": Ways(
        (
            "turn on {x}",
            "turn {x} on",
            "switch {x} on",
            "switch on {x}",
            "power on {x}",
            "power up {x}",
            "activate {x}",
            "activate the switch of {x}",
            "turn on the switch of {x}",
            "start {x}",
            "get {x} running",
            "flip the switch of {x} on",
        ),
        ("turn the switch of {x} on", "put {x} on for me", "get {x} turned on", "power {x} on"),
    ),
    "toggle off": Ways(
        (
            "turn off {x}",
            "turn {x} off",
            "switch {x} off",
            "switch off {x}",
            "power off {x}",
            "power down {x}",
            "deactivate {x}",
            "turn off the switch of {x}",
            "stop {x} from running",
            "shut {x} off",
            "don't let {x} run any longer",
        ),
        ("turn the switch of {x} off", "get {x} turned off", "power {x} off"),
    ),
    "slice": Ways(
        (
            "slice {x}",
            "cut {x}",
            "cut {x} into slices",
            "chop {x}",
            "cut up {x} with {t}",
            "take {t} and cut {x} into pieces",
            "slice {x} using {t}",
            "grab {t} to slice {x}",
        ),
        ("cut {x} in pieces", "chop up {x} with {t}", "use {t} on {x} to make slices"),
    ),
    "search": Ways(
        (
            "get {x} out of {r}",
            "take {x} out of {r}",
            "look in {r} for {x} and pick it up",
            "fetch {x} from {r}",
            "open {r} and take out {x}",
            "retrieve {x} from {r}",
            "pick up {x} that is inside {r}",
            "go through {r} to find {x} and take it",
        ),
        ("grab {x} out of {r}", "check inside {r} for {x} and get it", "get {x} that is in {r}"),
    ),
    "take": Ways(
        (
            "pick up {x}",
            "get {x}",
            "take {x}",
            "fetch {x} from the room",
            "get {x} from the room",
            "pick up {x} from the room",
            "find {x} and pick it up",
            "retrieve {x} from the room",
            "bring {x}",
            "hold {x} in your hand",
        ),
        ("grab {x} from the room", "take one {n} from the room", "pick {x} up", "go get {x}"),
    ),
    "pick_and_place": Ways(
        (
            "put {x} in {r}",
            "put {x} on {r}",
            "place {x} on {r}",
            "place {x} into {r}",
            "move {x} to {r}",
            "bring {x} to {r}",
            "take {x} and put it on {r}",
            "take {x} to {r}",
            "store {x} in {r}",
            "find {x} and leave it on {r}",
            "set {x} down on {r}",
            "carry {x} over to {r}",
            "transfer {x} to {r}",
            "get {x} and put it in {r}",
            "pick up {x}, go to {r} and put it there",
            "put away {x} in {r}",
            "go get {x} and set it on {r}",
            "throw {x} into {r}",
        ),
        (
            "lay {x} on {r}",
            "drop off {x} at {r}",
            "pick {x} up and place it in {r}",
            "leave {x} in {r}",
            "relocate {x} to {r}",
        ),
    ),
    "pick_two": Ways(
        (
            "put two {xs} in {r}",
            "put two {xs} on {r}",
            "place two {xs} into {r}",
            "move two {xs} to {r}",
            "bring both {xs} to {r}",
            "place a pair of {xs} on {r}",
            "gather two {xs} on {r}",
            "move {xs} to {r}, two of them",
            "put one {n} on {r}, then another one beside it",
            "get the {xs} and put them both in {r}",
            "put 2 {xs} in {r}",
        ),
        ("collect two {xs} in {r}", "set two {xs} on {r}", "carry both {xs} over to {r}"),
    ),
    "stack": Ways(
        (
            "put {x} in {t} and put {t} on {r}",
            "place {t} with {x} in it on {r}",
            "put {t} containing {x} on {r}",
            "set {x} inside {t}, then bring {t} to {r}",
            "put {x} into {t} and carry both to {r}",
            "move {t} with {x} to {r}",
            "put {x} in {t}, and put them in {r}",
            "bring {t} with {x} inside to {r}",
        ),
        ("place {x} in {t} and leave it on {r}", "set {t} on {r} with {x} inside of it"),
    ),
    "examine": Ways(
        (
            "look at {x} under {t}",
            "examine {x} by the light of {t}",
            "examine {x} under the light of {t}",
            "pick up {x} and turn on {t}",
            "hold {x} and turn on {t}",
            "inspect {x} using {t}",
            "turn on {t} to see {x}",
            "carry {x} to {t} and switch it on",
            "read {x} in the light of {t}",
            "hold up {x} to {t} that is on",
        ),
        ("study {x} with {t} on", "take {x} and light {t}", "view {x} in the light of {t}"),
    ),
    "clean": Ways(
        (
            "put a clean {n} in {r}",
            "put a washed {n} on {r}",
            "wash {x} and put it in {r}",
            "rinse {x} off and put it on {r}",
            "clean {x} in the sink and place it on {r}",
            "wash {x} with water, then bring it to {r}",
            "place the rinsed {n} in {r}",
            "get {x} washed and set it on {r}",
            "move a cleaned {n} to {r}",
        ),
        (
            "place a wet {n} on {r}",
            "run water over {x}, then put it on {r}",
            "rinse {x}, put in {r}",
        ),
    ),
    "heat": Ways(
        (
            "put a hot {n} in {r}",
            "put a warm {n} on {r}",
            "heat {x} and put it on {r}",
            "heat up {x} in the microwave and place it on {r}",
            "cook {x} in the microwave and put it in {r}",
            "microwave {x} and set it on {r}",
            "place a cooked {n} on {r}",
            "put a heated {n} in {r}",
            "warm up {x}, then bring it to {r}",
            "move a microwaved {n} to {r}",
        ),
        ("get {x} hot and leave it on {r}", "place a warmed {n} in {r}", "cook {x}, put it on {r}"),
    ),
    "cool": Ways(
        (
            "put a cold {n} in {r}",
            "put a chilled {n} on {r}",
            "chill {x} and put it on {r}",
            "cool {x} in the fridge and place it in {r}",
            "cool down {x}, then put it on {r}",
            "refrigerate {x} and set it on {r}",
            "place a cooled {n} on {r}",
            "let {x} get cold in the fridge, then bring it to {r}",
            "move a chilled {n} to {r}",
        ),
        (
            "get {x} cold and leave it on {r}",
            "place a refrigerated {n} in {r}",
            "chill {x}, put in {r}",
        ),
    ),
}
# Whole sentences, where an imperative would not be said: families as above.
STATEMENTS: dict[str, Ways] = {
    "find": Ways(
        ("where is {x}", "i can't find {x}", "i lost {x}, where did i leave it", "is {x} in here"),
        ("where did i put {x}", "i am looking for {x}"),
    ),
    "navigate": Ways(
        (
            "i want to use {x}. navigate to it and be as close as possible to it",
            "i need {x}. can you go there and be as close as possible to it",
            "stand beside {x}",
            "your destination is {x}",
            "get as close as possible to {x}",
        ),
        ("i would like you to be near {x}", "the place to go is {x}, as close as possible"),
    ),
    "open": Ways(("i need {x} open", "{x} should be open"), ("{x} has to be opened",)),
    "close": Ways(
        ("{x} is open, shut it", "{x} should be closed", "somebody left {x} open, close it"),
        ("{x} must be shut",),
    ),
    "toggle on": Ways(
        ("i need {x} on", "{x} is off, turn it on", "{x} should be running"),
        ("it is time to start {x}",),
    ),
    "toggle off": Ways(
        ("i need {x} off", "{x} is still on, turn it off", "{x} should be off"),
        ("somebody forgot to turn {x} off",),
    ),
    "slice": Ways(("i need slices of {x}", "i want {x} sliced"), ("{x} has to be cut",)),
    "take": Ways(
        ("i need {x} from the room", "i want you to hold {x}", "i could use {x}"),
        ("would you hand me {x}",),
    ),
    "pick_and_place": Ways(
        (
            "{x} belongs in {r}",
            "i want {x} on {r}",
            "{x} should be in {r}",
            "to put {x} on {r}",
            "putting {x} in {r}",
        ),
        ("{x} goes on {r}", "i would like to have {x} in {r}"),
    ),
    "heat": Ways(
        ("i want a hot {n} on {r}", "to put a hot {n} in {r}"), ("{x} should be hot, on {r}",)
    ),
    "cool": Ways(
        ("i want a cold {n} on {r}", "to put a cold {n} in {r}"), ("{x} should be cold, on {r}",)
    ),
    "clean": Ways(
        ("i want a clean {n} on {r}", "to put a clean {n} in {r}"),
        ("{x} is dirty, wash it, then put it in {r}",),
    ),
}
