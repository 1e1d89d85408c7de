"""The command where nothing is on the PATH: ``python -m workbooks``."""

from __future__ import annotations

from workbooks.command.main import main

if __name__ == "__main__":
    main()
