"""What each column of an export is: by the words in its header and the values below.

Owns: the roles of columns, their order in the trees, and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.building.texts import key_of, text_of
from solver.frozen import frozen
from workbooks.importing import vocabulary as words
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.importing.moments import may_be_period, read_span
from workbooks.importing.numbers import are_numbers, is_nothing
from workbooks.importing.vocabulary import Role

_MOST = 0.8
_SAMPLE = 2_000  # records that tell what a column holds
_AMONG_QUEUES = 2.5  # rank of a market among the levels of the queue tree: below policies, above queues
_WIDE = 2  # headers that are periods, from which on periods are columns

NUMERIC = frozenset({Role.VOLUME, Role.RATE, Role.SAMPLE, Role.HANDLE_TIME, Role.FTE, Role.HOURS, Role.INFLOW,
                     Role.BACKLOG})  # fmt: skip


@frozen
class Column:
    """What one column is.

    at : position in the export; header : as it stands
    rank : place in its tree, smaller = nearer to the root
    why : what spoke for the role; is_sure : False where only the values did
    """

    at: int
    header: str
    role: Role
    why: str
    rank: float = 0.0
    is_sure: bool = True


def recognise(export: Export, forced: Mapping[str, Role], told: Told) -> tuple[Column, ...]:
    """Return what the columns of an export are.

    Parameters
    ----------
    forced : header, compared without case → the role that a person gave it
    """
    columns = [_recognised(export, at, forced) for at in range(len(export.headers))]
    columns = _settle_either(export, columns)
    columns = _without_people(columns)
    columns = _some_org(export, columns)
    columns = _finest_period(export, columns)
    for column in columns:
        _tell(export, column, told)
    return tuple(columns)


def period_headers(export: Export) -> tuple[int, ...]:
    """Return the columns whose headers are periods; empty unless there are several."""
    found = tuple(at for at, header in enumerate(export.headers) if header and read_span(header))
    return found if len(found) >= _WIDE else ()


def _recognised(export: Export, at: int, forced: Mapping[str, Role]) -> Column:
    header = text_of(export.headers[at])
    values = [value for value in export.column(at)[:_SAMPLE] if not is_nothing(value)]
    said = words.words_of(header)
    given = forced.get(key_of(header))
    if given is not None:
        return Column(at, header, given, "You said so", _rank(given, said))
    if not values:
        return Column(at, header, Role.IGNORE, "It is empty")
    if at in period_headers(export):
        return Column(at, header, Role.IGNORE, "Its header is a period: the values below belong to it")
    numeric = are_numbers(values)
    found = _by_header(said, values, numeric=numeric)
    if found is not None:
        role, word = found
        return Column(at, header, role, f"“{word}” in its header", _rank(role, said))
    return _by_values(at, header, values, numeric=numeric)


def _by_header(said: str, values: Sequence[object], *, numeric: bool) -> tuple[Role, str] | None:
    if word := words.has_any(said, words.YEARS):
        return (Role.YEAR, word) if all(_is_year(value) for value in values) else None
    if (word := words.has_any(said, words.PERIODS)) and _are_periods(values):
        return Role.PERIOD, word
    return _by_number_words(said) if numeric else _by_text_words(said)


def _by_number_words(said: str) -> tuple[Role, str] | None:
    """Return what a column of numbers is; what stands earlier is more particular."""
    for role, known in (
        (Role.HANDLE_TIME, words.HANDLE_TIMES), (Role.SAMPLE, words.SAMPLES), (Role.RATE, words.RATES),
        (Role.IGNORE, words.AVERAGES), (Role.HOURS, words.HOURS), (Role.BACKLOG, words.BACKLOGS),
        (Role.VOLUME, words.VOLUMES), (Role.INFLOW, words.INFLOWS), (Role.FTE, words.FTES),
    ):  # fmt: skip
        if word := words.has_any(said, known):
            return role, word
    if "%" in said:
        return Role.RATE, "%"
    if word := words.has_any(said, words.IDS):
        return Role.IGNORE, word
    for role, levels in ((Role.QUEUE, words.QUEUE_LEVELS), (Role.ORG, words.ORG_LEVELS)):
        if word := words.has_any(said, tuple(each for level in levels for each in level)):
            return role, word  # teams and queues may be called by numbers
    return None


def _by_text_words(said: str) -> tuple[Role, str] | None:
    for role, known in ((Role.METRIC, tuple(words.METRICS)), (Role.IGNORE, tuple(words.IDS))):
        if word := words.has_any(said, known):
            return role, word
    queue = words.has_any(said, tuple(each for level in words.QUEUE_LEVELS for each in level))
    org = words.has_any(said, tuple(each for level in words.ORG_LEVELS for each in level))
    if queue and len(queue) >= len(org):
        return Role.QUEUE, queue
    if org:
        return Role.ORG, org
    if word := words.has_any(said, words.PEOPLE):
        return Role.ORG, word
    return None


def _by_values(at: int, header: str, values: Sequence[object], *, numeric: bool) -> Column:
    if _are_periods(values) and not numeric:
        return Column(at, header, Role.PERIOD, "Its values are dates or periods", is_sure=False)
    return Column(at, header, Role.IGNORE, "Nothing in its header says what it is", is_sure=False)


def _is_year(value: object) -> bool:
    text = text_of(value)
    return len(text) == 4 and text.isdigit() and 1990 <= int(text) <= 2100


def _are_periods(values: Sequence[object]) -> bool:
    """Whether most values are periods; a number may be one of a year that stands in another column."""
    return sum(may_be_period(value) for value in values) >= _MOST * len(values)


def says_level(role: Role, header: str) -> bool:
    """Whether a header says which level of its tree the column is."""
    return bool(_ranks(role, words.words_of(header)))


def _ranks(role: Role, said: str) -> list[int]:
    levels = words.QUEUE_LEVELS if role is Role.QUEUE else words.ORG_LEVELS
    return [at for at, level in enumerate(levels) if words.has_any(said, level)]


def _rank(role: Role, said: str) -> float:
    levels, ranks = words.QUEUE_LEVELS if role is Role.QUEUE else words.ORG_LEVELS, _ranks(role, said)
    if role is Role.ORG and not ranks and words.has_any(said, words.PEOPLE):
        return float(len(levels))
    return float(max(ranks)) if ranks else len(levels) / 2


def _settle_either(export: Export, columns: list[Column]) -> list[Column]:
    """Settle whether a market or a language is a part of the org tree or of the work."""
    org = [column for column in columns if column.role is Role.ORG and not _is_either(column)]
    if not org:
        return columns
    finest = max(org, key=lambda column: column.rank)
    return [
        replace(
            column,
            role=Role.QUEUE,
            why=f"{column.why}; one “{finest.header}” works on several of them",
            rank=_AMONG_QUEUES,
            is_sure=False,
        )
        if column.role is Role.ORG and _is_either(column) and not _follows(export, column.at, finest.at)
        else column
        for column in columns
    ]


def _is_either(column: Column) -> bool:
    return bool(words.has_any(words.words_of(column.header), words.EITHER)) and column.why != "You said so"


def _follows(export: Export, above: int, below: int) -> bool:
    """Whether each value of one column stands with one value of another only."""
    seen: dict[str, str] = {}
    for record in export.records:
        if is_nothing(record[above]) or is_nothing(record[below]):
            continue
        if seen.setdefault(key_of(record[below]), key_of(record[above])) != key_of(record[above]):
            return False
    return True


def _without_people(columns: list[Column]) -> list[Column]:
    """Leave single people out where there are teams or sites: targets are for teams."""
    org = [column for column in columns if column.role is Role.ORG]
    people = [column for column in org if column.rank == len(words.ORG_LEVELS) and column.why != "You said so"]
    if len(org) == len(people):
        return columns
    why = "People are added up: targets are for teams and sites"
    return [replace(column, role=Role.IGNORE, why=why) if column in people else column for column in columns]


def _some_org(export: Export, columns: list[Column]) -> list[Column]:
    """Where nothing is called a team or a queue, take a column of texts that repeat as the org tree."""
    if any(column.role in (Role.ORG, Role.QUEUE) for column in columns):
        return columns
    for column in columns:
        values = [key_of(value) for value in export.column(column.at)[:_SAMPLE] if not is_nothing(value)]
        if column.role is Role.IGNORE and not column.is_sure and values and not are_numbers(values):
            why = "A column of names, and no other is called a team or a queue"
            taken = replace(column, role=Role.ORG, why=why)
            return [taken if each is column else each for each in columns]
    return columns


def _finest_period(export: Export, columns: list[Column]) -> list[Column]:
    """Keep the period column with the most distinct values: longer periods follow from it."""
    periods = [column for column in columns if column.role is Role.PERIOD]
    if len(periods) < 2:
        return columns
    distinct = {column.at: len({key_of(value) for value in export.column(column.at)}) for column in periods}
    finest = max(periods, key=lambda column: distinct[column.at])
    why = f"“{finest.header}” says the same more finely"
    return [
        replace(column, role=Role.IGNORE, why=why) if column in periods and column is not finest else column
        for column in columns
    ]


_SHOWN = {
    Role.ORG: "a level of the org tree",
    Role.QUEUE: "a level of the queue tree",
    Role.PERIOD: "the period",
    Role.YEAR: "the year of the period",
    Role.METRIC: "the name of the metric",
    Role.VOLUME: "a volume: it adds up",
    Role.RATE: "a rate: an average with a weight",
    Role.SAMPLE: "how many observations stand behind the rate",
    Role.HANDLE_TIME: "the handle time",
    Role.FTE: "people: FTE in Capacity",
    Role.HOURS: "productive hours in Capacity",
    Role.INFLOW: "items that arrive",
    Role.BACKLOG: "items that are open",
    Role.IGNORE: "left out",
}


def _tell(export: Export, column: Column, told: Told) -> None:
    place = export.header_place(column.at)
    if column.at in period_headers(export):
        return
    if column.role is Role.IGNORE and column.why != "It is empty":
        told.add("TC267", place, f"{column.header}: {column.why[0].lower()}{column.why[1:]}")
    told.guess(f"column {column.header}", column.header, _SHOWN[column.role], column.why, place=place,
               is_sure=column.is_sure)  # fmt: skip
