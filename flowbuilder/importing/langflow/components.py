"""Each of Langflow's components, as a node of ours."""

from __future__ import annotations

from collections.abc import Callable

from flowbuilder.importing.drawing import Port, port_name
from flowbuilder.importing.flowise.tools import tool_name
from flowbuilder.importing.original import Edge, Original, text_in
from flowbuilder.importing.providers import ModelSettings, model_of
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.standing import placeholder_of
from flowbuilder.importing.texts import from_single

UNKNOWN = "Langflow's component has no counterpart here. Put nodes in its place that do the same."
SCRIPT = "Its Python would run beside Langflow's own. Write what it does in a node 'Code'; what it was set to is kept in the placeholder."
SEARCHES = "A knowledge base takes its place: put what it held into one, and choose it ('base')."
CONFIGURES = {"Embeddings", "EmbeddingsModel", "SplitText", "File", "Directory", "TextSplitter"}
STORES = {
    "AstraDB", "Chroma", "FAISS", "Milvus", "Pinecone", "QdrantVectorStoreComponent", "pgvector", "Weaviate", "Redis",
    "Elasticsearch", "OpenSearch", "SupabaseVectorStore", "MongoDBAtlasVector", "LocalDB", "KnowledgeRetrieval", "Couchbase",
}  # fmt: skip
PROVIDERS = {
    "OpenAI": "openai",
    "Anthropic": "anthropic",
    "Google": "google",
    "Google Generative AI": "google",
}
TESTS = {
    "equals": "equals", "not equals": "differs", "contains": "contains", "starts with": "starts with",
    "ends with": "ends with", "regex": "matches", "less than": "less than", "less than or equal": "at most",
    "greater than": "more than", "greater than or equal": "at least",
}  # fmt: skip


class Draw:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.outputs: dict[str, dict[str, Port]] = {}
        """Component -> by the name of its output."""
        self.replies: list[str] = []

    def begin(self, working: list[Original]) -> None:
        if not any(node.kind in {"ChatInput", "TextInput", "Webhook"} for node in working):
            left = min((node.at[0] for node in working), default=0.0)
            self.stage.question = Port(
                self.stage.drawing.node("flow.start", (left - 420, 0.0), wanted="start")
            )

    def finish(self) -> None:
        used = {edge.source for edge in self.stage.source.edges}
        if self.replies or not self.outputs:
            return
        ends = [ports for id_, ports in self.outputs.items() if id_ not in used and ports]
        ports = [port for found in ends if (port := next(iter(found.values()))).name != "tool"]
        if ports:
            right = max(node["position"]["x"] for node in self.stage.drawing.nodes.values())
            reply = self.stage.drawing.node("flow.reply", (right + 420, 0.0), wanted="reply")
            self.stage.drawing.wire(ports[-1], reply, "content")

    def into(self, node: Original, *fields: str) -> list[Port]:
        """What is wired to fields of a component."""
        node.ignore(*fields)
        found = [self.port(edge) for edge in self.stage.source.into(node.id) if edge.target_port in fields]
        return [port for port in found if port is not None]

    def port(self, edge: Edge) -> Port | None:
        ports = self.outputs.get(edge.source, {})
        return ports.get(edge.source_port) or next(iter(ports.values()), None)

    def text(self, node: Original, *fields: str) -> Port:
        """What is wired to a field, else what is written in it, else the question."""
        wired = self.into(node, *fields)
        if wired:
            return wired[0]
        said = next((text for field in fields if (text := node.text(field))), "")
        if said or self.stage.question is None:
            template = said.replace("{{", "{ ").replace("}}", " }") or " "
            return Port(
                self.stage.add(node, "text.prompt", {"template": template}, label="text", beside=-320)
            )
        return self.stage.question


def draw(to: Draw, node: Original) -> None:
    convert = COMPONENTS.get(node.kind) or _by_name(node)
    if convert is None:
        placeholder(to, node, UNKNOWN)
    else:
        convert(to, node)


def _by_name(node: Original) -> Callable[[Draw, Original], None] | None:
    if node.kind in STORES or node.kind.endswith("VectorStore"):
        return store
    if node.kind.endswith(("Embeddings", "Splitter", "Loader")) or node.kind in CONFIGURES:
        return configures
    if node.kind.endswith(("Model", "ModelComponent")):
        return model
    return None


