"""Text out of files, one loader a format; each runs in a limited process of its own."""
