"""Lifts the secrets out of a file: one pass for names and forms, structure at a hit, judgement last."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import replace

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.secrets import context
from runcrew_lint.domains.secrets.certificate import is_of_this_machine
from runcrew_lint.domains.secrets.context import Setting
from runcrew_lint.domains.secrets.detectors import detectors_of
from runcrew_lint.domains.secrets.facts import LOCAL_KEY, Basis, Context, Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.formats import pairs_of
from runcrew_lint.domains.secrets.forms import forms_at
from runcrew_lint.domains.secrets.judge import Verdict, is_prose, judge, weigh
from runcrew_lint.domains.secrets.names import Named, Names, names_of
from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.domains.secrets.redaction import fingerprint, preview
from runcrew_lint.domains.secrets.scan import URL, Hit, Sightings, scan
from runcrew_lint.domains.secrets.settings import Settings
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy, Secrets
from runcrew_lint.text import Source, Span

_PACKED_LINE = 400  # characters a line, on average
_APP_CONFIG = lazily(r"(?:\A|/)app\.(?:json|config\.\w+)\Z")  # Expo's
_HEX = lazily(r"[0-9a-f]{32,128}\Z")
_DIGEST = lazily(
    r"""[ \t]*["']?(?P<name>[^"'\s]+?)["']?[ \t]*[:=][ \t]*["']?(?P<value>[0-9a-f]{32,128})["']?,?[ \t]*\Z"""
)
_FEW, _LOOKED_AT = 4, 20  # neighbours that make a list, and lines to either side that are looked at
_AROUND = 1500  # characters on either side that tell whose configuration a key stands in


def read(source: Source, reading: Reading) -> SecretUses | None:
    """The values of one file that should not stand there, or None, which is the rule."""
    seen = scan(source.text, reading.policy.secrets)
    if not seen.hits and not seen.forms:
        return None
    context, found = looked_at(source, seen, reading.policy, clean=False)
    uses = tuple(outermost(found))
    if any(each.kind is Kind.PRIVATE_KEY for each in uses) and is_of_this_machine(source.path, reading):
        uses = tuple(_of_this_machine(each) for each in uses)
    return SecretUses(source.path, context, uses) if uses else None


def _of_this_machine(use: SecretUse) -> SecretUse:
    return replace(use, evidence=f"{use.evidence}{LOCAL_KEY}") if use.kind is Kind.PRIVATE_KEY else use


def looked_at(
    source: Source, seen: Sightings, policy: Policy, *, clean: bool
) -> tuple[Context, list[SecretUse]]:
    """The path's context, and what was found in the file; with `clean`, what was cleared, too."""
    if context.is_translation(source.path):
        of_path = Setting(Context.DOCS)
    else:
        of_path = context.setting_of(source.path, policy.env_files.examples, policy.secrets.contexts)
    settings = Settings(source, of_path)
    names = names_of(policy.secrets)
    found = [
        *_named(source, seen, names, settings, clean=clean),
        *_formed(source, seen, settings, policy.secrets, clean=clean),
    ]
    return of_path.context, found


_CERTAIN = (Kind.SERVICE_ACCOUNT, Kind.PRIVATE_KEY, Kind.VENDOR, Kind.SENTRY_DSN)


def _gravest_first(use: SecretUse) -> tuple[int, bool, int]:
    """By place; of what begins together, what its form makes certain, and then the longest."""
    return (use.span.start, use.kind not in _CERTAIN, -use.span.end)


def outermost(uses: Iterable[SecretUse]) -> Iterator[SecretUse]:
    """Of values within values (a default in its reference, a password in a named URL), the outermost."""
    end = -1
    for use in sorted(uses, key=_gravest_first):
        if use.span.start >= end:
            yield use
            end = use.span.end


