"""What the papers report, to stand beside our figures: other benchmarks, never the same column.

CIMR: Yuan et al. 2025, "Contextualized Iterative Multimodal Reasoning", arXiv:2507.22074. Its
benchmark MAP is synthetic, the authors' own and not published; the figures are task completion
accuracy in percent, of one paper that nobody has reproduced. ReCAPA: arXiv:2604.21232.
"""

from __future__ import annotations

CIMR, RECAPA = "arXiv:2507.22074", "arXiv:2604.21232"
WARNING = (
    "Set side by side, not to be compared: CIMR's figures are of its authors' own MAP benchmark, "
    "which is not published, with a 7B model; ours are of this suite, in this simulator, with this "
    "policy. No reproduction of them is known. What can be held against each other is the "
    "shape: what each part adds within one column."
)
# Our row, what the paper calls it, percent.
MAIN = (
    ("full", "CIMR", 91.5),
    ("single", "LLaVA-1.5-7B, single pass", 78.5),
    ("", "GPT-4V", 89.2),
    ("", "MiniGPT-4", 75.3),
    ("", "InstructBLIP", 72.8),
)
ABLATIONS = (
    ("no-memory", "without dynamic context update", 84.7),
    ("single", "without iterative self-correction", 79.1),
)
# Of at most so many answers; the last of four and more.
ROUNDS = {1: 78.5, 2: 88.0, 3: 91.0, 4: 91.5}
# Seconds a task.
LATENCY = (("full", "CIMR", 12.5), ("single", "LLaVA-1.5-7B, single pass", 6.2))
# EPR_10 on OmniGibson: of ReCAPA itself; the models it is held against are above 0.3.
EPR_10 = 0.082
