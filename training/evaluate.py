"""``python -m training.evaluate``: success and error recovery of a policy on a suite.

The command itself is ``training.evaluation.evaluate``.
"""

from __future__ import annotations

from training.evaluation.evaluate import main

if __name__ == "__main__":
    raise SystemExit(main())
