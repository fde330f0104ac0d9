"""A test or a lint whose failure changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents.shell_tree import Chain, Group, If, Redirected, Simple, Statement
from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.leniency import keeps_going
from runcrew_lint.domains.delivery.map import Edge, delivery_map_of
from runcrew_lint.domains.delivery.own import written
from runcrew_lint.domains.delivery.quoted import script as script_of
from runcrew_lint.domains.delivery.quoted import short
from runcrew_lint.domains.shell_scripts import ShellScript, simple_commands, statements_in
from runcrew_lint.domains.workflows.facts import Job, Step, Text, Workflow
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

# The author says that it may fail.
_SAID = lazily(
    r"optional|informational|non-?blocking|advisory|experimental|allow(?:ed)?[- ](?:to[- ])?fail|may fail"
    r"|nightly|canary|best[- ]effort|soft|benchmark|flaky|auto-?fix|--fix|--write|\bfix\b"
    r"|format|\bblack\b(?!.* --(?:check|diff)\b)|\binstall\b|--version\b",
    re.IGNORECASE,
)
# What only measures: but tests that measure too are tests, and an option's word says nothing of the command.
_MEASURES = lazily(r"(?!.*(?:tests?\b|jest|spec\b)).*(?:report|coverage)", re.IGNORECASE | re.DOTALL)
_OPTION = lazily(r"(?<=\s)-\S+")
_FLUTTER = ("flutter analyze", "flutter test")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a step."""
    found = repository.derive(delivery_map_of)
    flutter = bool(policy.flutter.distribute_branch or policy.flutter.store_branch)
    seen: set[Place] = set()
    told: set[Place] = set()
    checks = [each for each in found.edges if each.action in (Action.TEST, Action.LINT)]
    counting = {_named(each) for each in checks if not each.forgiven}
    for edge in checks:
        if not edge.forgiven or edge.step in seen or _named(edge) in counting:
            continue
        if (flutter and edge.did.tool in _FLUTTER) or not edge.workflow.startswith(".github/"):
            continue
        workflow, job = written(found, edge)
        if workflow is None or job is None:
            continue
        step = next((each for each in job.steps if Place(workflow.path, each.span) == edge.step), None)
        if step is None or _is_meant(edge, job, step, workflow):
            continue
        fault = _fault(edge, workflow, job, step)
        if fault.place not in told:
            told.add(fault.place)
            yield fault
        seen.add(edge.step)


def _named(edge: Edge) -> tuple[str, Place, str, str]:
    """What a job runs and where: that it may fail once is no matter where it must succeed another time."""
    return edge.workflow, edge.job, repr(edge.directory), edge.command


def _is_meant(edge: Edge, job: Job, step: Step, workflow: Workflow) -> bool:
    """Whether its name says so, or somebody asks later how it ended."""
    of_step = f"{step.name.value if step.name else ''} {step.id}"
    of_job = f"{job.id} {job.name.value if job.name else ''}"
    if _SAID.search(f"{of_step} {of_job} {edge.command}"):
        return True
    if any(_MEASURES.match(each) for each in (of_step, of_job, _OPTION.sub("", edge.command))):
        return True
    if step.run and step.run.statements and _is_noted(step.run.statements, edge.call.span):
        return True
    written = step.run.script if step.run else " ".join(pair.value for pair in step.inputs)
    if "sarif" in written:
        return True  # code scanning tells what it finds
    if not step.id:
        return False
    asked = re.compile(rf"steps\.{re.escape(step.id)}\.(?:outcome|conclusion|outputs)", re.IGNORECASE)
    texts = [each.condition for each in job.steps if each.condition]
    pairs = [pair.value for each in job.steps for pair in (*each.env, *each.inputs)]
    scripts = [each.run.script for each in job.steps if each.run]
    outputs = [pair.value for pair in job.outputs]
    return any(asked.search(each) for each in (*(text.value for text in texts), *pairs, *scripts, *outputs))


def _is_noted(block: tuple[Statement, ...], span: Span) -> bool:
    """Whether what stands behind its `||` writes down that it failed, for somebody who looks later."""
    chain = _chain(block, span)
    return any(
        (isinstance(each, Redirected) and any(word.literal != "/dev/null" for word in each.targets))
        or (isinstance(each, Simple) and _program(each) in ("touch", "tee"))
        for each in (statements_in(chain.right) if chain else ())
    )


def _program(command: Simple) -> str:
    return (command.words[0].literal or "") if command.words else ""


