"""What people say around a task: polite words, asides, and how two tasks are said in one."""

from __future__ import annotations

from training.data.wording.phrases import Ways

POLITE = Ways(
    (
        "please {s}",
        "could you {s}",
        "can you {s}",
        "could you please {s}",
        "can you please {s}",
        "would you {s}",
        "would you please {s}",
        "would you mind {ing}",
        "do you mind {ing}",
        "would you be so kind as to {s}",
        "i want you to {s}",
        "i need you to {s}",
        "i would like you to {s}",
        "it would be helpful if you could {s}",
        "hey robot, {s}",
        "robot, {s}",
        "hi, could you {s}",
        "kindly {s}",
        "{s}, please",
        "{s} for me",
        "{s} now",
        "ok, {s}",
        "your task is to {s}",
        "do me a favor and {s}",
        "try to {s}",
        "go and {s}",
        "are you able to {s}",
        "first, {s}",
    ),
    (
        "please help me and {s}",
        "i'd appreciate it if you could {s}",
        "will you {s}",
        "hello there, {s}",
        "{s} if you can",
        "how about {ing}",
        "you have to {s}",
    ),
)
# Said before a task without belonging to it.
ASIDES = Ways(
    (
        "it was a long day.",
        "my friends will visit me tonight.",
        "i am in a hurry.",
        "we have guests.",
        "i just came home.",
        "the room is a mess.",
        "i am a bit tired today.",
        "listen carefully.",
        "take your time.",
        "i have a meeting soon.",
        "i feel hungry.",
        "it is getting late.",
        "don't break anything.",
        "my mother told me so.",
        "i hope you can help.",
        "it is cold outside.",
        "the weather is nice, but i have to stay in.",
        "there is a lot of work to do.",
    ),
    (
        "the children are asleep.",
        "i will be back in an hour.",
        "my hands are full.",
        "we are moving next week.",
    ),
)
# How two tasks are said in one, in this order.
IN_ORDER = Ways(
    (
        "{a}, then {b}",
        "first {a}, then {b}",
        "first, {a}, then, {b}",
        "{a} and then {b}",
        "{a}. after that, {b}",
        "{a}, and when you are done {b}",
        "{a}. next, {b}",
        "first {a}, and afterwards {b}",
        "{a} before you {b}",
        "start with this: {a}. finally, {b}",
    ),
    ("{a}; later {b}", "begin by this: {a}, then {b}", "after you {a}, {b}"),
)
