"""What a command line of Nx runs. Source: nx.dev, references of `nx run`, `nx affected`, `nx run-many`."""

from __future__ import annotations

from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.tuples import NamedTuple

Words = tuple[Argument, ...]


class TargetRun(NamedTuple):
    """`nx run PROJECT:TARGET`, `nx affected -t TARGET`: targets of a project, or of all, `*`.

    `certain` is false where what has changed decides which projects run it.
    """

    targets: tuple[str, ...]
    project: str
    configuration: str
    words: Words
    certain: bool


# Commands of nx that run no target.
_NX_OWN = frozenset(
    (
        "add", "connect", "daemon", "exec", "format", "format:check", "format:write", "g", "generate",
        "graph", "import", "init", "list", "login", "migrate", "print-affected", "release", "repair",
        "report", "reset", "show", "sync", "sync:check", "view-logs", "watch",
    )
)  # fmt: skip
_NX_VALUED = frozenset(
    ("--base", "--head", "--parallel", "--maxParallel", "--exclude", "--files", "--runner", "--batch")
)


def target_run(words: Words) -> TargetRun | None:
    """What nx runs; None where it runs no target that is known by name."""
    plain: list[str] = []
    targets: list[str] = []
    configuration, project, option = "", "", ""
    for at, each in enumerate(words):
        text = each.text
        name, _, value = (text or "").partition("=")
        if text is not None and text.startswith("-"):
            option = "" if value else name
            if name in ("-t", "--target", "--targets"):
                targets += [one for one in value.split(",") if one]
            elif name in ("-c", "--configuration"):
                configuration = value or configuration
            elif name == "--prod":
                configuration, option = "production", ""
            elif name in ("-p", "--projects", "--project"):
                project = value or project
        elif option in ("-t", "--target", "--targets"):
            targets += (text or "").split(",") if text else []
        elif option in ("-c", "--configuration"):
            configuration, option = text or "?", ""
        elif option in ("-p", "--projects", "--project"):
            project, option = text or "", ""
        elif option in _NX_VALUED:
            option = ""
        elif text is None or (len(plain) == 2 and at):
            break
        else:
            plain.append(text)
            option = ""
    head = plain[0] if plain else ""
    if head in _NX_OWN:
        return None
    if head in ("affected", "run-many") or head.startswith("affected:"):
        targets += [head.partition(":")[2]] if ":" in head else []
        only = project if project and "," not in project and "*" not in project else "*"
        return TargetRun(tuple(targets), only, configuration, (), head == "run-many") if targets else None
    if head == "run" and len(plain) > 1:
        project, _, target = plain[1].partition(":")
        target, _, said = target.partition(":")
        return TargetRun((target,), project, said or configuration, (), True) if target else None
    if not head or head == "run":
        return None
    return TargetRun((head,), plain[1] if len(plain) > 1 else project or ".", configuration, (), True)
