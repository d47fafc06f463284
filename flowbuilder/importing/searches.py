"""Web searches that other builders call by their makers' own interfaces, as requests to the same interfaces.

Addresses, parameters and ways of signing in are those that the makers document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOLD = "It asks the same interface and gives its whole answer, as JSON."
QUERY = {"name": "q", "value": "{{ query }}"}


def _read(url: str, auth: str, name: str = "", **more: str) -> dict[str, Any]:
    query = [QUERY, *({"name": key, "value": value} for key, value in more.items())]
    return {"url": url, "query": query, "auth": auth, "auth_name": name}


def _sent(url: str, auth: str, name: str = "", body: str = '{"query": {{ query }}}') -> dict[str, Any]:
    return {"method": "POST", "url": url, "body_type": "json", "body": body, "auth": auth, "auth_name": name}


GOOGLE = _read("https://www.googleapis.com/customsearch/v1", "query", "key", cx="")
SERP = _read("https://serpapi.com/search.json", "query", "api_key", engine="google")
SERPER = _sent("https://google.serper.dev/search", "header", "X-API-KEY", '{"q": {{ query }}}')
TAVILY = _sent("https://api.tavily.com/search", "bearer")
BRAVE = _read("https://api.search.brave.com/res/v1/web/search", "header", "X-Subscription-Token")
EXA = _sent(
    "https://api.exa.ai/search", "header", "x-api-key", '{"query": {{ query }}, "contents": {"text": true}}'
)
SEARCH_API = _read("https://www.searchapi.io/api/v1/search", "bearer", engine="google")
SEARCHES: Mapping[str, dict[str, Any]] = {
    "googleCustomSearch": GOOGLE, "GoogleSearchAPICore": GOOGLE, "GoogleSearchAPI": GOOGLE, "google_search": GOOGLE,
    "serpAPI": SERP, "SerpAPI": SERP, "Serp": SERP, "serper": SERPER, "GoogleSerperAPICore": SERPER,
    "GoogleSerperAPI": SERPER, "tavilyAPI": TAVILY, "TavilySearchComponent": TAVILY, "TavilyAISearch": TAVILY,
    "tavily_search": TAVILY, "braveSearchAPI": BRAVE, "brave_search": BRAVE, "exaSearch": EXA, "ExaSearch": EXA,
    "exa_search": EXA, "searchAPI": SEARCH_API, "SearchAPI": SEARCH_API, "SearchComponent": SEARCH_API,
    "google": SERP,
}  # fmt: skip
"""By what the builders call them."""


def search(kind: str) -> dict[str, Any] | None:
    """Settings of an 'HTTP request' that a model may call."""
    found = SEARCHES.get(kind)
    if found is None:
        return None
    return {**found, "tool_name": "web_search", "tool_description": "Searches the web for 'query'."}


def todo(kind: str) -> str:
    key = "Keep the key of the search as a secret, and choose it ('secret')."
    if SEARCHES.get(kind) is GOOGLE:
        return f"{key} Write your search engine's id into the parameter 'cx' ('query')."
    return key
