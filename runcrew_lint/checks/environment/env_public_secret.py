"""env-public-secret: a variable that is built into what users download has a secret's name."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.contract import Row, contract_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# What each of these prefixes means: Expo, Vite, Next.js, Create React App, Gatsby, Nuxt.
_PUBLIC = lazily(r"(?:EXPO_PUBLIC|VITE|NEXT_PUBLIC|REACT_APP|GATSBY|NUXT_PUBLIC)_")
# Keys and tokens that clients are meant to have are called so, too: only what nobody hands out is told.
# The address of Firebase's database stands in every app that uses it.
_SECRET = lazily(
    r"(?:^|_)(?:SECRET|SECRET_KEY|SECRET_ACCESS_KEY|SECRET_TOKEN|CLIENT_SECRET|PASSWORD|PASSWD|PASSPHRASE"
    r"|PRIVATE_KEY|SERVICE_ROLE|SERVICE_ROLE_KEY|AUTH_TOKEN|REFRESH_TOKEN|(?<!FIREBASE_)DATABASE_URL|SIGNING_KEY)\Z"
)
# No bundler takes these up.
_STAYS = lazily(
    r"\.(?:py|sh|bash|rb|gradle|kts|tf|ya?ml)\Z|(?:^|/)(?:scripts?|bin|tools?|supabase/functions|e2e)/"
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the first place of each, the read before the rest."""
    for row in repository.derive(contract_of).rows.values():
        prefix = _PUBLIC.match(row.name)
        if not prefix or not _SECRET.search(row.name) or _is_public(row.name[prefix.end() :], policy):
            continue
        places = _places(row)
        if not places:
            continue  # in an env file of its own alone, of which env-file-committed speaks
        yield _fault(row, prefix.group(), places)


def _fault(row: Row, prefix: str, places: list[Place]) -> Fault:
    related = tuple(Related(place, "and here") for place in places[1:4])
    if row.reads and all(_STAYS.search(each.path) for each in row.reads):
        return Fault(
            places[0],
            f"{row.name} is read by scripts alone, and its prefix {prefix} asks to have it built into what "
            "users download: one line of the app that reads it gives it away",
            related,
            help=f"call it {row.name.removeprefix(prefix)}",
            severity=Severity.WARNING,
        )
    return Fault(
        places[0],
        f"{row.name} is built into what users download, as its prefix {prefix} asks for, so its value is no "
        "secret from the first release on",
        related,
        help="keep it on the server, and let the app ask the server",
    )


def _is_public(name: str, policy: Policy) -> bool:
    """Whether the policy says so of a name, or the name itself: a demonstration shows its own."""
    public = policy.secrets.public
    return "DEMO" in name.split("_") or any(name == each or name.endswith(f"_{each}") for each in public)


def _places(row: Row) -> list[Place]:
    return [
        *(each.place for each in row.reads),
        *(Place(each.path, each.span) for each in row.documented),
        # Of what stands in eas.json, eas-secret-in-env speaks.
        *(Place(each.path, each.given.span) for each in row.given if not each.path.endswith("eas.json")),
    ]
