"""Where rows come from: files of several dialects, and real databases. Passwords are never said."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.issues import Issue
from tests.command import targets
from tests.workbooks.books import small_book
from tests.workbooks.load.postgres import BIN, PASSWORD, server
from workbooks.load.sources import Source, read_source

QUERY = """
SELECT 'Reviews' AS "Metric", org AS "Org", 'Spam' AS "Queue", day AS "Period", done AS "Value" FROM done
"""
needs_postgres = pytest.mark.skipif(BIN is None, reason="PostgreSQL (initdb) is not installed")


def _listed(source: Source | Issue) -> list[tuple[object, ...]]:
    assert isinstance(source, Source), source
    return list(zip(*(column.tolist() for column in source.columns), strict=True))


@pytest.mark.parametrize(
    "data",
    [
        "Org,Value\nTeam Ä,1.5\n\nTeam B,\n".encode(),
        "\ufeffOrg;Value\r\nTeam Ä;1.5\r\nTeam B;\r\n".encode(),
        "Org\tValue\nTeam Ä\t1.5\nTeam B\t\n".encode("cp1252"),
        b'Org,Value\n"Team \xc3\x84","1.5"\n"Team B",""\n',
    ],
)
def test_dialects_of_csv_say_the_same(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(data)
    source = read_source(str(path))
    assert _listed(source) == [("Team Ä", "1.5"), ("Team B", None)]


@pytest.mark.parametrize("data", [b"", b"Org,Value\nTeam A\n", b'Org,Value\n"Team A,1\n', b"\n\n"])
def test_a_broken_file_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(data)
    found = read_source(str(path))
    assert isinstance(found, Issue)
    assert found.code == "TC910"
    assert "rows.csv" in found.found


def test_more_rows_than_a_sheet_holds_are_refused_while_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbooks.load.sources.MAX_ROWS", 3)
    path = tmp_path / "rows.csv"
    path.write_text("Org,Value\n" + "Team A,1\n" * 3)
    assert len(_listed(read_source(str(path)))) == 3
    path.write_text("Org,Value\n" + "Team A,1\n" * 4 + "broken")
    found = read_source(str(path))
    assert isinstance(found, Issue)
    assert (found.code, found.found) == ("TC914", "rows.csv: over 3 rows")


def test_a_file_larger_than_can_be_held_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.load.sources.MOST_BYTES", 20)
    path = tmp_path / "rows.csv"
    path.write_text("Org,Value\n" + "Team A,1\n" * 4)
    found = read_source(str(path))
    assert isinstance(found, Issue)
    assert "at most" in found.found


def test_a_quote_that_is_never_closed_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('Org,Value\n"' + "Team A,1\n" * 20_000)
    found = read_source(str(path))
    assert isinstance(found, Issue)
    assert "is a quotation mark not closed?" in found.found


@pytest.mark.parametrize("name", ["gone.csv", "gone.parquet"])
def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path, name: str) -> None:
    found = read_source(str(tmp_path / name))
    assert isinstance(found, Issue)
    assert found.found == f"{tmp_path / name}: there is no such file"


def test_a_folder_and_an_unknown_encoding_are_said_in_words(tmp_path: Path) -> None:
    folder, odd = tmp_path / "rows.csv", tmp_path / "odd.csv"
    folder.mkdir()
    odd.write_bytes(b"Org\n\x81\x8d")
    told = [read_source(str(path)).found.rpartition(": ")[2] for path in (folder, odd)]
    assert told == ["a folder, not a file", "its text is neither UTF-8 nor of a Western Windows"]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    path = tmp_path / "rows.parquet"
    day = datetime.date(2026, 1, 5)
    parquet.write_table(pyarrow.table({"Org": ["A", None], "Day": [day, day], "Value": [1, None]}), path)
    assert _listed(read_source(str(path))) == [
        ("A", datetime.datetime(2026, 1, 5), 1.0), (None, datetime.datetime(2026, 1, 5), None),
    ]  # fmt: skip


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    path = tmp_path / "work.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE done (org TEXT, day TEXT, done REAL)")
        connection.execute("INSERT INTO done VALUES ('Team A', '2025-01', 12.5), ('Team B', '2025-01', 7)")
    connection.close()
    return f"sqlite:///{path}"


def test_sqlite_answers_a_query(sqlite: str) -> None:
    assert _listed(read_source(sqlite, QUERY)) == [
        ("Reviews", "Team A", "Spam", "2025-01", 12.5), ("Reviews", "Team B", "Spam", "2025-01", 7.0),
    ]  # fmt: skip


def test_a_query_that_is_wrong_or_missing_is_named(sqlite: str) -> None:
    for query in ("", "SELECT nothing FROM nowhere"):
        found = read_source(sqlite, query)
        assert isinstance(found, Issue)
        assert found.code == "TC910"


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE done", "delete from done", "/* tidy */ -- up\n TRUNCATE done", "UPDATE done SET done = 0",
        "WITH old AS (SELECT 1) DELETE FROM done", "SELECT 1; DROP TABLE done", "CREATE TABLE more (org TEXT)",
    ],
)  # fmt: skip
def test_a_query_never_changes_a_database(sqlite: str, query: str) -> None:
    assert isinstance(read_source(sqlite, query), Issue)
    with sqlite3.connect(sqlite.removeprefix("sqlite:///")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("done",)]
        assert connection.execute("SELECT sum(done) FROM done").fetchone() == (19.5,)
    connection.close()


def test_a_database_file_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    found = read_source(f"sqlite:///{tmp_path}/nowhere.db", "SELECT 1")
    assert isinstance(found, Issue)
    assert found.found.endswith("nowhere.db: there is no such file")
    assert not list(tmp_path.iterdir())


def test_a_query_beside_a_file_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("Org,Value\nTeam A,1\n")
    found = read_source(str(path), "SELECT 1")
    assert isinstance(found, Issue)
    assert "a query is for a database" in found.found


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with server() as address:
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE done (org text, day text, done numeric(10, 2))")
            connection.execute("INSERT INTO done SELECT 'Team A', '2025-0' || m, m FROM generate_series(1, 3) AS m")
        yield address


@needs_postgres
def test_postgresql_answers_a_query(postgres: str) -> None:
    assert [row[3:] for row in _listed(read_source(postgres, QUERY))] == [
        ("2025-01", 1.0), ("2025-02", 2.0), ("2025-03", 3.0),
    ]  # fmt: skip


@needs_postgres
@pytest.mark.parametrize(
    "query",
    ["DROP TABLE done", "WITH gone AS (DELETE FROM done RETURNING org) SELECT org FROM gone", "SELECT setval('n', 9)"],
)
def test_a_query_never_changes_postgresql(postgres: str, query: str) -> None:
    import psycopg

    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        connection.execute("CREATE SEQUENCE IF NOT EXISTS n")
    assert isinstance(read_source(postgres, query), Issue)
    assert len(_listed(read_source(postgres, QUERY))) == 3


@needs_postgres
def test_a_load_from_postgresql_leaves_the_password_nowhere(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "plan.xlsx"
    book.write_bytes(small_book())
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = targets("load", str(book), "--table", "Baseline", "--from", postgres, "--query", QUERY, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = targets("load", str(book), "--table", "Baseline", "--from", postgres, "--query", "SELECT nonsense")
    assert wrong.returncode == 1
    assert "TC910" in wrong.stderr
    barred = targets("load", str(book), "--table", "Baseline", "--from", postgres.replace("planner:", "nobody:"),
                     "--query", QUERY)  # fmt: skip
    assert barred.returncode == 1
    said = "".join(each.stdout + each.stderr for each in (done, wrong, barred))
    assert PASSWORD not in said
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(PASSWORD.encode() in data for data in written)
