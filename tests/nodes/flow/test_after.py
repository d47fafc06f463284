from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run


def graph(value: str) -> Graph:
    yes = {"name": "yes", "rules": [{"test": "equals", "value": "go"}]}
    return Graph.model_validate(
        {
            "nodes": [
                {"id": "start", "type": "flow.start", "settings": {"example": value}},
                {"id": "which", "type": "flow.condition", "settings": {"branches": [yes]}},
                {"id": "said", "type": "text.prompt", "settings": {"template": "hello"}},
                {"id": "after", "type": "flow.after"},
                {"id": "reply", "type": "flow.reply"},
            ],
            "wires": [
                {"id": "1", "source": "start", "target": "which", "target_port": "value"},
                {"id": "2", "source": "said", "target": "after", "target_port": "value"},
                {
                    "id": "3",
                    "source": "which",
                    "source_port": "yes",
                    "target": "after",
                    "target_port": "after",
                },
                {"id": "4", "source": "after", "target": "reply", "target_port": "content"},
            ],
        }
    )


async def finished(value: str, make_context) -> dict:
    played = run(
        graph(value),
        {"question": value},
        catalogue=Catalogue.load(),
        context_for=lambda node, report: make_context(report=report, inputs={"question": value}),
    )
    return {event.node: event.type async for event in played if event.node}


async def test_it_passes_a_value_on_once_the_branch_is_taken(make_context):
    assert (await finished("go", make_context))["reply"] == "node.finished"
    assert (await finished("stay", make_context))["reply"] == "node.skipped"
