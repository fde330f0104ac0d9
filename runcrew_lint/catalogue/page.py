"""A rule's page in Markdown: what `explain` prints and docs/rules/ holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runcrew_lint.catalogue.words import words_of
from runcrew_lint.model.rule import Mark, Rule

_MARKS = {
    Mark.FACT: "a fact: it holds for any repository",
    Mark.POLICY: "policy: it reads its values from the policy",
    Mark.DEMAND: "a demand: it asks for something to exist, under a policy that was named",
    Mark.OWN: "the team's own word",
}
_LANGUAGES = {"py": "python", "yml": "yaml", "yaml": "yaml", "json": "json", "sql": "sql", "conf": "nginx"}


def page(rule: Rule) -> str:
    """The whole page, ending in a newline."""
    return "\n".join(_lines(rule, words_of(rule))).rstrip() + "\n"


def _lines(rule: Rule, words: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"# {rule.name}", "", f"{_sentence(rule.summary)}", "")
    fix = {"none": "none", "safe": "safe (`--fix`)", "unsafe": "unsafe (`--unsafe-fixes`)"}[rule.fix]
    yield f"- family: {rule.family}"
    yield f"- severity: {rule.severity.value}"
    yield f"- rests on: {_MARKS[rule.mark]}{f', {rule.home}' if rule.home else ''}"
    yield from (f"- fix: {fix}", "")
    yield from ("## Why", "", words["why"].strip(), "")
    yield from ("## What to do", "", _sentence(rule.remedy), "")
    if rule.in_sql:
        yield from (f"In a script: {rule.in_sql}.", "")
    if words.get("options"):
        yield from ("## Options", "")
        for name, option in words["options"].items():
            yield f"- `{name}` (default `{option['default']}`): {option['description']}"
        yield ""
    examples = words.get("examples", [])
    for title, kind in (("Caught", "bad"), ("Not caught", "good")):
        chosen = [example for example in examples if kind in example]
        if chosen:
            yield from (f"## {title}", "")
        for example in chosen:
            yield from (f"{_sentence(example['name'])}", "")
            yield from _files(example[kind])
            if example.get("fixed"):
                how = " by `--unsafe-fixes`" if "unsafe" in example else ""
                yield from (f"Mended{how}:", "")
                yield from _files(example["fixed"])
            elif "fixed" in example:
                yield from ("No fix: it can't be mended exactly here.", "")


def _files(files: dict[str, str]) -> Iterator[str]:
    for path, content in files.items():
        language = _LANGUAGES.get(path.rpartition(".")[2], "")
        fence = "````" if "```" in str(content) else "```"
        yield from (f"`{path}`", "", f"{fence}{language}", str(content or "").rstrip("\n"), fence, "")


def _sentence(words: str) -> str:
    text = words.strip()
    first = text.split(" ", 1)[0]
    head = text[:1].upper() if first.isalpha() else text[:1]  # `op.add_column` stays as it is
    return head + text[1:] + ("" if text.endswith((".", "?", "`")) else ".")
