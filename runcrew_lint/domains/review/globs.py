"""Patterns of CODEOWNERS: as in .gitignore, but that `dir/*` does not reach deeper.

Source: docs.github.com, "About code owners". A pattern of many wildcards is walked state by state: as a
regular expression it could take any time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from runcrew_lint.patterns import lazily

_TOKEN = lazily(r"(?:\*\*/)+|/\*\*\Z|\*{2,}|\*|\?|.", re.DOTALL)
_MEANS = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_FEW = 3  # wildcards that a regular expression may try in turn


@lru_cache(maxsize=1024)
def owner_glob(pattern: str) -> Callable[[str], bool]:
    """What says whether a path is one of a pattern's."""
    tokens = [_plain(each) for each in _TOKEN.findall(pattern.strip("/"))]
    if "/" not in pattern.rstrip("/") and tokens[:1] != ["**/"]:
        tokens.insert(0, "**/")
    below = not pattern.endswith("/*")
    folder = pattern.endswith("/") and not pattern.endswith("**/")  # and no file of that name
    if sum("*" in each for each in tokens) > _FEW:
        nodes = tuple(_nodes(tokens))
        return lambda path: _walked(nodes, path, below, folder)
    body = "".join(_MEANS.get(each) or re.escape(each) for each in tokens)
    rest = "/.*" if folder else "(?:/.*)?" if below else ""
    compiled = re.compile(f"{body}{rest}\\Z", re.DOTALL)
    return lambda path: compiled.match(path) is not None


def _plain(token: str) -> str:
    """Repeated folders and stars say no more than one."""
    if token.startswith("**/"):
        return "**/"
    return "**" if len(token) > 2 and not token.strip("*") else token


def _nodes(tokens: list[str]) -> Iterator[str]:
    """The states: `folders` may be passed over or begin `inside`, which only a slash ends."""
    for each in tokens:
        if each == "**/":
            yield from ("folders", "inside")
        elif each == "/**":
            yield from ("/", "**")
        else:
            yield each


def _walked(nodes: tuple[str, ...], path: str, below: bool, folder: bool) -> bool:
    """Whether a path is matched: all states at once, so that a character costs as much as they are many."""
    end = len(nodes)
    states = _closed({0}, nodes)
    for character in path:
        if below and end in states and character == "/":
            return True
        following: set[int] = set()
        for state in states:
            node = nodes[state] if state < end else ""
            if node in ("**", "inside") or (node == "*" and character != "/"):
                following.add(state)
            if (
                node == character
                or (node == "?" and character != "/")
                or (node == "inside" and character == "/")
            ):
                following.add(state + 1)
        states = _closed(following, nodes)
        if not states:
            return False
    return end in states and not folder


def _closed(states: set[int], nodes: tuple[str, ...]) -> set[int]:
    """The states with those that are come to without a character."""
    found: set[int] = set()
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            node = nodes[state] if state < len(nodes) else ""
            if node == "folders":
                waiting += [state + 1, state + 2]
            elif node in ("*", "**"):
                waiting.append(state + 1)
    return found
