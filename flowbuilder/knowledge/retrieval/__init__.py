"""From a question to passages: both indexes, fused where the embedder can be trusted, and what is given of them."""
