"""``python -m policies.expert``: how often the expert succeeds on sampled or published tasks."""

from __future__ import annotations

from policies.expert.policy import main

if __name__ == "__main__":
    raise SystemExit(main())
