"""Versions of a workbook: kept, listed, compared, proven, put back.

Owns: what may be kept, and what each of these comes to.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from engine.codes import issue
from engine.issues import NOWHERE, Issue, stops
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.package.ownership import Own, find_own
from workbooks.run import RunOptions, read_plan
from workbooks.sign_run import with_status
from workbooks.versions.compare import Difference, differences
from workbooks.versions.naming import NOW, wrong_name
from workbooks.versions.restore import restore
from workbooks.versions.start import start_key
from workbooks.versions.store import Kept, read_versions, with_versions
from workbooks.versions.take import Facts, take
from workbooks.versions.verify import Verified, verify
from workbooks.versions.version import Version


@frozen
class VersionRun:
    """What a command on versions comes to. data : the workbook to be saved; None where nothing is to be written."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    version: Version | None = None
    verified: Verified | None = None
    differences: tuple[Difference, ...] = ()
    tables: tuple[str, ...] = ()


def save_version(data: bytes, name: str, status: str, options: RunOptions) -> VersionRun:
    """Return a workbook that keeps its inputs and results as a version. name : "" counts on."""
    read = read_plan(data)
    stopped = tuple(each for each in read.issues if stops([each]))
    if read.plan is None:
        return VersionRun(ExitStatus.INPUT_WRONG, stopped)
    kept = read_versions(data)
    name = " ".join(name.split()) or read.plan.settings.version or _next(kept)
    if wrong := wrong_name(name):
        return VersionRun(ExitStatus.INPUT_WRONG, wrong)
    before = kept.named(name)
    if before is not None and before.status == "sealed":
        return VersionRun(ExitStatus.INPUT_WRONG, (issue("TC931", NOWHERE, f"{name}, sealed {before.at}"),))
    now = options.now().strftime("%Y-%m-%d %H:%M UTC")
    version = take(data, read.own, Facts(name, status, now, options.by, start_key(data, read.inputs)))
    others = [each for each in kept.versions if each.name.casefold() != name.casefold()]
    done = with_status(with_versions(data, [*others, version]))
    return VersionRun(done.status, done.issues, done.data, version)


def verify_version(data: bytes, name: str) -> VersionRun:
    """Return whether a workbook still is what a version says. name : "" = sealed last, else kept last."""
    own, found, issues = _found(data, name)
    if found is None:
        return VersionRun(ExitStatus.INPUT_WRONG, issues)
    proven = verify(data, own, found)
    status = ExitStatus.DONE if proven.is_unchanged else ExitStatus.TARGET_MISSED
    if not proven.uncalculated:
        return VersionRun(status, (), None, found, proven, proven.differences)
    told = issue("TC121", NOWHERE, f"{proven.uncalculated:,} formulas, of which nothing can be said")
    status = status if proven.differences else ExitStatus.INPUT_WRONG
    return VersionRun(status, (told,), None, found, proven, proven.differences)


def compare_versions(data: bytes, first: str, second: str) -> VersionRun:
    """Return what differs between two versions; ``now`` is the workbook as it stands."""
    own = find_own(data)
    both = []
    for name in (first, second):
        if name.casefold() == NOW:
            both.append(take(data, own, Facts(NOW, "", "", "")))
            continue
        _, found, issues = _found(data, name)
        if found is None:
            return VersionRun(ExitStatus.INPUT_WRONG, issues)
        both.append(found)
    return VersionRun(ExitStatus.DONE, (), None, both[1], None, tuple(differences(both[0], both[1])))


def restore_version(data: bytes, name: str) -> VersionRun:
    """Return a workbook whose inputs are those of a version."""
    _, found, issues = _found(data, name)
    if found is None:
        return VersionRun(ExitStatus.INPUT_WRONG, issues)
    done = restore(data, read_plan(data).inputs, found)
    status = ExitStatus.INPUT_WRONG if done.data is None else ExitStatus.DONE
    return VersionRun(status, done.issues, done.data, found, tables=done.tables)


def _found(data: bytes, name: str) -> tuple[Own, Version | None, tuple[Issue, ...]]:
    own, kept = find_own(data), read_versions(data)
    if name in kept.damaged:
        return own, None, (issue("TC933", NOWHERE, name),)
    last = kept.versions[-1] if kept.versions else None
    found = kept.named(name) if name else kept.sealed or last
    if found is not None:
        return own, found, ()
    names = ", ".join(dict.fromkeys(each.name for each in kept.versions)) or "none are kept"
    return own, None, (issue("TC930", NOWHERE, f"{name or 'any version'}; there are: {names}"),)


def _next(kept: Kept) -> str:
    counted = [int(each.name) for each in kept.versions if each.name.isdecimal()]
    return str(max(counted, default=0) + 1)
