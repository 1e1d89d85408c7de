"""Folders that OneDrive keeps the same as a place on the web: there Excel knows a workbook by its address.

Owns: which path is which address. What is not certain is not said to be the same: somebody else's workbook may have
the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from solver.frozen import frozen

_OWN, _FIRM = "d.docs.live.net", "-my.sharepoint.com"
_VARIABLES = {"OneDriveConsumer": _OWN, "OneDriveCommercial": _FIRM}
_PROVIDERS = r"Software\SyncEngines\Providers\OneDrive"


@frozen
class Mount:
    """A folder and its address; address : "" where only the end of its host is known."""

    folder: str
    address: str = ""
    host: str = ""


def mounts(environment: Mapping[str, str], home: Path) -> list[Mount]:
    """Return the folders that are kept the same: as Windows lists them, else by environment or on a Mac."""
    if listed := list(_listed_by_windows()):
        return listed
    noted = [Mount(environment[name], host=host) for name, host in _VARIABLES.items() if environment.get(name)]
    cloud = sorted((home / "Library" / "CloudStorage").glob("OneDrive-*"))
    return [*noted, *(Mount(str(each), host=_OWN if each.name == "OneDrive-Personal" else _FIRM) for each in cloud)]


def is_certain(path: str, address: str, folders: Sequence[Mount]) -> bool:
    """Whether a path is the workbook of an address."""
    plain = _slashed(path)
    for each in folders:
        root = _slashed(each.folder).rstrip("/") + "/"
        if plain.startswith(root) and _within(address, each) == plain.removeprefix(root):
            return True
    return False


def may_be(path: str, address: str) -> bool:
    """Whether the two have the same file name, so that one may be the other."""
    return _slashed(path).rsplit("/", 1)[-1] == _decoded(address).rsplit("/", 1)[-1]


def _within(address: str, mount: Mount) -> str:
    """Return an address from where a synchronised folder starts, "" where it does not lie there."""
    if mount.address:
        start = _decoded(mount.address).rstrip("/") + "/"
        return _decoded(address).removeprefix(start) if _decoded(address).startswith(start) else ""
    if not (urlsplit(address).hostname or "").casefold().endswith(mount.host):
        return ""
    # https://firm-my.sharepoint.com/personal/user/Documents/… and https://d.docs.live.net/account/…
    return "/".join(_decoded(address).split("/")[6 if mount.host == _FIRM else 4 :])


def _decoded(address: str) -> str:
    return unquote(address).casefold()


def _slashed(path: str) -> str:
    return path.replace("\\", "/").casefold()


def _listed_by_windows() -> Iterator[Mount]:
    """Yield what OneDrive itself has noted: libraries of SharePoint, too."""
    try:
        winreg = import_module("winreg")  # there on Windows alone
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _PROVIDERS) as providers:
            for at in range(winreg.QueryInfoKey(providers)[0]):
                with winreg.OpenKey(providers, winreg.EnumKey(providers, at)) as one:
                    yield Mount(winreg.QueryValueEx(one, "MountPoint")[0], winreg.QueryValueEx(one, "UrlNamespace")[0])
    except (ImportError, OSError):
        return
