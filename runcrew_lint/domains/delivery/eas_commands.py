"""The EAS CLI's command line, as far as delivery goes.

Source: `eas build --help`, `eas submit --help` and `eas update --help` of eas-cli 16: the profile is
`-e` or `--profile` and `production` where none is given; `--auto-submit` submits with the profile of the
same name, `--auto-submit-with-profile` with another.
"""

from __future__ import annotations

from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.text import Place

DEFAULT_PROFILE = "production"
NAMES = frozenset(("eas", "eas-cli"))


def eas_calls(words: tuple[Argument, ...]) -> tuple[Call, ...]:
    """What `eas ...` does; nothing for a subcommand that delivers nothing.

    `eas deploy` sends a web export to EAS Hosting; `--prod` makes it the public one.
    """
    if not words:
        return ()
    name = words[0].text
    if any(each.text in ("--help", "-h") for each in words):
        return ()
    if name is None:
        return (
            Call(
                Action.BUILD, unknown("which eas command it is, is not known"), words[0].place, words, "eas"
            ),
        )
    options, verb = words[1:], words[0].place
    if name in ("deploy", "worker:deploy"):
        live = any(each.text == "--prod" for each in options)
        return (call(Action.DEPLOY, "eas deploy", options, "web", live=live),)
    if name not in ("build", "submit", "update"):
        return ()
    action = Action(name)
    if action is Action.UPDATE:
        channel = option_value(options, "--channel") or option_value(options, "--branch") or known("")
        why = unknown("an update has a channel, not a profile")
        return (Call(action, why, None, options, "eas update", "app", channel, verb=verb),)
    profile, place = _option(options, "--profile", "-e")
    calls = [Call(action, profile, place, options, f"eas {name}", "app", verb=verb)]
    if action is Action.BUILD:
        calls += _auto_submit(profile, place, options)
    return tuple(calls)


def option_value(options: tuple[Argument, ...], *names: str) -> Value | None:
    """What an option is given, behind it or after `=`; None where it is not there."""
    for index, each in enumerate(options):
        text = each.text
        if text in names:
            return options[index + 1].value if index + 1 < len(options) else unknown(f"{text} has no value")
        for name in names:
            if each.value.options and all(_is(option, name) for option in each.value.options):
                values = tuple(str(option)[len(name) + 1 :] for option in each.value.options)
                return Value(values, each.value.reason)
    return None


def _auto_submit(profile: Value, place: Place | None, options: tuple[Argument, ...]) -> list[Call]:
    texts = [(each.text or "").partition("=")[0] for each in options]
    if "--auto-submit-with-profile" in texts:
        other, at = _option(options, "--auto-submit-with-profile", "")
        return [Call(Action.SUBMIT, other, at, options, "eas build --auto-submit", "app")]
    if "--auto-submit" in texts or "-s" in texts:
        return [Call(Action.SUBMIT, profile, place, options, "eas build --auto-submit", "app")]
    return []


def _option(options: tuple[Argument, ...], long: str, short: str) -> tuple[Value, Place | None]:
    """The option's value and place; the default profile where it is not given.

    A word that is not known may hold the option: then nothing is known of it.
    """
    found: tuple[Value, Place | None] | None = None
    hidden: Argument | None = None
    for index, each in enumerate(options):
        text = each.text
        if text is not None and text in (long, short):
            after = options[index + 1] if index + 1 < len(options) else None
            found = (after.value, after.place) if after else (unknown(f"{text} has no value"), each.place)
        elif all(_is(option, long) for option in each.value.options) and each.value.options:
            values = tuple(str(option)[len(long) + 1 :] for option in each.value.options)
            found = Value(values, each.value.reason), each.place
        elif text is None and each.value.is_unknown and not _is_a_value(options, index):
            hidden = each
    if found:
        return found
    if hidden:
        return unknown(f"a word of it is not known: {hidden.value.reason}"), hidden.place
    return known(DEFAULT_PROFILE), None


def _is(option: object, long: str) -> bool:
    return isinstance(option, str) and option.startswith(f"{long}=")


def _is_a_value(options: tuple[Argument, ...], index: int) -> bool:
    """Whether the word follows an option that takes one, such as `--message`."""
    before = options[index - 1].text if index else None
    return before is not None and before.startswith("-") and "=" not in before and before not in _FLAGS


# Flags of `eas build` and `eas submit` that take no value.
_FLAGS = frozenset(
    (
        "--non-interactive", "--no-wait", "--wait", "--local", "--json", "--clear-cache", "--latest",
        "--auto-submit", "-s", "--freeze-credentials", "--verbose", "--verbose-fastlane",
        "--refresh-ad-hoc-provisioning-profile", "--skip-credentials-check",
    )
)  # fmt: skip
