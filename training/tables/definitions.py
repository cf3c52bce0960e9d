"""How the figures are counted: the last part of the page."""

from __future__ import annotations

DEFINITIONS = (
    "",
    "## How it is counted",
    "",
    "- **success**: all goal conditions hold at the end of a clean episode; crashed and "
    "refused ones are lost. The bootstrap is over episodes; where all are alike, Wilson's "
    "interval.",
    "- **against full**: success less the full agent's, on the tasks that both played, with "
    "McNemar's exact p.",
    "- **full**: objections are of both kinds, and the model, told of them, decides. **rules "
    "only**: hand-written rules are on, and the model is asked nothing about frames. "
    "**learned only**: of the agent's objections there are those that the model sees; what "
    "memory and hand say objects to nothing.",
    "- **plain retries**: the agent is asked again where the full one would be told, hears "
    "nothing, and draws each further answer by its own probabilities; the first that nothing "
    "speaks against is acted on, else the very first. A policy that can't draw answers the "
    "same again.",
    "- **won though a fault struck**: of faulted episodes whose fault struck.",
    "- **errors made good in 5 steps**: of all steps that failed or were faulted.",
    "- **retry ERR**: (s - s1) / (1 - s1), s1 the single pass's success on the same tasks; "
    "below 0 where more is lost than won.",
    "- **EPR k** (ReCAPA, arXiv:2604.21232): the share of wrong steps k steps after a wrong "
    "one, less the share k steps after a right one. **PAC**: minus the slope over k = 1..10 "
    "of the logarithm of the first share; larger fades faster. A step is wrong if it failed, "
    "was faulted, or is not what the expert would have done. Every step that has one k later "
    "counts, unmatched; lags of fewer than 10 errors, or without a wrong step, are left out "
    "of PAC. The paper's appendix is reported to define PAC by a ratio instead, so no figure "
    "of its PAC is set beside ours.",
    "- **wording**: sentences kept back from training or not, and whether every object is "
    "called by its usual name.",
)
