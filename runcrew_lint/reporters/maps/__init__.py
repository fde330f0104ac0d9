"""The delivery map as a picture: refs on the left, jobs in the middle, what they reach on the right.

Each format is a module with `render(chart: Chart) -> str`.
"""

FORMATS = ("text", "json", "mermaid", "svg", "html")
