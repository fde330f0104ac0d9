"""What is claimed of each fix of the migrations' rules, by the name of its row in docs/fixes.md."""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st

from tests.proof import (
    drawn,
    drawn_enums,
    drawn_fills,
    drawn_guarded,
    drawn_mirror,
    drawn_moves,
    drawn_names,
    drawn_numbered,
    drawn_refused,
    drawn_swaps,
)
from tests.proof.drawn import Change, histories
from tests.proof.proving import Claim

# Rules about locks: once all of a revision is mended, it locks less.
_LIGHTER = {
    "index-not-concurrent": drawn.create_index,
    "drop-index-not-concurrent": drawn.drop_index,
    "autocommit-without-concurrently": drawn.plain_in_block,
    "reindex-not-concurrent": drawn.reindex,
    "foreign-key-without-not-valid": drawn.foreign_key,
    "check-without-not-valid": drawn.check,
}
_OTHERS = {
    "concurrent-index-not-retryable": drawn.not_retryable,
    "lock-timeout-missing": drawn.foreign_key,
}
_SAFE = _LIGHTER | _OTHERS
_KEYS = {"unique-builds-index": drawn.unique, "set-not-null": drawn.set_not_null}
# The same rules where the step can't leave the transaction in its place.
_MOVED = {
    "index-not-concurrent": drawn_moves.index,
    "unique-builds-index": drawn_moves.unique,
    "set-not-null": drawn_moves.set_not_null,
}
# The same, and others, where another database runs the revision, too.
_GUARDED = {
    "index-not-concurrent": drawn.create_index,
    "drop-index-not-concurrent": drawn.drop_index,
    "unique-builds-index": drawn.unique,
    "set-not-null": drawn.set_not_null,
}
# And where the key takes another one's place.
_SWAPPED = {
    "index-not-concurrent": drawn_swaps.index,
    "unique-builds-index": drawn_swaps.key(primary=False),
    "primary-key-builds-index": drawn_swaps.key(primary=True),
}


def _any(s: str, at: int) -> st.SearchStrategy[Change]:
    return st.one_of(*(each(s, at) for each in _SAFE.values()))


CLAIMS = {
    **{rule: Claim((rule,), histories(change), lighter=True) for rule, change in _LIGHTER.items()},
    **{rule: Claim((rule,), histories(change)) for rule, change in _OTHERS.items()},
    **{rule: Claim((rule,), histories(change), unsafe=True, lighter=True) for rule, change in _KEYS.items()},
    **{
        f"{rule}, moved": Claim((rule,), drawn_moves.histories(change), unsafe=True, lighter=True)
        for rule, change in _MOVED.items()
    },
    **{
        f"{rule}, guarded": Claim((rule,), drawn_guarded.histories(change), unsafe=True, lighter=True)
        for rule, change in _GUARDED.items()
    },
    **{
        f"{rule}, apart": Claim(
            (rule,), drawn_guarded.histories(change, drawn_moves.histories), unsafe=True, lighter=True
        )
        for rule, change in _MOVED.items()
    },
    **{
        f"{rule}, swapped": Claim((rule,), histories(change), unsafe=True, lighter=True)
        for rule, change in _SWAPPED.items()
    },
    "foreign-key-without-not-valid, numbered": Claim(
        ("foreign-key-without-not-valid",), drawn_numbered.histories(drawn.foreign_key), lighter=True
    ),
    "set-not-null, left": Claim(
        ("set-not-null",),
        drawn_moves.histories(partial(drawn_moves.set_not_null, left=True)),
        unsafe=True,
        lighter=True,
        back=False,  # the original forgets it
    ),
    "set-not-null, unknown": Claim(
        ("set-not-null",),
        drawn_moves.histories(drawn_moves.set_not_null, known=False),
        unsafe=True,
    ),
    "set-not-null, held": Claim(  # one transaction of env.py's is lighter only once it is deployed in two
        ("set-not-null",),
        drawn_moves.histories(drawn_moves.set_not_null, held=True),
        unsafe=True,
    ),
    "unique-builds-index, unknown": Claim(
        ("unique-builds-index",),
        drawn_moves.histories(drawn_moves.unique, known=False),
        unsafe=True,
        lighter=True,
    ),
    "type-change-rewrites": Claim(("type-change-rewrites",), drawn_enums.histories(), lighter=True),
    "update-without-where": Claim(("update-without-where",), histories(drawn_fills.filled(required=False))),
    "update-without-where, kept": Claim(
        ("update-without-where",),
        histories(drawn_fills.filled(required=True)),
        unsafe=True,
        kept=("new_", "more_"),
    ),
    "index-not-concurrent, named": Claim(
        ("index-not-concurrent", "foreign-key-without-not-valid"), drawn_names.named(), lighter=True
    ),
    "constraint-unnamed": Claim(("constraint-unnamed",), histories(drawn.unnamed), unsafe=True),
    "foreign-key-without-index": Claim(
        ("foreign-key-without-index",), histories(drawn.foreign_key), unsafe=True, added="ix_runs_"
    ),
    # The original does not lead back, where it can be run at all.
    "empty-downgrade": Claim(("empty-downgrade",), drawn_mirror.histories(), unsafe=True, back=False),
    "downgrade-mismatch": Claim(("downgrade-mismatch",), drawn_mirror.incomplete(), unsafe=True, back=False),
    "downgrade-mismatch, filled": Claim(
        ("downgrade-mismatch",), histories(drawn_mirror.required), unsafe=True, back=False, lost=True
    ),
    "downgrade-mismatch, unnamed": Claim(
        ("downgrade-mismatch",), drawn_names.unknown(), unsafe=True, back=False
    ),
    "concurrently-in-transaction": Claim(
        ("concurrently-in-transaction",), histories(drawn_refused.concurrently), lighter=True
    ),
    "nested-transaction": Claim(("nested-transaction",), histories(drawn_refused.committed), unsafe=True),
    "primary-key-builds-index": Claim(
        ("primary-key-builds-index",), histories(drawn_refused.primary_key, most=1), unsafe=True, lighter=True
    ),
    "not-null-without-default": Claim(
        ("not-null-without-default",), histories(drawn_refused.required), unsafe=True
    ),
    "drop-column": Claim(("drop-column",), histories(drawn_refused.dropped), unsafe=True),
    "multiple-heads": Claim(("multiple-heads",), drawn_refused.heads(), unsafe=True, head="heads"),
    "all safe ones together": Claim(tuple(_SAFE), histories(_any)),
}