def placeholder(to: Draw, node: Original, why: str) -> None:
    stage = to.stage
    into = stage.source.into(node.id)
    takes = [port_name(edge.target_port or "value") for edge in into if to.port(edge)]
    gives = [port_name(edge.source_port or "out") for edge in stage.source.out_of(node.id)] or ["out"]
    settings = placeholder_of(stage.report.source, node, why, takes, gives)
    id_ = stage.add(node, "flow.placeholder", settings)
    for edge in into:
        if port := to.port(edge):
            stage.drawing.wire(port, id_, port_name(edge.target_port or "value"))
    offers = node.data.get("tool_mode")
    to.outputs[node.id] = {
        edge.source_port: Port(id_, "tool" if offers else port_name(edge.source_port or "out"))
        for edge in stage.source.out_of(node.id)
    }
    to.outputs[node.id].setdefault("", Port(id_, gives[0]))
    stage.became(node, How.PLACEHOLDER, why, id_)


def chat_input(to: Draw, node: Original) -> None:
    node.ignore(*(name for name in node.inputs if name != "input_value"))
    id_ = to.stage.add(node, "flow.start", {"example": node.text("input_value")[:2000]})
    to.stage.question = to.stage.question or Port(id_)
    to.outputs[node.id] = {"message": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def chat_output(to: Draw, node: Original) -> None:
    said = to.text(node, "input_value")
    node.ignore(*node.inputs)
    id_ = to.stage.add(node, "flow.reply")
    to.stage.drawing.wire(said, id_, "content")
    to.replies.append(id_)
    to.outputs[node.id] = {"message": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def prompt(to: Draw, node: Original) -> None:
    template, names = from_single(node.text("template"))
    id_ = to.stage.add(node, "text.prompt", {"template": template or " "})
    for name in names:
        to.stage.drawing.wire(to.text(node, name), id_, name)
    node.ignore("tool_placeholder", *names)
    to.outputs[node.id] = {"prompt": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def _model(to: Draw, node: Original) -> ModelSettings:
    chosen = node.inputs.get("model")
    if isinstance(chosen, list) and chosen and isinstance(chosen[0], dict):
        provider, name = text_in(chosen[0].get("provider")), text_in(chosen[0].get("name"))
    else:
        provider = text_in(node.inputs.get("provider")) or text_in(node.inputs.get("agent_llm")) or node.kind
        name = text_in(node.inputs.get("model_name")) or text_in(chosen)
    base = node.text("openai_api_base") or node.text("base_url") or node.text("api_base")
    given = {
        "modelName": name,
        "baseUrl": base,
        "temperature": node.take("temperature"),
        "maxTokens": node.take("max_tokens"),
    }
    node.ignore(
        "model",
        "model_name",
        "provider",
        "agent_llm",
        "api_key",
        "openai_api_key",
        "stream",
        "input_value",
        "system_message",
        "anthropic_api_key",
        "google_api_key",
        "seed",
        "json_mode",
        "max_retries",
        "timeout",
        "model_kwargs",
    )
    return model_of(PROVIDERS.get(provider, provider), given)


def model(to: Draw, node: Original) -> None:
    said = to.text(node, "input_value")
    system = node.text("system_message")
    wired = to.into(node, "system_message")
    found = _model(to, node)
    settings = {**found.settings("max_new_tokens", "temperature", "top_p"), "system": "" if wired else system}
    id_ = to.stage.add(node, "language.remote_model", settings)
    to.stage.drawing.wire(_asked(to, node, said, wired, []), id_, "prompt")
    found.tell(to.stage.report, node.label)
    to.outputs[node.id] = {"text_output": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def _asked(to: Draw, node: Original, said: Port, system: list[Port], history: list[Port]) -> Port:
    """As messages: only these take what may be of any kind, instructions that are wired, and what was said before."""
    rows = [{"role": "system", "template": "{{ instructions }}"}] if system else []
    id_ = to.stage.add(
        node,
        "language.chat_messages",
        {"rows": [*rows, {"role": "user", "template": "{{ question }}"}]},
        label="messages",
        beside=-320,
    )
    to.stage.drawing.wire(said, id_, "question")
    for port in system:
        to.stage.drawing.wire(port, id_, "instructions")
    for port in history:
        to.stage.drawing.wire(port, id_, "history")
    return Port(id_)


def agent(to: Draw, node: Original) -> None:
    tools = to.into(node, "tools")
    said = to.text(node, "input_value")
    wired = to.into(node, "system_prompt")
    found = _model(to, node)
    settings = found.settings("max_new_tokens", "temperature")
    instructions = "" if wired else node.text("system_prompt")
    if tools:
        steps = node.take("max_iterations")
        settings |= {
            "instructions": instructions,
            "most_steps": max(1, min(50, steps)) if isinstance(steps, int) else 10,
        }
        settings["max_new_tokens"] = max(64, settings.get("max_new_tokens", 1024))
        id_ = to.stage.add(node, "language.remote_agent", settings)
    else:
        id_ = to.stage.add(node, "language.remote_model", {**settings, "system": instructions})
    node.ignore(
        "system_prompt",
        "memory",
        "handle_parsing_errors",
        "verbose",
        "add_current_date_tool",
        "n_messages",
        "agent_description",
    )
    to.stage.drawing.wire(_asked(to, node, said, wired, [to.stage.memory()]), id_, "prompt")
    for tool in tools:
        to.stage.drawing.wire(tool, id_, "tools")
    found.tell(to.stage.report, node.label)
    to.outputs[node.id] = {"response": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def memory(to: Draw, node: Original) -> None:
    turns = node.take("n_messages")
    node.ignore(*node.inputs)
    id_ = to.stage.add(
        node,
        "language.memory",
        {"turns": max(1, min(100, turns // 2))}
        if isinstance(turns, int) and not isinstance(turns, bool)
        else {},
    )
    to.outputs[node.id] = {"messages_text": Port(id_)}
    to.stage.became(node, How.APPROXIMATED, "It remembers the conversations of this flow here.", id_)


def store(to: Draw, node: Original) -> None:
    offers = bool(node.data.get("tool_mode"))
    limit = node.take("number_of_results")
    settings: dict[str, object] = (
        {"limit": max(1, min(50, limit))} if isinstance(limit, int) and not isinstance(limit, bool) else {}
    )
    if offers:
        settings["tool_name"] = tool_name(node.label)
    node.ignore("embedding", "embedding_model", "ingest_data", "search_query", "api_key", "token")
    asked = any(edge.target_port == "search_query" for edge in to.stage.source.into(node.id))
    if not asked and not offers and not to.stage.source.out_of(node.id):
        placeholder(to, node, SEARCHES)
        return
    id_ = to.stage.add(node, "knowledge.retrieve", settings)
    if not offers:
        text = to.stage.add(node, "text.prompt", {"template": "{{ query }}"}, label="query", beside=-160)
        to.stage.drawing.wire(to.text(node, "search_query"), text, "query")
        to.stage.drawing.wire(Port(text), id_, "question")
    to.stage.report.needs(node.label, SEARCHES)
    to.outputs[node.id] = {"search_results": Port(id_, "tool" if offers else "out")}
    to.stage.became(node, How.CONVERTED, "", id_)


def configures(to: Draw, node: Original) -> None:
    """Embeddings, splitters and loaders: a knowledge base has its own."""
    why = "A knowledge base reads, splits and embeds documents itself."
    id_ = to.stage.drawing.note(f"**{node.label}**\n\n{why}", node.at, wanted=node.id, colour="blue")
    to.outputs[node.id] = {}
    to.stage.became(node, How.MERGED, why, id_)


def condition(to: Draw, node: Original) -> None:
    value = to.text(node, "input_text")
    test = TESTS.get(node.text("operator"), "equals")
    rule = {
        "test": test,
        "value": node.text("match_text"),
        "ignore_case": not node.take("case_sensitive", False),
    }
    node.ignore("default_route", "max_iterations", "message", "true_case_message", "false_case_message")
    id_ = to.stage.add(node, "flow.condition", {"branches": [{"name": "yes", "rules": [rule]}]})
    to.stage.drawing.wire(value, id_, "value")
    to.outputs[node.id] = {"true_result": Port(id_, "yes"), "false_result": Port(id_, "else")}
    to.stage.became(node, How.CONVERTED, "", id_)


def passes(to: Draw, node: Original) -> None:
    """Turns data into text, which happens by itself here."""
    pattern, names = from_single(node.text("template") or node.text("pattern") or "{data}")
    value = to.text(node, "data", "input_data", "df", "input_value")
    node.ignore("sep", "mode", "template", "pattern")
    id_ = to.stage.add(node, "text.prompt", {"template": pattern})
    for name in names:
        to.stage.drawing.wire(value, id_, name)
    to.outputs[node.id] = {"text": Port(id_)}
    to.stage.became(node, How.APPROXIMATED, "All that arrives is written in each place of its template.", id_)


def text_input(to: Draw, node: Original) -> None:
    said = node.text("input_value")
    wired = to.into(node, "input_value")
    template = "{{ text }}" if wired else said.replace("{{", "{ ").replace("}}", " }") or " "
    id_ = to.stage.add(node, "text.prompt", {"template": template})
    for port in wired[:1]:
        to.stage.drawing.wire(port, id_, "text")
    to.outputs[node.id] = {"text": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def combine(to: Draw, node: Original) -> None:
    id_ = to.stage.add(node, "flow.merge", {"how": "text", "separator": node.text("delimiter")[:100] or " "})
    for field in ("text1", "text2"):
        to.stage.drawing.wire(to.text(node, field), id_, "values")
    to.outputs[node.id] = {"combined_text": Port(id_)}
    to.stage.became(node, How.CONVERTED, "", id_)


def request(to: Draw, node: Original) -> None:
    urls = node.take("urls", [])
    url = next((each for each in urls if isinstance(each, str)), "") if isinstance(urls, list) else ""
    url = node.text("url_input") or node.text("url") or url
    method = node.text("method").upper()
    settings = {
        "method": method if method in {"GET", "POST", "PUT", "PATCH", "DELETE"} else "GET",
        "url": url[:4000],
    }
    id_ = to.stage.add(node, "tools.http_request", settings)
    to.outputs[node.id] = {"data": Port(id_, "tool" if node.data.get("tool_mode") else "text")}
    to.stage.became(node, How.APPROXIMATED, "Its headers and body are to be written again.", id_)


def tool(type_: str) -> Callable[[Draw, Original], None]:
    def made(to: Draw, node: Original) -> None:
        id_ = to.stage.add(node, type_)
        node.ignore(*node.inputs)
        offers = node.data.get("tool_mode") or any(
            edge.target_port == "tools" for edge in to.stage.source.out_of(node.id)
        )
        if not offers and type_ == "tools.calculator":
            to.stage.drawing.wire(to.text(node, "expression"), id_, "expression")
        to.outputs[node.id] = {"component_as_tool": Port(id_, "tool" if offers else "out")}
        to.stage.became(node, How.CONVERTED, "", id_)

    return made


def script(to: Draw, node: Original) -> None:
    placeholder(to, node, SCRIPT)


COMPONENTS: dict[str, Callable[[Draw, Original], None]] = {
    "ChatInput": chat_input,
    "ChatOutput": chat_output,
    "TextOutput": chat_output,
    "TextInput": text_input,
    "Prompt": prompt,
    "Prompt Template": prompt,
    "LanguageModelComponent": model,
    "Agent": agent,
    "Memory": memory,
    "ConditionalRouter": condition,
    "ParseData": passes,
    "ParserComponent": passes,
    "parser": passes,
    "ParseDataFrame": passes,
    "MessagetoData": passes,
    "CombineText": combine,
    "APIRequest": request,
    "CalculatorComponent": tool("tools.calculator"),
    "CalculatorTool": tool("tools.calculator"),
    "CurrentDate": tool("tools.date"),
    "URLComponent": tool("tools.web_page"),
    "URL": tool("tools.web_page"),
    "CustomComponent": script,
    "PythonFunction": script,
    "PythonREPLComponent": script,
}
