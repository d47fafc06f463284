"""How well passages are found: ``python -m benchmarks.retrieval [FOLDER ...]``.

Two kinds of tasks. The sample protocol in English and Chinese with its questions (``examples/protocol``): a passage is right when
it overlaps the words that the question expects. And, for each folder of Markdown on the command line, the proxy task: a heading
is the question, and its section, without the heading's line, what is to be found among all sections. Titles that occur twice
are left out, and so are sections under 80 characters.

Each task is answered by the product's own search, by its embedder alone, by BM25 alone (bm25s, over words as the segmenter cuts
them), and by the two of them fused as equals. All search the same passages: the protocol as the product splits it, or the
sections.

Rows for parts of the questions stand below each system: their kinds, and the two halves (every other expected place). The weights
of the fusion and of a named title were chosen on the half "tuned on"; BM25's B was chosen with all in view.

A second table is about splitting: the protocol split by the product, by LangChain's RecursiveCharacterTextSplitter as it comes,
and in pieces of 800 characters that every line end flushes, as Coze's are; how often a piece ends in mid-sentence, and what BM25
finds among the first five pieces, and among those that fit into 4,000 characters.

bm25s and langchain-text-splitters are benchmarks' own: make an environment that sees ``.venv``'s packages and install
``benchmarks/requirements.txt`` into it. Everything runs in one process, without a worker, on SQLite.
"""
