"""What stands behind a place: the rule of a finding, and the locks of a statement of a migration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runcrew_lint.catalogue.address import LOCKS, address
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.domains.migrations.facts import Direction, Relation
from runcrew_lint.domains.migrations.history import History
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.runs import Statement, functions
from runcrew_lint.model.finding import Finding
from runcrew_lint.model.rule import Rule
from runcrew_lint.reporters.markdown import code, escaped, prose
from runcrew_lint.text import Place


def of_finding(finding: Finding, rules: Mapping[str, Rule]) -> str:
    """What is wrong, why, and what to do, in Markdown."""
    said = [f"**{finding.rule}** ({finding.severity.value}): {prose(finding.message)}"]
    said += [f"- {escaped(label)}: {prose(text)}" for label, text in finding.notes]
    rule = rules.get(finding.rule)
    if rule is None:
        return "\n".join(said)
    said += ["", " ".join(words_of(rule)["why"].split()), "", f"**What to do:** {prose(finding.help)}"]
    href = address(rule)
    if href:
        said += ["", f"[The rule, with examples]({href})"]
    return "\n".join(said)


def statement_at(history: History, path: str, offset: int, major: int) -> Statement | None:
    """The statement of a migration that a character stands in; of several, the one with the least around it.

    Arguments:
        major: PostgreSQL's.
    """
    found = [
        statement
        for lineage in history.postgres
        for migration in lineage.order
        if path in (migration.path, migration.downgrade_path)
        for function in functions(lineage, migration, major)
        for statement in function
        if statement.place.path == path and statement.place.span.start <= offset <= statement.place.span.end
    ]
    return min(found, key=lambda each: _length(each.place), default=None)


def _length(place: Place) -> int:
    return place.span.end - place.span.start


def of_statement(statement: Statement) -> str:
    """Its locks with who waits, what it writes anew and reads, and how long it holds them, in Markdown."""
    return "\n".join(_of_statement(statement))


def _of_statement(statement: Statement) -> Iterator[str]:
    effect = statement.effect
    kinds = dict.fromkeys(each.kind.value.replace("_", " ") for each in statement.operations)
    yield f"**{escaped(', '.join(kinds))}**, PostgreSQL {statement.major}"
    yield ""
    if effect.locks:
        yield from ("| relation | lock | who waits |", "| --- | --- | --- |")
        for relation, mode in sorted(effect.locks.items(), key=lambda each: (-each[1], str(each[0]))):
            yield f"| {code(str(relation))} | {mode} | {_waiting(statement, relation, mode)} |"
        yield ""
    else:
        yield "It locks no table."
    for what, relations in (
        ("rewrites all rows of", effect.rewrites),
        ("builds anew", effect.rebuilds),
        ("reads all rows of", effect.scans - effect.rewrites),
    ):
        if relations:
            yield f"- {what} {', '.join(code(str(each)) for each in sorted(relations))}"
    yield from (f"- may {each.what} {code(str(each.relation))}: {prose(each.why)}" for each in effect.doubts)
    if effect.needs_autocommit:
        yield "- PostgreSQL refuses it in a transaction"
    if effect.locks:
        end = "the end of the revision's transaction" if statement.in_transaction else "its own end"
        yield f"- the locks are held to {end}"
    yield from ("", f"[The table of locks]({LOCKS})")


def _waiting(statement: Statement, relation: Relation, mode: LockMode) -> str:
    table = statement.schema.table(relation)
    if table is not None and statement.direction is Direction.UPGRADE:
        if table.made_in and table.made_in == statement.migration.revision:
            return "nobody: it is made here"
    return mode.blocks or "nobody"