def _named(
    source: Source, seen: Sightings, names: Names, settings: Settings, *, clean: bool
) -> Iterator[SecretUse]:
    if not seen.hits:
        return
    silent = _passed_over(source)
    hits = seen.hits if clean else tuple(hit for hit in seen.hits if not silent[hit.named.basis])
    if not hits:
        return
    told: set[Span] = set()
    judged: dict[tuple[str, str], bool] = {}  # a file repeats itself
    gravest = settings.gravest

    def convicts(value: str, hit: Hit) -> bool:
        if clean:
            return True  # what is cleared has to be read, too
        if " " in value and is_prose(value):
            return False
        key = (hit.name, value)
        if key not in judged:
            judged[key] = judge(value, hit.name, hit.named, gravest, names) is not None
        return judged[key]

    for pair in pairs_of(source, hits, lambda name: names.named(name) is not None, convicts):
        named = names.named(pair.name)
        if named is None or pair.span in told:
            continue
        start, end = pair.span
        here = settings.at(pair.keys, start)
        around = f"{source.path}\n{source.text[max(0, start - _AROUND) : end + _AROUND]}"
        verdict = weigh(_decoded(source, pair), pair.name, named, here, names, around)
        if silent[named.basis]:
            verdict = Verdict(Kind.CLEAN, silent[named.basis])
        elif verdict.kind is not Kind.CLEAN and (why := _excused(source, pair, named, verdict, names)):
            verdict = Verdict(Kind.CLEAN, why)
        if verdict.kind is not Kind.CLEAN:
            told.add(pair.span)
        elif not clean:
            continue
        yield _use(pair.name, named, pair.value, pair.span, verdict, here)


def _formed(
    source: Source, seen: Sightings, settings: Settings, policy: Secrets, *, clean: bool
) -> Iterator[SecretUse]:
    forms = [form for form in seen.forms if form[1] != URL] if _is_minified(source) else seen.forms
    for at, literal in detectors_of(policy).spread(forms):
        here = settings.at((), at)
        for form in forms_at(source.path, source.text, at, literal, here, policy):
            if clean or form.verdict.kind is not Kind.CLEAN:
                yield _use("", None, form.value, form.span, form.verdict, here)


def _use(
    name: str, named: Named | None, value: str, span: Span, verdict: Verdict, here: Setting
) -> SecretUse:
    return SecretUse(
        name=name,
        rule_name=named.rule_name if named else "",
        span=span,
        kind=verdict.kind,
        basis=named.basis if named else Basis.FORM,
        context=here.context,
        evidence=verdict.evidence,
        preview=preview(value),
        fingerprint=fingerprint(value),
        assumed=here.assumed,
    )


def _passed_over(source: Source) -> dict[Basis, str]:
    """Why a name says nothing here, by what makes it one: in words for people and in what tools write, most
    do not; else "".
    """
    if context.is_generated(source.path) or _is_minified(source):
        return dict.fromkeys(Basis, "in what a tool has written, only forms count")
    said = "among words for people, only the policy's own names count"
    return {Basis.POLICY: "", Basis.NAME: said if context.is_translation(source.path) else ""}


def _excused(source: Source, pair: Pair, named: Named, verdict: Verdict, names: Names) -> str:
    """Why what was judged a secret may stand in this very place, or ""."""
    if _is_wanted(source.path, pair):
        return "EAS asks for it here"
    if pair.name == "clientToken" and _APP_CONFIG.search(source.path):
        return "Facebook's token for apps, which every copy of the app holds"
    if source.path.endswith("fuzzy_check.conf") and pair.name == "encryption_key":
        return "the public key of a server of rspamd's"
    if _is_test_data(source.path, named.basis, verdict):
        return "recorded or made up for a test"
    if named.basis is Basis.NAME and _is_among_digests(source.text, pair, names):
        return "a digest among digests"
    return ""


def _is_among_digests(text: str, pair: Pair, names: Names) -> bool:
    """Whether it stands in a list of names with hexadecimal values of one length, most of them no secret's:
    what builds keep of the files that they were made of.
    """
    if not _HEX.match(pair.value):
        return False
    said = [
        *_beside(text, pair.span.start, len(pair.value), -1),
        *_beside(text, pair.span.end, len(pair.value), 1),
    ]
    others = [name for name in said if names.named(name) is None]
    return len(others) >= _FEW and 2 * len(others) > len(said)


def _beside(text: str, at: int, length: int, step: int) -> Iterator[str]:
    """The names on the lines before a place, or behind it, as far as each has a digest of that length."""
    for _ in range(_LOOKED_AT):
        if step > 0:
            start = text.find("\n", at) + 1
            if not start:
                return
            at = start
            end = text.find("\n", start)
            line = text[start : end if end >= 0 else len(text)]
        else:
            end = text.rfind("\n", 0, at)
            if end < 0:
                return
            start = text.rfind("\n", 0, end) + 1
            line, at = text[start:end], end
        found = _DIGEST.match(line) if len(line) < _PACKED_LINE else None
        if found is None or len(found["value"]) != length:
            return
        yield found["name"]


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
