"""Each chain, agent and engine of Flowise's chat flows, as nodes of ours."""

from __future__ import annotations

import base64

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.flowise import schemas
from flowbuilder.importing.flowise.chat import STEPS, Chain, Chat
from flowbuilder.importing.original import Original
from flowbuilder.importing.providers import ModelSettings
from flowbuilder.importing.report import How
from flowbuilder.importing.texts import from_single

CSV = "The agent reads the table by a tool; Flowise wrote Python over it."
ASSISTANT = "It ran at OpenAI, with what is set up there; here the same model is asked by the chat protocol."
CONDENSE = (
    "Given the following conversation and a follow up question, rephrase the follow up question to be a standalone "
    "question.\n\nChat History:\n{chat_history}\nFollow Up Input: {question}\nStandalone Question:"
)
CONTEXT = "Use the context to answer. If the answer is not in it, say that you do not know.\n\n{context}"


def llm_chain(chat: Chat, node: Original) -> Port:
    chat.guarded(node)
    node.ignore("chainName")
    prompt = next((chat.prompt(found, node) for found in chat.plugs.of(node, "prompt")), None)
    schema = chat.schema(node)
    out = chat.asks(node, prompt or chat.question(node), schema=schema)
    why = (
        "Its answer is a record that a schema checks; a list stands in its field 'items'."
        if schema == schemas.LIST
        else ""
    )
    chat.stage.became(node, How.APPROXIMATED if why else How.CONVERTED, why, out.node)
    return out


def conversation_chain(chat: Chat, node: Original) -> Port:
    chat.guarded(node)
    memory = chat.plugs.memory(node)
    system = node.text("systemMessagePrompt") or node.text("systemMessage")
    prompts = chat.plugs.of(node, "chatPromptTemplate")
    if prompts and not system:
        prompt = chat.prompt(prompts[0], node)
        if memory is not None:
            chat.stage.drawing.wire(memory, prompt.node, "history")
    else:
        prompt = chat.conversation(node, [("system", system), ("user", "{question}")], {}, memory)
    out = chat.asks(node, prompt)
    chat.stage.became(node, How.CONVERTED, "", out.node)
    return out


def retrieval_chain(chat: Chat, node: Original) -> Port:
    chat.guarded(node)
    node.ignore("returnSourceDocuments")
    memory = chat.plugs.memory(node) or chat.stage.memory()
    question = chat.question(node)
    rephrase, names = from_single(node.text("rephrasePrompt") or CONDENSE)
    asked = chat.stage.add(node, "text.prompt", {"template": rephrase}, label="rephrase", beside=-640)
    for name in names:
        chat.stage.drawing.wire(memory if name == "chat_history" else question, asked, name)
    model = chat.plugs.model(node)
    settings = model.settings("temperature", "top_p")
    alone = chat.stage.add(node, "language.remote_model", settings, label="standalone question", beside=-480)
    chat.stage.drawing.wire(Port(asked), alone, "prompt")
    passages = chat.plugs.retriever(node, Port(alone))
    answer = node.text("responsePrompt") or CONTEXT
    values = {"context": passages} if passages else {}
    prompt = chat.conversation(node, [("system", answer), ("user", "{question}")], values, memory)
    out = chat.asks(node, prompt)
    why = "The question is made to stand alone at each turn; Flowise left the first as it was."
    chat.stage.became(node, How.APPROXIMATED, why, out.node)
    return out


def engine(chat: Chat, node: Original) -> Port:
    """A search, then an answer from what was found."""
    chat.guarded(node)
    node.ignore("returnSourceDocuments")
    memory = chat.plugs.memory(node)
    question = chat.question(node)
    passages = chat.plugs.retriever(node, question)
    why = ""
    text = node.text("systemMessagePrompt") or CONTEXT
    for found in chat.plugs.of(node, "responseSynthesizer"):
        said, _ = from_single(found.text("textQAPrompt"))
        text = found.text("textQAPrompt") if said.strip() else text
        why = "All passages are given at once; Flowise went through them one after the other."
        chat.plugs.take_in(found, node)
    values = {"context": passages, "context_str": passages} if passages else {}
    if passages and "{context" not in text:
        text = f"{text}\n\n{{context}}"
    rows = [("system", text)] if "{query" in text else [("system", text), ("user", "{question}")]
    prompt = chat.conversation(node, [("user", rows[0][1])] if len(rows) == 1 else rows, values, memory)
    if not chat.plugs.of(node, "model", "llm"):
        for found in chat.plugs.of(node, "vectorStoreRetriever"):
            node_model = chat.plugs.of(found, "model")
            chat.plugs.plugged[node.id, "model"] = [each.id for each in node_model]
    out = chat.asks(node, prompt)
    chat.stage.became(node, How.APPROXIMATED if why else How.CONVERTED, why, out.node)
    return out


