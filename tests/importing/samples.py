"""Small exports, written for these tests."""

import json
from typing import Any


def node(id_: str, name: str, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    data = {
        "id": id_,
        "name": name,
        "label": more.pop("label", id_),
        "inputs": inputs or {},
        "category": more.pop("category", ""),
    }
    return {
        "id": id_,
        "type": "customNode",
        "position": more.pop("at", {"x": 0, "y": 0}),
        "data": data,
        **more,
    }


def edge(source: str, target: str, out: str = "", into: str = "") -> dict[str, str]:
    return {
        "source": source,
        "target": target,
        "sourceHandle": f"{source}-output-{out or source}",
        "targetHandle": f"{target}-input-{into}-X" if into else target,
    }


def chain() -> dict[str, Any]:
    """A model, a prompt and a chain."""
    return {
        "nodes": [
            node("chatOpenAI_0", "chatOpenAI", {"modelName": "gpt-4o", "temperature": 0.2, "openAIApiKey": "sk-canary", "frequencyPenalty": 0.5}, category="Chat Models", label="ChatOpenAI"),
            node("promptTemplate_0", "promptTemplate", {"template": "Say {{hi}} to {name}"}, category="Prompts", at={"x": 10, "y": 300}),
            node("llmChain_0", "llmChain", {"model": "{{chatOpenAI_0.data.instance}}"}, category="Chains", at={"x": 400, "y": 0}, label="Greeter"),
        ],
        "edges": [edge("chatOpenAI_0", "llmChain_0", into="model"), edge("promptTemplate_0", "llmChain_0", into="prompt")],
    }  # fmt: skip


def agent_flow(tool: str = "csvTool", store: str = "") -> dict[str, Any]:
    """A start and an agent with a tool that has no counterpart."""
    inputs = {
        "agentModel": "chatOllama",
        "agentModelConfig": {"modelName": "llama3.2", "baseUrl": "http://localhost:11434"},
        "agentMessages": [{"role": "system", "content": "<p>You help at <strong>Ada's</strong> depot.</p>"}],
        "agentTools": [{"agentSelectedTool": tool, "agentSelectedToolConfig": {"csvFile": "rows.csv"}}],
        "agentKnowledgeDocumentStores": [{"documentStore": store, "docStoreDescription": "The handbook"}]
        if store
        else "",
    }
    return {
        "nodes": [
            node("startAgentflow_0", "startAgentflow", label="Start"),
            node("agentAgentflow_0", "agentAgentflow", inputs, at={"x": 500, "y": 0}, label="Helper"),
            node("customFunctionAgentflow_0", "customFunctionAgentflow", {"customFunctionJavascriptFunction": "return require('fs').readFileSync('sum')"}, at={"x": 900, "y": 0}, label="Sum"),
        ],
        "edges": [edge("startAgentflow_0", "agentAgentflow_0"), edge("agentAgentflow_0", "customFunctionAgentflow_0")],
    }  # fmt: skip


def workspace() -> dict[str, Any]:
    """Two flows and one of everything beside them."""
    return {
        "AgentFlow": [],
        "AgentFlowV2": [{"id": "flow-1", "name": "Depot helper", "flowData": json.dumps(agent_flow(store="store-1:Handbook"))}],
        "AssistantCustom": [
            {"id": "as-1", "details": json.dumps({"name": "Clerk", "instruction": "You are a clerk.", "chatModel": {"name": "chatOpenAI", "inputs": {"modelName": "gpt-4o"}}})}
        ],
        "ChatFlow": [{"id": "flow-2", "name": "Greeter", "flowData": json.dumps(chain())}],
        "ChatMessage": [
            {"id": "m1", "role": "userMessage", "chatflowid": "flow-1", "content": "Where is parcel 7?", "chatId": "c1", "sessionId": "c1", "createdDate": "2025-01-01T10:00:00Z"},
            {"id": "m2", "role": "apiMessage", "chatflowid": "flow-1", "content": "In bay 3.", "chatId": "c1", "sessionId": "c1", "createdDate": "2025-01-01T10:00:05Z"},
            {"id": "m3", "role": "userMessage", "chatflowid": "flow-1", "content": "Hello?", "chatId": "c2", "sessionId": "c2", "createdDate": "2025-01-02T10:00:00Z"},
        ],
        "ChatMessageFeedback": [{"id": "f1", "chatflowid": "flow-1", "chatId": "c1", "messageId": "m2", "rating": "THUMBS_UP", "content": "Quick"}],
        "CustomTemplate": [{"id": "t1", "name": "Greeting", "description": "Says hello", "type": "Chatflow", "flowData": json.dumps(chain())}],
        "DocumentStore": [{"id": "store-1", "name": "Handbook", "loaders": json.dumps([{"id": "doc-1", "loaderName": "Text File"}])}],
        "DocumentStoreFileChunk": [
            {"id": "k2", "docId": "doc-1", "storeId": "store-1", "pageContent": "Bay 3 is cold.", "chunkNo": 2, "metadata": "{}"},
            {"id": "k1", "docId": "doc-1", "storeId": "store-1", "pageContent": "Bay 1 is dry.\\n\\nAnd warm.", "chunkNo": 1, "metadata": "{}"},
        ],
        "Execution": [{"id": "e1"}],
        "Tool": [{"id": "tool-1", "name": "csvTool", "description": "Reads", "schema": "[]", "func": "return 1"}],
        "Variable": [
            {"id": "v1", "name": "city", "value": "Graz", "type": "static"},
            {"id": "v2", "name": "apiKey", "value": "sk-canary", "type": "static"},
            {"id": "v3", "name": "region", "value": None, "type": "runtime"},
        ],
    }  # fmt: skip
