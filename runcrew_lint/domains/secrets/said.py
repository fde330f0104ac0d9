"""How a report speaks of a value: never more of it than its preview."""

from __future__ import annotations

from runcrew_lint.domains.delivery.names import Reach, reach_of
from runcrew_lint.domains.secrets.facts import LOCAL_KEY, Basis, Context, Kind, SecretUse
from runcrew_lint.domains.secrets.mending import mend_of
from runcrew_lint.model.finding import Fault, Note, Severity
from runcrew_lint.text import Place

# What a test's own key has signed, and an id that opens nothing without its secret, look like those in force.
_OF_A_TEST = ("a JSON Web Token", "an AWS access key id")
_SHOWN = (Context.TEST, Context.DOCS, Context.EXAMPLE)
_GUESSABLE = (Kind.DEVELOPMENT, Kind.PLACEHOLDER)


def fault_of(path: str, use: SecretUse) -> Fault:
    """The fault at one value."""
    place = Place(path, use.span)
    of_a_test = use.evidence in _OF_A_TEST and use.context in _SHOWN
    return Fault(
        place,
        _message(use, _reader(path)),
        notes=notes(use),
        help=_help(use, _reader(path)),
        mend=mend_of(path, use),
        veiled=(place,),
        severity=Severity.INFO if of_a_test or use.evidence.endswith(LOCAL_KEY) else None,
    )


def shown(use: SecretUse) -> str:
    """The value as a message may name it."""
    return (
        f"{use.preview}..., fingerprint {use.fingerprint}"
        if use.preview
        else f"fingerprint {use.fingerprint}"
    )


def notes(use: SecretUse) -> tuple[Note, ...]:
    """Why it was judged so: the kind, the value, the name, where it stands."""
    return (Note("judged", why(use)),)


def why(use: SecretUse) -> str:
    """The judgement in a line: kind, evidence, why the value was looked at, its context."""
    looked_at = {
        Basis.POLICY: f"the policy lists {use.rule_name}",
        Basis.NAME: f"a name that ends in {use.rule_name}",
        Basis.FORM: "its form",
    }[use.basis]
    return f"{use.kind.value}: {use.evidence}; {looked_at}; read as {use.context.value}"


def _reader(path: str) -> str:
    """Which environment reads what stands in a deployed file."""
    return "staging" if reach_of(path) is Reach.STAGING else "production"


def _message(use: SecretUse, reader: str) -> str:
    if use.kind is Kind.PRIVATE_KEY:
        return (
            f"{use.evidence} lies here ({shown(use)}): whoever reads the repository can sign and decrypt "
            "as its owner"
        )
    if use.kind is Kind.SERVICE_ACCOUNT:
        return f"{use.evidence} lies here ({shown(use)}): whoever reads the repository can act as the account"
    if use.kind is Kind.VENDOR:
        return (
            f"{use.evidence} stands here ({shown(use)}), and works for everyone who can read the repository "
            "until somebody revokes it"
        )
    if use.kind is Kind.SENTRY_DSN:
        return (
            f"a Sentry DSN is written out here ({shown(use)}): Sentry itself calls a DSN public, but anyone "
            "who has it can fill the project's quota, and the policy keeps it in the environment"
        )
    if use.kind is Kind.KAKAO_KEY:
        return f"a Kakao key is written out here ({shown(use)}): everyone who can read the repository has it"
    if use.basis is Basis.FORM:
        return f"this URL carries a password ({shown(use)}), {_hurts(use, reader)}"
    if use.kind is Kind.DEVELOPMENT:
        return (
            f"{use.name} has {use.evidence} where {reader} reads it ({shown(use)}), and anyone can guess it"
        )
    if use.kind is Kind.PLACEHOLDER:
        return f"{use.name} has {use.evidence} where {reader} reads it, which starts as if it were a secret"
    where = (
        ""
        if use.assumed
        else {
            Context.TEST: ", in a test, where a made-up value would do",
            Context.DEVELOPMENT: ", in development, where a made-up value would do",
            Context.DOCS: ", in documentation, where a made-up value would do",
            Context.EXAMPLE: ", in an example, which should show an empty value",
        }.get(use.context, "")
    )
    said = f"{use.name} has its value written out ({shown(use)}){where}"
    return f"{said}: everyone who can read the repository has it"


def _hurts(use: SecretUse, reader: str) -> str:
    if use.kind is Kind.DEVELOPMENT:
        return f"which {reader} uses and anyone can guess"
    return "which everyone has who can read the repository, or a log that prints the URL"


def _help(use: SecretUse, reader: str) -> str:
    if use.kind in _GUESSABLE and use.basis is not Basis.FORM:
        return f"let {reader} give the value, and leave no default for it here"
    return ""