def agent(chat: Chat, node: Original) -> Port:
    chat.guarded(node)
    node.ignore("enableDetailedStreaming", "returnDirect", "humanMessage")
    memory = chat.plugs.memory(node)
    system = (
        node.text("systemMessage") or node.text("systemMessagePrompt") or "You are a helpful AI assistant."
    )
    prompts = chat.plugs.of(node, "chatPromptTemplate")
    tools = chat.plugs.tools(node, "tools", "queryEngineTools")
    steps = node.take("maxIterations")
    if prompts:
        prompt = chat.prompt(prompts[0], node)
    elif memory is not None:
        prompt = chat.conversation(node, [("user", "{question}")], {}, memory)
    else:
        prompt = chat.question(node)
    for found in chat.plugs.of(node, "responseSynthesizer"):
        chat.plugs.take_in(found, node)
    out = chat.asks(node, prompt, system="" if prompts else system, tools=tools)
    if tools and str(steps).isdigit():
        chat.stage.drawing.nodes[out.node]["settings"]["most_steps"] = max(1, min(50, int(steps)))
    why = {
        "reactAgentChat": "It calls tools as the model's maker does it, not by written thoughts.",
        "reactAgentLLM": "It calls tools as the model's maker does it, not by written thoughts.",
        "xmlAgent": "It calls tools as the model's maker does it, not in XML.",
        "subQuestionQueryEngine": "An agent asks the searches as often as it needs; Flowise split the question first.",
    }.get(node.kind, "")
    chat.stage.became(node, How.APPROXIMATED if why else How.CONVERTED, why, out.node)
    return out


def sql_chain(chat: Chat, node: Original) -> Port:
    chat.guarded(node)
    kind, url = node.text("database"), node.text("url")
    node.ignore("includesTables", "ignoreTables", "sampleRowsInTableInfo", "topK")
    sql = chat.stage.add(
        node, "tools.sql_query", {"tool_name": "query_database"}, label="database", beside=-320
    )
    system = (
        node.text("customPrompt").replace("{", "").replace("}", "")
        or "Answer from the database. Write one SELECT for it."
    )
    out = chat.asks(node, chat.question(node), system=system, tools=[Port(sql, "tool")])
    chat.stage.report.needs(
        node.label,
        f"An administrator lists the database in FLOWBUILDER_DATABASES (it was {kind or 'a database'}); then name it ('database').",
    )
    if url:
        chat.stage.report.secrets.append({"node": node.label, "what": "How it signed in to the database"})
    chat.stage.became(node, How.APPROXIMATED, "An agent writes the statements, and can only read.", out.node)
    return out


def csv_agent(chat: Chat, node: Original) -> Port:
    """The rows stand in a text, and the agent reads them by a tool."""
    chat.guarded(node)
    node.ignore("customReadCSV")
    rows = csv_in(node.text("csvFile"))
    data = chat.stage.add(node, "text.prompt", {"template": rows or " "}, label="rows", beside=-640)
    naming = {"tool_name": "read_table", "tool_description": "Gives the table that questions are about."}
    table = chat.stage.add(node, "tools.table", naming, label="table", beside=-320)
    chat.stage.drawing.wire(Port(data), table, "data")
    system = node.text("systemMessagePrompt") or "Answer from the table. Read it first."
    out = chat.asks(node, chat.question(node), system=system, tools=[Port(table, "tool")])
    if not rows:
        chat.stage.report.needs(node.label, "Put the rows of its CSV file into the text node 'rows'.")
    chat.stage.became(node, How.APPROXIMATED, CSV, out.node)
    return out


def assistant(chat: Chat, node: Original) -> Port:
    """What ran at OpenAI, by its chat protocol."""
    chat.guarded(node)
    node.ignore("selectedAssistant", "disableFileDownload")
    memory = chat.stage.memory()
    tools = chat.plugs.tools(node)
    prompt = chat.conversation(node, [("user", "{question}")], {}, memory)
    model = ModelSettings("OpenAI", base_url="https://api.openai.com/v1")
    settings = {**model.settings(), "instructions": "", "most_steps": STEPS}
    id_ = chat.stage.add(node, "language.remote_agent", settings)
    for tool in tools:
        chat.stage.drawing.wire(tool, id_, "tools")
    chat.stage.drawing.wire(prompt, id_, "prompt")
    model.tell(chat.stage.report, node.label)
    chat.stage.report.needs(
        node.label, "Copy the assistant's instructions and the name of its model from OpenAI."
    )
    chat.stage.became(node, How.APPROXIMATED, ASSISTANT, id_)
    return Port(id_)


def csv_in(said: str) -> str:
    """What a file holds that was sent as a data address."""
    head, comma, data = said.partition(",")
    if not (head.startswith("data:") and comma):
        return ""
    try:
        read = (
            base64.b64decode(data.partition(",")[0], validate=True)
            if head.endswith(";base64")
            else data.encode()
        )
    except ValueError:
        return ""
    return read.decode("utf-8", "replace").replace("{{", "{ {")[:200_000]


AGENTS = (
    "toolAgent", "conversationalAgent", "reactAgentChat", "reactAgentLLM", "openAIFunctionAgent", "openAIToolAgent",
    "conversationalRetrievalAgent", "conversationalRetrievalToolAgent", "xmlAgent", "mistralAIToolAgent",
    "subQuestionQueryEngine", "anthropicAgentLlamaIndex_Agents", "openAIToolAgentLlamaIndex",
)  # fmt: skip
CHAINS: dict[str, Chain] = {
    "llmChain": llm_chain,
    "conversationChain": conversation_chain,
    "simpleChatEngine": conversation_chain,
    "conversationalRetrievalQAChain": retrieval_chain,
    "retrievalQAChain": engine,
    "vectaraQAChain": engine,
    "queryEngine": engine,
    "contextChatEngine": engine,
    "sqlDatabaseChain": sql_chain,
    "csvAgent": csv_agent,
    "openAIAssistant": assistant,
    **dict.fromkeys(AGENTS, agent),
}
