"""compose-secret-literal: a compose file holds a secret's value, or production a development one."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.compose._home import HOME
from runcrew_lint.domains.containers.project import ComposeProject, Purpose, Service, Variable
from runcrew_lint.domains.secrets.context import Setting, setting_of
from runcrew_lint.domains.secrets.division import uses_of
from runcrew_lint.domains.secrets.facts import Basis, Context, Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.judge import weigh
from runcrew_lint.domains.secrets.names import Named, Names, names_of
from runcrew_lint.domains.secrets.redaction import fingerprint, preview
from runcrew_lint.domains.secrets.said import fault_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

# Endings that say so where a container of production is given the value; in a program they name much else.
_GIVEN = lazily(r"\w+_(PASS|PWD)|(?:\w+_)?(SALT)")
_HARMLESS = (Kind.DEVELOPMENT, Kind.PLACEHOLDER)  # in development
_DEPLOYED = Setting(Context.PRODUCTION, deployed=True, given=True)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at values under names; of a password in an unnamed URL, password-in-url speaks.

    A file for development is judged by itself, and its values once more where a production file that is
    merged over it keeps them. In a production file a password of plain words is the password, too. What its
    services show it to be for counts more than the folder that it lies in.
    """
    projects = repository.facts(ComposeProject)
    at_home = {each.path for each in projects if each.purpose in HOME}
    told: set[tuple[str, int]] = set()
    for fact in repository.facts(SecretUses):
        told.update((fact.path, use.span.start) for use in fact.uses)
        for use in uses_of("compose-secret-literal", fact, policy):
            if fact.path not in at_home or use.kind not in _HARMLESS:
                yield fault_of(fact.path, use)
    names = names_of(policy.secrets)
    for project in projects:
        for service in project.services:
            if service.purpose is not Purpose.PRODUCTION:
                continue
            for variable in _variables(service):
                found = _given(project, service, variable, names)
                if found is None:
                    continue
                place = found.place
                inside = range(place.span.start, place.span.end)
                if not any(path == place.path and at in inside for path, at in told):
                    told.add((place.path, place.span.start))
                    yield found


def _variables(service: Service) -> tuple[Variable, ...]:
    return (*service.environment, *(service.build.arguments if service.build else ()))


def _given(project: ComposeProject, service: Service, variable: Variable, names: Names) -> Fault | None:
    """The fault at a value that a container of production is given, by this file or by one below."""
    value, named = variable.value, names.named(variable.name)
    if (named is None or named.basis is Basis.NAME) and (ends := _GIVEN.fullmatch(variable.name)):
        named = Named(Basis.NAME, ends[1] or ends[2])
    if value is None or named is None:
        return None
    is_kept = value.place.path != project.path
    if not is_kept and not setting_of(project.path).deployed:
        return None
    # DB_PASSWORD_SECRET says which secret the password is in.
    says_which = named.rule_name == "SECRET" and names.named(variable.name.rpartition("_")[0]) is not None
    setting = _DEPLOYED._replace(given=not says_which)
    verdict = weigh(value.written, variable.name, named, setting, names)
    if verdict.kind is Kind.CLEAN:
        return None
    use = SecretUse(
        name=variable.name,
        rule_name=named.rule_name,
        span=value.place.span,
        kind=verdict.kind,
        basis=named.basis,
        context=Context.PRODUCTION,
        evidence=verdict.evidence,
        preview=preview(value.written),
        fingerprint=fingerprint(value.written),
    )
    fault = fault_of(value.place.path, use)
    if not is_kept:
        return fault
    own = service.place if service.place.path == project.path else Place(project.path, Span(0, 0))
    related = Related(own, "this production file is merged over it and keeps the value")
    return Fault(
        fault.place,
        fault.message,
        (related,),
        fault.notes,
        fault.help or "give it another value in the file of production",
        veiled=fault.veiled,
    )
