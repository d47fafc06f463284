"""Only a SELECT is a query, its values are bound, and errors name the setting."""

import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.services.databases import Found
from nodes.tools.select_statement import NotAllowed, for_driver, names_in, parsed
from nodes.tools.sql_query import SqlQuery
from nodes.types import Record


class FakeDatabases:
    def __init__(self, more=False):
        self.asked, self.more = [], more

    async def select(self, database, sql, values, *, most, seconds):
        self.asked.append((database, sql, values))
        return Found(columns=("id", "name"), rows=({"id": 1, "name": "a|b"},), more=self.more)

    async def tables(self, database):
        return {"parcels": ("id", "name")}


async def test_values_are_inputs_and_are_bound(make_context):
    node = SqlQuery(database="shop", sql="SELECT id, name FROM parcels WHERE name = :name AND data = :data")
    assert list(node.inputs()) == ["name", "data"]
    ctx = make_context(databases=FakeDatabases(more=True))
    found = await node.run(ctx, name="x'; DROP TABLE parcels; --", data=Record(data={"a": 1}))
    assert ctx.databases.asked[0][2] == {"name": "x'; DROP TABLE parcels; --", "data": '{"a": 1}'}
    assert found.rows == [{"id": 1, "name": "a|b"}]
    assert "| 1 | a\\|b |" in found.text and "Only the first 100 rows" in found.text


async def test_a_model_may_write_the_statement_itself(make_context):
    node, ctx = SqlQuery(database="shop"), make_context(databases=FakeDatabases())
    assert node.inputs() == {"sql": str}
    await node.run(ctx, sql="SELECT 1")
    assert ctx.databases.asked == [("shop", "SELECT 1", {})]
    assert "parcels(id, name)" in await node.about(ctx)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM parcels",
        "INSERT INTO parcels VALUES (1)",
        "UPDATE parcels SET id = 1",
        "DROP TABLE parcels",
        "SELECT 1; DROP TABLE parcels",
        "WITH gone AS (DELETE FROM parcels RETURNING *) SELECT * FROM gone",
        "SELECT * INTO copied FROM parcels",
        "SELECT * FROM parcels FOR UPDATE",
        "COPY parcels TO '/tmp/x'",
        "ATTACH DATABASE '/tmp/x' AS y",
        "PRAGMA table_info(parcels)",
        "EXPLAIN SELECT 1",
        "SET ROLE admin",
        "BEGIN",
        "VACUUM",
        "CALL something()",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_sleep(100)",
        "SELECT lo_export(1, '/tmp/x')",
        "SELECT * FROM dblink('host=evil', 'SELECT 1') AS t(a int)",
        "SELECT load_extension('x')",
        "SELECT set_config('a', 'b', false)",
        "SELECT (SELECT pg_terminate_backend(1))",
        "SELECT query_to_xml('DELETE FROM parcels', true, true, '')",
        "",
        "nonsense",
    ],
)
def test_what_does_more_than_read_is_refused(sql):
    for dialect in ("postgres", "sqlite"):
        with pytest.raises(NotAllowed):
            parsed(sql, dialect)
    if sql:
        with pytest.raises(ValidationError):
            SqlQuery(sql=sql)


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1 UNION SELECT 2", "WITH a AS (SELECT 1 AS x) SELECT x FROM a", "SELECT count(*) FROM t GROUP BY y HAVING count(*) > 1 -- note",
     "SELECT 'DELETE FROM t; DROP' AS said", "SELECT lower(name), sum(x) OVER (PARTITION BY y) FROM t"],
)  # fmt: skip
def test_what_reads_is_allowed(sql):
    for dialect in ("postgres", "sqlite"):
        assert parsed(sql, dialect)


def test_the_driver_s_places_and_percent_signs():
    sql = "SELECT x FROM t WHERE a = :name AND b LIKE '%:no' AND c % 2 = :name"
    assert names_in(sql) == ["name"]
    assert for_driver(parsed(sql, "postgres"), "postgres") == (
        "SELECT x FROM t WHERE a = %(name)s AND b LIKE '%%:no' AND c %% 2 = %(name)s"
    )
    assert ":name" in for_driver(parsed(sql, "sqlite"), "sqlite")


async def test_without_the_service_it_says_so(make_context):
    with pytest.raises(NodeError, match="reads no databases"):
        await SqlQuery(sql="SELECT 1").run(make_context())
