"""What happened to a workbook, part by part: identical, grown, changed or lost.

Shares no code with the writer: packages are read with ``zipfile``, XML with ``xml.etree``.
"""

from __future__ import annotations

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_CALC_CHAIN = "calcChain"


@dataclass
class Verdict:
    """What a comparison found. faults : what is changed or lost; the counts say how much was compared."""

    faults: list[str] = field(default_factory=list)
    parts: int = 0
    cells: int = 0
    names: int = 0


class Package:
    """A package as its bytes say."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.infos = {info.filename: info for info in self.zip.infolist() if not info.filename.endswith("/")}
        self.by_key = {name.lower(): name for name in self.infos}
        self.workbook = next(
            target for kind, target, _ in self.relations("") if kind == "officeDocument" and self.has(target)
        )

    def has(self, name: str) -> bool:
        return name.lower() in self.by_key

    def read(self, name: str) -> bytes:
        return self.zip.read(self.by_key[name.lower()])

    def packed(self, name: str) -> tuple[int, bytes]:
        """Return method and compressed bytes of an entry."""
        info = self.infos[name]
        at = info.header_offset
        start = at + 30 + sum(int.from_bytes(self.data[at + k : at + k + 2], "little") for k in (26, 28))
        return info.compress_type, self.data[start : start + info.compress_size]

    def rels_of(self, part: str) -> str:
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", name + ".rels")

    def relations(self, part: str) -> list[tuple[str, str, dict[str, str]]]:
        """Return (last word of the type, target part, all attributes) of a part's relationships."""
        if not self.has(self.rels_of(part)):
            return []
        found = []
        for element in ET.fromstring(self.read(self.rels_of(part))):
            target = element.get("Target", "")
            if element.get("TargetMode") == "External":
                target = ""
            elif target.startswith("/"):
                target = target[1:]
            else:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
            found.append((element.get("Type", "").rsplit("/", 1)[-1], target, dict(element.attrib)))
        return found

    def target(self, kind: str) -> str:
        return next((target for each, target, _ in self.relations(self.workbook) if each == kind), "")

    def sheets(self) -> list[tuple[str, str, dict[str, str]]]:
        """Return (name, part, attributes) of the sheets."""
        targets = {attributes["Id"]: target for _, target, attributes in self.relations(self.workbook)}
        found = []
        for element in ET.fromstring(self.read(self.workbook)).iter():
            if element.tag.endswith("}sheet"):
                relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
                found.append((element.get("name", ""), targets.get(relation, ""), dict(element.attrib)))
        return found


def compare(before: bytes, after: bytes) -> Verdict:
    """Return what a run did to a workbook, its own new parts aside."""
    verdict = Verdict()
    old, new = Package(before), Package(after)
    grown = {
        "[content_types].xml": _types,
        old.workbook.lower(): _workbook,
        old.rels_of(old.workbook).lower(): _relations,
        old.target("styles").lower(): _styles,
    }
    for name in old.infos:
        verdict.parts += 1
        if not new.has(name):
            if name.lower() != old.target(_CALC_CHAIN).lower():
                verdict.faults.append(f"lost: {name}")
        elif name.lower() in grown:
            verdict.faults += [f"{name}: {fault}" for fault in grown[name.lower()](old, new, name)]
        elif old.packed(name) != new.packed(name):
            verdict.faults.append(f"changed: {name}")
    verdict.faults += _pointing_nowhere(old, new)
    verdict.faults += _cells(old, new, verdict)
    verdict.names = len(_names(old))
    return verdict


def only_log_differs(first: bytes, second: bytes) -> list[str]:
    """Return what else than the Run Log, its table and its list of rows differs between two runs."""
    old, new = Package(first), Package(second)
    changed = [name for name in old.infos if not new.has(name) or old.read(name) != new.read(name)]
    log = next(part for name, part, _ in old.sheets() if name.endswith("Run Log"))
    allowed = {log} | {target for kind, target, _ in old.relations(log) if kind == "table"}
    return [f"second run changed {name}" for name in changed if name not in allowed] + [
        f"second run added {name}" for name in new.infos if not old.has(name)
    ]


def _canonical(element: ET.Element) -> str:
    return ET.canonicalize(ET.tostring(element, encoding="unicode"), strip_text=False)


