"""public-variable-holds-secret: a variable that is built into what users download gets a secret's value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.contracts.build_args import build_arguments_of
from runcrew_lint.domains.contracts.commands import ci_commands_of
from runcrew_lint.domains.contracts.secret_use import Bound, bound_in, secret_of, secrets_around
from runcrew_lint.domains.environment.facts import EnvUse
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_PUBLIC = lazily(r"(?:EXPO_PUBLIC|VITE|NEXT_PUBLIC|REACT_APP|GATSBY|NUXT_PUBLIC)_")
_DEFINE = lazily(r"(?:--dart-define=)?([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
# A key or a token is kept among the secrets, too, where it is meant for clients: only what is for nobody.
_SECRET = lazily(
    r"(?:^|_)(?:SECRET|SECRET_KEY|SECRET_ACCESS_KEY|SECRET_TOKEN|CLIENT_SECRET|PASSWORD|PASSWD|PASSPHRASE"
    r"|PRIVATE_KEY|SERVICE_ROLE|SERVICE_ROLE_KEY|AUTH_TOKEN|REFRESH_TOKEN|DATABASE_URL|SIGNING_KEY|ADMIN_KEY)\Z"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a binding, where the policy or the secret's name says that it is for nobody's eyes."""
    reads: dict[str, Place] = {}
    for use in repository.facts(EnvUse):
        for read in use.reads:
            reads.setdefault(read.name, Place(use.path, read.span))
    for each in _bound(repository):
        why = _why(each, policy)
        if why:
            related = (
                (Related(reads[each.name], "and the program reads it here"),) if each.name in reads else ()
            )
            yield Fault(
                each.place,
                f"{each.name} is built into what users download, and gets `secrets.{each.secret}` here, "
                f"which {why}: from the first release on anyone can read it",
                related,
                help="keep the value on the server, and let the app ask the server",
            )


def _why(each: Bound, policy: Policy) -> str:
    for name in (each.secret, each.name):
        plain = _PUBLIC.sub("", name)
        if plain in policy.secrets.public or any(plain.endswith(f"_{one}") for one in policy.secrets.public):
            return ""
    if _SECRET.search(each.secret):
        return "is for nobody's eyes by its name"
    listed = next((one for one in policy.secrets.names if each.secret == one), "")
    # Sentry's address is in every app that reports to it.
    return "the policy counts among the secrets" if listed and not listed.endswith("DSN") else ""


def _bound(repository: Repository) -> Iterator[Bound]:
    for workflow in repository.facts(Workflow):
        yield from (each for each in bound_in(workflow) if _PUBLIC.match(each.name))
    for argument in repository.derive(build_arguments_of):
        if argument.secret and _PUBLIC.match(argument.name):
            yield Bound(argument.name, argument.secret, argument.place)
    for each in repository.derive(ci_commands_of):
        if "flutter" not in each.texts[:3]:
            continue
        around = secrets_around(each.workflow, each.job, each.step)
        before = ""
        for word in each.command.words:
            text = word.text or ""
            found = (
                _DEFINE.match(text)
                if text.startswith("--dart-define=") or before == "--dart-define"
                else None
            )
            before = text
            if found and (secret := secret_of(found[2]) or around.get(found[2].strip('${}"'), "")):
                yield Bound(found[1], secret, word.place)
