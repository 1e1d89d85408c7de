"""Judge many random real plans: ``python -m tests.referee.real 300``."""

from __future__ import annotations

import sys

from tests.referee.real.judge import wrong

if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    found = [each for seed in range(start, start + count) for each in wrong(seed)]
    sys.stdout.write(("\n".join(found) or f"{count} plans, nothing wrong") + "\n")
    sys.exit(bool(found))
