"""Sentry samples no traces, or more than the policy lets it."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.runtime.facts import Language, Option, SentryInit, SentryUse
from runcrew_lint.domains.runtime.serving import is_aside
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SERVERS = ("@sentry/node", "@sentry/nestjs", "@sentry/bun", "@sentry/deno", "@sentry/aws-serverless")


def check(fact: SentryUse, policy: Policy, *, api: float = 0.1, app: float = 0.2) -> Iterator[Fault]:
    """One fault a call; the rates are one team's, so a policy that nobody named asks for none."""
    if not policy.named or is_aside(fact.path):
        return
    for init in fact.inits:
        is_api = fact.language is Language.PYTHON or init.sdk in _SERVERS
        limit, kind = (api, "API") if is_api else (app, "app")
        rate = init.option("traces_sample_rate")
        sampler = init.option("traces_sampler")
        if rate is None:
            if not init.is_open and not sampler:
                yield _missing(fact, init, limit, kind)
        elif rate.numbers and max(rate.numbers) > limit:
            yield _above(fact, rate, limit, kind)


def _missing(fact: SentryUse, init: SentryInit, limit: float, kind: str) -> Fault:
    name = "traces_sample_rate" if fact.language is Language.PYTHON else "tracesSampleRate"
    mend = None
    if init.last and fact.language is not Language.DART:
        text = f"{name}={limit:g}" if fact.language is Language.PYTHON else f"{name}: {limit:g}"
        arguments: tuple[tuple[str, Plain], ...] = (
            ("title", f"sets {name} to {limit:g}"),
            ("safety", "safe"),
            ("text", text),
        )
        mend = MendRequest("text.insert_item", Place(fact.path, init.last), arguments)
    switched = init.option("enable_tracing")
    if switched and switched.value is True:  # which stands for a rate of 1
        return Fault(
            Place(fact.path, switched.span),
            "enable_tracing without a rate traces every request, and the policy says at most "
            f"{limit:g} for the "
            f"{kind}: each of them costs time and quota",
            help=f"set {name} to {limit:g}",
            mend=mend,
        )
    return Fault(
        Place(fact.path, init.span),
        f"Sentry is initialised without {name}, so no trace is taken at all, and the policy's "
        f"{limit:g} for the "
        f"{kind} is not what runs",
        help=f"set {name} to {limit:g}",
        mend=mend,
    )


def _above(fact: SentryUse, rate: Option, limit: float, kind: str) -> Fault:
    worst = max(rate.numbers)
    mend = None
    if rate.is_literal:
        arguments: tuple[tuple[str, Plain], ...] = (
            ("title", f"sets the rate to {limit:g}"),
            ("safety", "safe"),
            ("text", f"{limit:g}"),
            ("was", rate.written),
        )
        mend = MendRequest("text.replace", Place(fact.path, rate.span), arguments)
    return Fault(
        Place(fact.path, rate.span),
        f"the traces' sample rate can be {worst:g} and the policy says at most {limit:g} for the "
        f"{kind}: every "
        "request that is traced costs time and quota",
        help=f"set it to {limit:g}",
        mend=mend,
    )
