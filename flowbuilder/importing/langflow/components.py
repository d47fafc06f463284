"""Each of Langflow's components, as a node of ours."""

from __future__ import annotations

from collections.abc import Callable

from flowbuilder.importing.langflow.acting import calculator, date, page, request, script
from flowbuilder.importing.langflow.asking import agent, model
from flowbuilder.importing.langflow.chat import chat_input, chat_output, memory
from flowbuilder.importing.langflow.deciding import condition
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.langflow.searching import configures, store
from flowbuilder.importing.langflow.writing import combine, passes, prompt, text_input
from flowbuilder.importing.original import Original

UNKNOWN = "Langflow's component has no counterpart here. Put nodes in its place that do the same."
CONFIGURES = {"Embeddings", "EmbeddingsModel", "SplitText", "File", "Directory", "TextSplitter"}
STORES = {
    "AstraDB", "Chroma", "FAISS", "Milvus", "Pinecone", "QdrantVectorStoreComponent", "pgvector", "Weaviate", "Redis",
    "Elasticsearch", "OpenSearch", "SupabaseVectorStore", "MongoDBAtlasVector", "LocalDB", "KnowledgeRetrieval", "Couchbase",
}  # fmt: skip


def draw(to: Draw, node: Original) -> None:
    convert = COMPONENTS.get(node.kind) or _by_name(node)
    if convert is None:
        to.placeholder(node, UNKNOWN)
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
    "CalculatorComponent": calculator,
    "CalculatorTool": calculator,
    "CurrentDate": date,
    "URLComponent": page,
    "URL": page,
    "CustomComponent": script,
    "PythonFunction": script,
    "PythonREPLComponent": script,
}