def _fault(edge: Edge, workflow: Workflow, job: Job, step: Step) -> Fault:
    path = edge.step.path
    place, what, mend = edge.at, "", None
    related: tuple[Related, ...] = ()
    forgiving = next(
        (each for each in (step.continue_on_error, job.continue_on_error) if _is_true(each)), None
    )
    if forgiving is not None:
        place, what = Place(path, forgiving.span), "`continue-on-error`"
        told = (("title", "lets the check fail"), ("safety", "safe"))
        mend = MendRequest("workflow.drop_line", place, told)
    elif step.run and step.run.statements and edge.call.path == path:
        chain = _chain(step.run.statements, edge.call.span)
        told_to = None if chain else _told_to_go_on(step.run.statements, edge.call.span)
        what = _hushed(step.run.statements, edge.call.span)
        shell = step.shell or job.shell or workflow.shell
        if not what and not edge.script and shell and not told_to:
            place, what = Place(path, shell.span), f"`shell: {shell.value}`, which has no `-e`,"
        if told_to:
            what, related = "`set +e`", (Related(Place(path, told_to), "from here on nothing stops it"),)
        last = _only_true(chain.right) if chain else None
        if chain and last is not None:
            what = "`|| true`" if last.words and last.words[0].literal == "true" else what
            span = Span(_end(chain.left), last.span.end)
            told = (("title", "lets the check fail"), ("safety", "safe"))
            mend = MendRequest("workflow.let_fail", Place(path, span), told)
    script = next((each for each in workflow.shell_scripts if not what and _is_in(edge, each)), None)
    if script and edge.script:
        said = _hushed(script.statements, edge.script.span)
        what = said or f"{script.path}, which goes on without `set -e`,"
        related = (Related(edge.script, "this may fail"),)
    elif edge.script and not what:
        what, related = f"its line in {edge.script.path}", (Related(edge.script, "this may fail"),)
    elif edge.call.path != path and not what:
        what, related = f"its line in {edge.call.path}", (Related(edge.call, "this may fail"),)
    if edge.script and edge.script not in [each.place for each in related]:
        related = (*related, *script_of(edge))
    kind = "the tests" if edge.action is Action.TEST else "the lint"
    return Fault(
        place,
        f"{what or 'the script'} lets `{short(edge)}` fail and the job goes on green: {kind} may break "
        "on any day, and nobody is told",
        related or ((Related(edge.at, "this may fail"),) if place != edge.at else ()),
        severity=None if edge.action is Action.TEST else Severity.WARNING,
        mend=mend,
    )


def _is_in(edge: Edge, script: ShellScript) -> bool:
    return edge.script is not None and edge.script.path == script.path


def _hushed(block: tuple[Statement, ...], span: Span) -> str:
    """What around a command keeps its failure from the script."""
    if _chain(block, span):
        return "what stands behind `||`"
    return "the pipe, of which the last command alone counts here," if _is_piped(block, span) else ""


def _is_piped(block: tuple[Statement, ...], span: Span) -> bool:
    """Whether a command stands in a pipe before its last command."""
    pipes = (each for each in statements_in(block) if isinstance(each, Group) and each.kind == "pipeline")
    return any(_start(each.body) <= span.start < _start(each.body[-1:]) for each in pipes)


def _is_true(text: Text | None) -> bool:
    return text is not None and (text.value == "true" or "${{" in text.value)


def _chain(block: tuple[Statement, ...], span: Span) -> Chain | None:
    """The innermost `||` whose left side holds a place."""
    for each in block:
        inner: tuple[Statement, ...] = ()
        if isinstance(each, Chain):
            inner = (*each.left, *each.right)
        elif isinstance(each, (Group, Redirected)):
            inner = each.body
        elif isinstance(each, If):
            inner = tuple(one for branch in each.branches for one in (*branch.test, *branch.body))
        found = _chain(inner, span) if inner else None
        if found:
            return found
        if (
            isinstance(each, Chain)
            and each.operator == "||"
            and _start(each.left) <= span.start < _end(each.left)
        ):
            return each
    return None


def _told_to_go_on(block: tuple[Statement, ...], before: Span) -> Span | None:
    """The last `set +e` in front of a place."""
    said = [
        each.span
        for each in simple_commands(block)
        if each.span.start < before.start
        and each.words
        and each.words[0].literal == "set"
        and keeps_going(word.literal for word in each.words[1:])
    ]
    return said[-1] if said else None


def _start(block: tuple[Statement, ...]) -> int:
    return min((each.span.start for each in simple_commands(block)), default=1 << 30)


def _end(block: tuple[Statement, ...]) -> int:
    return max((each.span.end for each in simple_commands(block)), default=-1)


def _only_true(block: tuple[Statement, ...]) -> Simple | None:
    if len(block) == 1 and isinstance(block[0], Simple) and len(block[0].words) == 1:
        return block[0] if block[0].words[0].literal in ("true", ":") else None
    return None
