"""Published flows as tools of an MCP server (Model Context Protocol, streamable HTTP)."""
