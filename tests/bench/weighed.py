"""A command in a process that a small one starts: a started process counts the memory of who starts it as its own.

Called with: file for the result, command … . Writes: exit status, processor seconds, peak memory in KiB.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command to its end; write what it took."""
    result, *command = sys.argv[1:]
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, ended, used = os.wait4(pid, 0)
    taken = (os.waitstatus_to_exitcode(ended), used.ru_utime + used.ru_stime, used.ru_maxrss)
    with open(result, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib would weigh as much as the rest of it
        print(*taken, file=file)


if __name__ == "__main__":
    main()
