"""The language server: what an editor shows of a repository while it is written."""