def _local(element: ET.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _types(old: Package, new: Package, name: str) -> Iterator[str]:
    listed = [
        Counter(tuple(sorted(each.attrib.items())) for each in ET.fromstring(each.read(name))) for each in (old, new)
    ]
    for gone in listed[0] - listed[1]:
        if _CALC_CHAIN.lower() not in str(gone).lower():
            yield f"lost {gone}"
    types = {key.lower() for each in listed[1] for name_, key in each if name_ in ("PartName", "Extension")}
    for part in new.infos:
        has_type = f"/{part}".lower() in types or part.rsplit(".", 1)[-1].lower() in types
        if not has_type and part != "[Content_Types].xml" and not old.has(part):
            yield f"no type for {part}"


def _relations(old: Package, new: Package, name: str) -> Iterator[str]:
    listed = [[each.attrib for each in ET.fromstring(each.read(name))] for each in (old, new)]
    for gone in listed[0]:
        if gone not in listed[1] and not gone.get("Type", "").endswith(_CALC_CHAIN):
            yield f"lost {gone}"
    ids = Counter(each.get("Id") for each in listed[1])
    yield from (f"id {each} twice" for each, count in ids.items() if count > 1)


def _workbook(old: Package, new: Package, name: str) -> Iterator[str]:
    roots = [ET.fromstring(each.read(name)) for each in (old, new)]
    if roots[0].attrib != roots[1].attrib:
        yield "attributes of the workbook changed"
    yield from _prefixes(old.read(name), new.read(name))
    kept = [[each for each in root if _local(each) not in ("sheets", "definedNames", "calcPr")] for root in roots]
    if [*map(_canonical, kept[0])] != [*map(_canonical, kept[1])]:
        yield "elements of the workbook changed"
    sheets = [[_canonical(each) for sheets in root if _local(sheets) == "sheets" for each in sheets] for root in roots]
    if sheets[1][: len(sheets[0])] != sheets[0]:
        yield "sheets changed, or not in their order"
    lost = _names(old) - _names(new)
    if lost:
        yield f"names lost or changed: {list(lost)[:3]}"
    calculation = [next((dict(each.attrib) for each in root if _local(each) == "calcPr"), {}) for root in roots]
    calculation[1] = {k: v for k, v in calculation[1].items() if k != "fullCalcOnLoad" or k in calculation[0]}
    if calculation[0] != calculation[1]:
        yield "calcPr changed"


def _prefixes(before: bytes, after: bytes) -> Iterator[str]:
    """Yield prefixes that an attribute speaks of (mc:Ignorable) and that are declared no more."""
    for data in (after,):
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
        for listed in re.findall(r'Ignorable="([^"]*)"', text):
            for prefix in listed.split():
                if f"xmlns:{prefix}=" not in text:
                    yield f"prefix {prefix} is declared no more"
    if b"Ignorable" in before and b"Ignorable" not in after:
        yield "mc:Ignorable is lost"


def _names(package: Package) -> Counter:
    found = Counter()
    for element in ET.fromstring(package.read(package.workbook)).iter():
        if element.tag.endswith("}definedName"):
            found[tuple(sorted(element.attrib.items())), element.text] += 1
    return found


def _styles(old: Package, new: Package, name: str) -> Iterator[str]:
    roots = [ET.fromstring(each.read(name)) for each in (old, new)]
    yield from _prefixes(old.read(name), new.read(name))
    families = [{_local(each): each for each in root} for root in roots]
    for family, element in families[0].items():
        now = families[1].get(family)
        if now is None:
            yield f"{family} lost"
            continue
        before, after = ([_canonical(each) for each in of] for of in (element, now))
        if after[: len(before)] != before:
            yield f"{family} changed, or not in their order"
        if family not in ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs") and len(after) != len(before):
            yield f"{family} grew"


def _pointing_nowhere(old: Package, new: Package) -> Iterator[str]:
    for rels in new.infos:
        if not rels.endswith(".rels") or rels.rpartition("/")[2].startswith("._"):
            continue  # what a Mac's packer says of a file is no list of relationships
        folder, name = posixpath.split(rels)
        part = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
        for kind, target, _ in new.relations(part):
            is_gone = target and not new.has(target) and not target.startswith("#")
            if is_gone and (not old.has(rels) or old.has(target)):
                yield f"{rels}: {kind} leads to {target}, which is not there"


def _formats(package: Package) -> list[str]:
    """Return what each cell format says, with font, fill, border and number format put in."""
    part = package.target("styles")
    if not part:
        return []
    families = {_local(each): list(each) for each in ET.fromstring(package.read(part))}
    codes = {each.get("numFmtId"): each.get("formatCode") for each in families.get("numFmts", [])}

    def member(family: str, number: str | None) -> str:
        listed = families.get(family, [])
        at = int(number or 0)
        return _canonical(listed[at]) if at < len(listed) else ""

    return [
        "|".join(
            (
                codes.get(each.get("numFmtId"), each.get("numFmtId", "")) or "",
                member("fonts", each.get("fontId")),
                member("fills", each.get("fillId")),
                member("borders", each.get("borderId")),
                member("cellStyleXfs", each.get("xfId")),
                _canonical(each),
            )
        )
        for each in families.get("cellXfs", [])
    ]


def _strings(package: Package) -> list[str]:
    part = package.target("sharedStrings")
    return [_canonical(each) for each in ET.fromstring(package.read(part))] if part and package.has(part) else []


def _cells(old: Package, new: Package, verdict: Verdict) -> Iterator[str]:
    of_old, of_new = ([_formats(each), _strings(each)] for each in (old, new))
    if not of_old[0]:
        of_new[0] = []  # a book without formats gets some; its cells name none of them
    now = {name: part for name, part, _ in new.sheets()}
    for name, part, _ in old.sheets():
        if name not in now:
            yield f"sheet {name} is lost"
            continue
        if not old.has(part) or b"sheetData" not in old.read(part).replace(b"\0", b""):
            continue
        before = list(_each_cell(old.read(part), *of_old))
        after = list(_each_cell(new.read(now[name]), *of_new))
        verdict.cells += len(before)
        if before != after:
            yield f"cells of {name} differ"


def _each_cell(data: bytes, formats: list[str], strings: list[str]) -> Iterator[tuple[object, ...]]:
    for cell in ET.fromstring(data).iter():
        if _local(cell) != "c":
            continue
        parts = {_local(each): each for each in cell}
        value = parts["v"].text if "v" in parts else None
        if cell.get("t") == "s" and value is not None:
            value = strings[int(value)] if int(value) < len(strings) else value
        formula = _canonical(parts["f"]) if "f" in parts else None
        inline = _canonical(parts["is"]) if "is" in parts else None
        number = int(cell.get("s", "0"))
        style = formats[number] if number < len(formats) else number
        rest = {key: each for key, each in cell.attrib.items() if key != "s"}
        yield cell.get("r"), value, formula, inline, style, tuple(sorted(rest.items()))
