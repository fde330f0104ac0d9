"""Lifts the secrets out of a file: one pass for names and forms, structure at a hit, judgement last."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.secrets import context
from runcrew_lint.domains.secrets.context import Setting
from runcrew_lint.domains.secrets.facts import Basis, Context, Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.formats import pairs_of
from runcrew_lint.domains.secrets.forms import form_at
from runcrew_lint.domains.secrets.judge import Verdict, judge
from runcrew_lint.domains.secrets.names import Names, names_of
from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.domains.secrets.redaction import fingerprint, preview
from runcrew_lint.domains.secrets.scan import URL, Hit, Sightings, scan
from runcrew_lint.domains.secrets.settings import Settings
from runcrew_lint.text import Source

_PACKED_LINE = 400  # characters a line, on average
_AROUND = 1500  # characters on either side that tell whose configuration a key stands in


def read(source: Source, reading: Reading) -> SecretUses | None:
    """The values of one file that should not stand there, or None, which is the rule."""
    policy = reading.policy
    seen = scan(source.text, policy.secrets)
    if not seen.hits and not seen.forms:
        return None
    translated = context.is_translation(source.path)
    setting = (
        Setting(Context.DOCS) if translated else context.setting_of(source.path, policy.env_files.examples)
    )
    named = list(_named(source, seen, names_of(policy.secrets), setting))
    taken = [use.span for use in named]
    formed = [
        use
        for use in _formed(source, seen, setting)
        if not any(use.span.start < end and start < use.span.end for start, end in taken)
    ]
    uses = sorted([*named, *formed], key=lambda use: use.span)
    return SecretUses(source.path, setting.context, tuple(uses)) if uses else None


def _named(source: Source, seen: Sightings, names: Names, setting: Setting) -> Iterator[SecretUse]:
    hits = _worth_reading(source, seen.hits)
    if not hits:
        return
    told = set()
    settings = Settings(source, setting)
    worst = settings.gravest

    judged: dict[tuple[str, str], bool] = {}  # a file repeats itself

    def convicts(value: str, hit: Hit) -> bool:
        key = (hit.name, value)
        if key not in judged:
            judged[key] = judge(value, hit.name, hit.named, worst, names) is not None
        return judged[key]

    for pair in pairs_of(source, hits, lambda name: names.named(name) is not None, convicts):
        named = names.named(pair.name)
        if named is None or pair.span in told or _is_wanted(source.path, pair):
            continue
        here = settings.at(pair.keys, pair.span.start)
        start, end = pair.span
        around = f"{source.path}\n{source.text[max(0, start - _AROUND) : end + _AROUND]}"
        verdict = judge(_decoded(source, pair), pair.name, named, here, names, around)
        if verdict is None or _is_test_data(source.path, named.basis, verdict):
            continue
        told.add(pair.span)
        yield SecretUse(
            pair.name,
            named.rule_name,
            pair.span,
            verdict.kind,
            named.basis,
            here.context,
            verdict.evidence,
            preview(pair.value),
            fingerprint(pair.value),
        )


def _formed(source: Source, seen: Sightings, setting: Setting) -> Iterator[SecretUse]:
    forms = [form for form in seen.forms if form[1] != URL] if _is_minified(source) else seen.forms
    for at, literal in forms:
        form = form_at(source.path, source.text, at, literal, setting)
        if form:
            value, span, (kind, evidence) = form
            yield SecretUse(
                "", "", span, kind, Basis.FORM, setting.context, evidence, preview(value), fingerprint(value)
            )


def _worth_reading(source: Source, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """In words for people and in what tools write, only the policy's own names say anything."""
    if context.is_generated(source.path) or _is_minified(source):
        return ()
    if context.is_translation(source.path):
        return tuple(hit for hit in hits if hit.named.basis is Basis.POLICY)
    return hits


def _is_wanted(path: str, pair: Pair) -> bool:
    """Whether EAS asks for the value here: appleTeamId and ascAppId of eas.json's `submit`."""
    return (
        path.endswith("eas.json")
        and pair.keys[:1] == ("submit",)
        and pair.name in ("appleTeamId", "ascAppId")
    )


def _is_minified(source: Source) -> bool:
    """Whether it is script that a tool packed: lines of a length that nobody writes."""
    packed = source.path.endswith((".js", ".mjs", ".cjs", ".css", ".html"))
    return packed and len(source.text) > _PACKED_LINE * (source.text.count("\n") + 1)


def _is_test_data(path: str, basis: Basis, verdict: Verdict) -> bool:
    return basis is Basis.NAME and verdict.kind is not Kind.VENDOR and context.is_test_data(path)


def _decoded(source: Source, pair: Pair) -> str:
    """A Kubernetes Secret's `data` is base64; every other value is itself."""
    if pair.keys[-1:] != ("data",) or "kind: Secret" not in source.text:
        return pair.value
    try:
        return base64.b64decode(pair.value, validate=True).decode()
    except (ValueError, binascii.Error):
        return pair.value
