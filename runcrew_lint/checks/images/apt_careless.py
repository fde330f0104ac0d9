"""apt-careless: apt that asks questions, installs more than was named, or leaves its lists in the layer."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.images._installs import cached_at, subcommand
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Span

_VALUED = ("-o", "--option", "-c", "--config-file", "-t", "--target-release")
_YES = lazily(r"-(?!-)\w*y\w*|-(?!-)\w*q\w*q\w*|-q=[2-9]|--yes|--assume-yes|--force-yes")
_YES_OPTION = lazily(r"(?i)(?:apt::get::)?assume-yes(?:=|\s+)[\"']?(?:true|1|yes)")
_LEAN = lazily(r"(?i)--no-install-recommends|(?:apt::)?install-recommends(?:=|\s+)[\"']?(?:false|0|no)\b")
# BuildKit's own advice for caches takes away docker-clean and writes keep-cache, which answer no question.
_CONFIGURED = lazily(r"/etc/apt/apt\.conf(?!\.d/(?:docker-clean|keep-cache))|APT_CONFIG")
_CLEANED = lazily(r"/var/lib/apt(?:/lists)?(?:[/*]|\Z)|\A/var/lib/apt\Z")
_ASKS = ("install", "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge", "autoremove", "build-dep")
_UPGRADES = ("upgrade", "dist-upgrade", "full-upgrade")
# What apt and apt-get both know under one name.
_BOTH = ("update", "install", "upgrade", "remove", "purge", "autoremove", "clean", "build-dep")
_CLEANUP = "rm -rf /var/lib/apt/lists/*"


class _Flaws:
    """What is careless in one RUN: the words for it, the edits that mend it, and whether they are safe."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.grave = False
        self.safe: list[tuple[int, int, str, str]] = []
        self.unsafe: list[tuple[int, int, str, str]] = []
        self.at: Span | None = None

    def add(self, where: Span, what: str, *, grave: bool = True) -> None:
        self.at = self.at or where
        self.grave = self.grave or grave
        if what not in self.said:
            self.said.append(what)


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """One fault a RUN, at its first careless command; the message names all that is.

    Kept lists count in the stages that the shipped image is made of. Where a RUN or a COPY writes apt's
    own configuration, what it may say there is not asked for.
    """
    shipped = {stage.index for stage in lineage(fact.image)}
    configured = any(_CONFIGURED.search(run.text) for run in fact.runs) or any(
        value.value and _CONFIGURED.search(value.value)
        for stage in fact.image.stages
        for each in stage.instructions
        if each.keyword in ("COPY", "ADD")
        for value in each.values
    )
    for run in fact.runs:
        flaws = _Flaws()
        for command in run.commands:
            if command.program in ("apt", "apt-get"):
                _judge(command, run, flaws, configured)
        if run.stage in shipped:
            _lists(fact, run, flaws)
        if flaws.at is not None:
            yield _fault(fact.path, flaws)


def _judge(command: ShellCommand, run: RunScript, flaws: _Flaws, configured: bool) -> None:
    at = subcommand(command.arguments, _VALUED)
    if at < 0:
        return
    word, texts = command.arguments[at], command.texts
    asked = " ".join(texts)
    if command.program == "apt" and word.text in _BOTH:
        flaws.add(command.span, "`apt` is made for people and promises scripts nothing, `apt-get` does")
        program = command.words[command.at]
        if program.text == "apt":
            flaws.safe.append((*program.span, "apt", "apt-get"))
    if word.text in _UPGRADES:
        flaws.add(command.span, f"`{word.text}` makes another image of the same file each day")
    quiet = sum(each in ("-q", "--quiet") for each in texts) > 1  # which means yes, too
    answered = quiet or any(_YES.fullmatch(each) for each in texts) or _YES_OPTION.search(asked)
    simulated = any(each in ("-s", "--simulate", "--dry-run", "--print-uris", "-d") for each in texts)
    fed = command.pipe and command.last
    if word.text in _ASKS and not (answered or simulated or configured or fed):
        flaws.add(command.span, "without `-y` it asks a question that nobody answers, and the build stops")
        flaws.safe.append((word.span.end, word.span.end, "", " -y"))
    if word.text == "install" and not (_LEAN.search(asked) or configured or simulated):
        names = [each for each in texts[at + 1 :] if not each.startswith("-")]
        if names:
            flaws.add(
                command.span,
                "without `--no-install-recommends` it takes along what was not asked for",
                grave=False,
            )
            flaws.unsafe.append((word.span.end, word.span.end, "", " --no-install-recommends"))


def _lists(fact: ImageScripts, run: RunScript, flaws: _Flaws) -> None:
    """The lists that `update` fetches stay in the layer unless the same RUN takes them away."""
    updates = [
        each
        for each in run.commands
        if each.program in ("apt", "apt-get", "aptitude")
        and each.texts[subcommand(each.arguments, _VALUED) :][:1] == ("update",)
    ]
    if (
        not updates
        or not run.whole
        or cached_at(fact.instruction(run), "/var/lib/apt/", "/var/lib/apt/lists/")
    ):
        return
    for each in run.commands:
        if each.program in ("rm", "find") and any(_CLEANED.search(text) for text in each.texts):
            return
        if each.program in ("apt", "apt-get") and {"distclean", "dist-clean"} & set(each.texts):
            return
    flaws.add(
        updates[0].span, "the lists that `update` fetches stay in the layer, tens of megabytes", grave=True
    )
    if run.chained and run.end >= 0:
        flaws.safe.append((run.end, run.end, "", f" && {_CLEANUP}"))


def _fault(path: str, flaws: _Flaws) -> Fault:
    place = Place(path, flaws.at or Span(0, 0))
    edits, safety = (flaws.safe, "safe") if flaws.safe else (flaws.unsafe, "unsafe")
    mend = None
    if edits:
        arguments: tuple[tuple[str, Plain], ...] = (
            (
                "title",
                "has apt build without questions and leave nothing behind"
                if flaws.safe
                else "leaves out what was not asked for",
            ),
            ("edits", tuple(edits)),
            ("safety", safety),
        )
        mend = MendRequest("text.several", place, arguments)
    return Fault(place, "; ".join(flaws.said), mend=mend, severity=None if flaws.grave else Severity.INFO)
