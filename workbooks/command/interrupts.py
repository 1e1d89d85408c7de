"""Ctrl-C, noted when it comes: libraries written in C may turn it into an error of their own.

Owns: telling an interrupted command from a broken one.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interrupts:
    """Whether Ctrl-C came while a command ran.

    came : True from the first Ctrl-C on, whatever became of the exception it raised
    """

    def __init__(self) -> None:
        self.came = False
        self._notes = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )

    def __enter__(self) -> Interrupts:
        """Note interrupts from here on, where Python's own handler would take them."""
        if self._notes:
            signal.signal(signal.SIGINT, self._raise)
        return self

    def __exit__(self, *_: object) -> None:
        """Put Python's handler back."""
        if self._notes:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        signal.default_int_handler(number, frame)
