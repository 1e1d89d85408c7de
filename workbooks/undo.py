"""The last run on a workbook undone.

Owns: what comes back. The whole file where it is still just what the run wrote; otherwise the engine's tables alone.
Knows nothing of: terminals.
"""

from __future__ import annotations

from pathlib import Path

from engine.codes import issue
from engine.issues import NOWHERE, Issue, stops
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.package.compose import Composed, TypedOver
from workbooks.package.put_back import put_back
from workbooks.package.save import NOT_WRITTEN, Opened, load, save
from workbooks.read.door import refuse
from workbooks.states import State, newest_state


@frozen
class Undone:
    """What undoing came to. is_whole : the whole file came back; False where only tables did, or nothing."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    is_written: bool = False
    is_whole: bool = False


def undo_file(path: Path, typed_over: TypedOver = TypedOver.REFUSE, *, is_dry: bool = False) -> Undone:
    """Undo the last run on a workbook file.

    Parameters
    ----------
    typed_over : what happens to numbers typed over the engine's since, where only tables come back
    is_dry : everything but the saving
    """
    opened = load(path)
    if opened.data is None:
        return _refused(opened.issues)
    state = newest_state(opened.path, opened.fingerprint)
    if state is None:
        return _refused((issue("TC666", NOWHERE, str(path)),))
    is_whole = state.after == opened.fingerprint
    back = _what_comes_back(opened.data, state, typed_over, is_whole=is_whole)
    if back.data is None:
        return _refused(back.issues)
    if is_dry:
        return Undone(ExitStatus.DONE, back.issues, is_whole=is_whole)
    return _saved(opened, back.data, state, back.issues, is_whole=is_whole)


def _what_comes_back(data: bytes, state: State, typed_over: TypedOver, *, is_whole: bool) -> Composed:
    try:
        before = state.read()
    except OSError as failed:
        return Composed(None, (issue("TC666", NOWHERE, f"its state cannot be read: {failed.strerror}"),))
    if is_whole:
        return Composed(before)
    if refused := refuse(data):
        return Composed(None, (refused,))
    composed = put_back(data, before, typed_over)
    told = () if composed.data is None else (issue("TC668", NOWHERE, "the engine's tables"),)
    return Composed(composed.data, (*composed.issues, *told))


def _saved(opened: Opened, data: bytes, state: State, issues: tuple[Issue, ...], *, is_whole: bool) -> Undone:
    told = save(opened, data, may_lose_parts=is_whole)
    if stops(told):
        return _refused((*issues, *told))
    state.drop()
    return Undone(ExitStatus.DONE, (*issues, *told), is_written=True, is_whole=is_whole)


def _refused(issues: tuple[Issue, ...]) -> Undone:
    not_written = any(each.code in NOT_WRITTEN for each in issues)
    return Undone(ExitStatus.NOT_WRITTEN if not_written else ExitStatus.INPUT_WRONG, issues)
