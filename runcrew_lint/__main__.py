"""`python -m runcrew_lint`, where the console script is on no PATH."""

from __future__ import annotations

from runcrew_lint.console import main

if __name__ == "__main__":
    main()
