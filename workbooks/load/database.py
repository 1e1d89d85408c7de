"""A query on a database: what it answers, and nothing else happens there.

Owns: that a load only reads, whatever the query says, and makes no database that was not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

_CHUNK = 10_000

_REMARK = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_WRITES = frozenset(
    {
        "alter", "attach", "comment", "copy", "create", "delete", "detach", "drop", "grant", "insert", "into", "lock",
        "merge", "pragma", "reindex", "rename", "replace", "revoke", "set", "truncate", "update", "upsert", "vacuum",
    }
)  # fmt: skip
"""Words with which a query begins that changes something."""

_READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}
"""What is said to a database first, so that it refuses to change anything."""


Plain = Callable[[Iterable[object]], list[object]]


class QueryError(Exception):
    """A query that got no answer; its text says why, in words."""


def answer(address: str, query: str, most: int, plain: Plain) -> tuple[list[str], list[list[object]]]:
    """Return the headers and columns that a database answers a query with.

    Parameters
    ----------
    most : rows after which no more are read
    plain : makes values of one column what tables hold; called part by part

    Raises
    ------
    QueryError
        There is no answer, or the query would do more than read.
    ModuleNotFoundError
        SQLAlchemy or a driver is not installed.
    """
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.exc import SQLAlchemyError

    _refuse_to_write(query)
    try:
        url = make_url(address)
        _refuse_to_make(url)
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                found = _only_reading(connection, url).execute(text(query))
                if not found.returns_rows:
                    raise QueryError("the query answers with no rows; it must be a SELECT")
                headers = list(found.keys())
                columns: list[list[object]] = [[] for _ in headers]
                for rows in found.partitions():
                    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
                        column.extend(plain(values))
                    if columns and len(columns[0]) > most:
                        break
        finally:
            engine.dispose()
    except SQLAlchemyError as failed:
        raise QueryError(str(failed).partition("\n")[0]) from failed
    return headers, columns


def _only_reading(connection: Connection, url: URL) -> Connection:
    """Return a connection through which nothing is changed: what is begun on it is never committed, either."""
    kind = url.get_backend_name()
    if kind in _READ_ONLY:
        connection.exec_driver_sql(_READ_ONLY[kind])
    options: dict[str, object] = {"stream_results": True, "yield_per": _CHUNK}
    if kind == "postgresql":
        options["postgresql_readonly"] = True
    return connection.execution_options(**options)


def _refuse_to_write(query: str) -> None:
    words = re.findall(r"[a-z]+", _REMARK.sub(" ", query).casefold())
    if not words:
        raise QueryError("a database needs --query, for instance SELECT … AS Metric, … AS Value FROM …")
    if words[0] in _WRITES:
        raise QueryError(f"the query begins with {words[0].upper()}: a load only reads")


def _refuse_to_make(url: URL) -> None:
    """Refuse a database in a file that is not there: it would be made, empty."""
    name = url.database
    is_file = url.get_backend_name() in {"sqlite", "duckdb"} and name not in (None, "", ":memory:")
    if is_file and not str(name).startswith("file:") and not Path(str(name)).exists():
        raise QueryError(f"{name}: there is no such file")
