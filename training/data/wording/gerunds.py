"""The -ing forms of the verbs that imperatives begin with, as in "would you mind putting"."""

from __future__ import annotations

GERUNDS = {
    "put": "putting", "place": "placing", "move": "moving", "bring": "bringing", "take": "taking",
    "store": "storing", "find": "finding", "set": "setting", "carry": "carrying", "get": "getting",
    "transfer": "transferring", "pick": "picking", "go": "going", "throw": "throwing",
    "lay": "laying", "drop": "dropping", "leave": "leaving", "relocate": "relocating",
    "search": "searching", "look": "looking", "show": "showing", "tell": "telling",
    "check": "checking", "spot": "spotting", "have": "having", "see": "seeing",
    "locate": "locating", "navigate": "navigating", "walk": "walking", "come": "coming",
    "drive": "driving", "approach": "approaching", "head": "heading", "make": "making",
    "open": "opening", "pull": "pulling", "close": "closing", "shut": "shutting",
    "push": "pushing", "turn": "turning", "switch": "switching", "power": "powering",
    "activate": "activating", "deactivate": "deactivating", "start": "starting",
    "flip": "flipping", "stop": "stopping", "slice": "slicing", "cut": "cutting",
    "chop": "chopping", "grab": "grabbing", "use": "using", "fetch": "fetching",
    "retrieve": "retrieving", "hold": "holding", "gather": "gathering", "collect": "collecting",
    "examine": "examining", "inspect": "inspecting", "read": "reading", "study": "studying",
    "view": "viewing", "wash": "washing", "rinse": "rinsing", "clean": "cleaning",
    "run": "running", "heat": "heating", "cook": "cooking", "microwave": "microwaving",
    "warm": "warming", "chill": "chilling", "cool": "cooling", "refrigerate": "refrigerating",
    "let": "letting",
}  # fmt: skip
