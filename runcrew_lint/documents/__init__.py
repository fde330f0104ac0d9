"""One module a format: text to a positioned document. Syntax and places, no policy."""
