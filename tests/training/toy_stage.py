"""A stage that writes its arguments into a file, or fails: ``toy_stage FILE [fail]``."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    Path(sys.argv[1]).open("a").write(" ".join(sys.argv[2:]) + "\n")
    raise SystemExit(3 if "fail" in sys.argv else 0)
