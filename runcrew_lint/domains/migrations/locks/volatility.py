"""How PostgreSQL rates its functions: a default that is volatile is evaluated again for each row.

From `pg_proc.provolatile` of PostgreSQL 10 to 18 and of the extensions that come with it. A function that
stands in none of these lists is not guessed at.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from runcrew_lint.domains.migrations.locks.terms import calls_in, readable


class Volatility(StrEnum):
    """PostgreSQL's three ratings, and that it can't be known which."""

    IMMUTABLE = "immutable"
    STABLE = "stable"
    VOLATILE = "volatile"
    UNKNOWN = "unknown"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOLATILE = _words(
    """
    clock_timestamp currval lastval nextval setval random random_normal setseed timeofday
    gen_random_uuid uuidv4 uuidv7 gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc
    uuid_generate_v4 pg_sleep pg_sleep_for pg_sleep_until pg_notify txid_current_if_assigned
    pg_current_xact_id_if_assigned pg_advisory_lock pg_advisory_xact_lock pg_try_advisory_lock
    pg_try_advisory_xact_lock set_config lo_create lo_creat pg_logical_emit_message normal_rand
    pgp_pub_encrypt pgp_sym_encrypt
    """
)
STABLE = _words(
    """
    now transaction_timestamp statement_timestamp current_timestamp current_date current_time
    localtime localtimestamp current_user session_user user current_role current_catalog
    current_schema current_schemas current_database current_setting txid_current
    pg_current_xact_id inet_client_addr inet_server_addr inet_client_port inet_server_port
    pg_backend_pid version to_char to_date to_timestamp to_tsvector to_tsquery plainto_tsquery
    phraseto_tsquery websearch_to_tsquery concat concat_ws format age to_json to_jsonb
    row_to_json array_to_json json_build_object json_build_array jsonb_build_object
    jsonb_build_array json_object_agg jsonb_object_agg quote_literal quote_nullable
    date_trunc date_part timezone array_to_string has_table_privilege obj_description
    col_description pg_typeof unaccent similarity
    """
)
IMMUTABLE = _words(
    """
    abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log power pow mod div pi degrees
    radians gcd lcm factorial width_bucket greatest least coalesce nullif lower upper initcap
    length char_length character_length octet_length bit_length substring substr trim btrim
    ltrim rtrim lpad rpad left right replace translate reverse repeat strpos position overlay
    split_part regexp_replace regexp_match regexp_matches regexp_substr regexp_count ascii chr
    md5 sha224 sha256 sha384 sha512 encode decode to_hex quote_ident starts_with array array_append
    array_prepend array_cat array_length array_remove array_replace array_position array_fill
    array_upper array_lower array_ndims cardinality string_to_array make_date make_time
    make_timestamp make_interval justify_days justify_hours justify_interval extract row
    json_object jsonb_object jsonb_set jsonb_insert jsonb_strip_nulls json_strip_nulls
    jsonb_extract_path jsonb_extract_path_text json_extract_path json_extract_path_text
    jsonb_array_length json_array_length jsonb_typeof json_typeof jsonb_pretty int4range int8range
    numrange tsrange tstzrange daterange isempty lower_inc upper_inc int4 int8 text point box line
    lseg path polygon circle setweight strip ts_rank tsvector_to_array array_to_tsvector
    digest hmac uuid_nil uuid_ns_dns uuid_ns_url uuid_generate_v3 uuid_generate_v5 hstore
    cast numeric decimal varchar char character bit varbit timestamp timestamptz time timetz
    interval float hashtext host network masklen family abbrev set_masklen isfinite crc32 crc32c
    uuid_extract_timestamp uuid_extract_version unistr normalize nlevel subpath subltree
    """
)
# Words that a "(" may follow, and that are no function.
_GRAMMAR = _words("and or not in is case when then else end between as over filter within any all some")


def rating(name: str) -> Volatility:
    """How a function of that name is rated; UNKNOWN for one that PostgreSQL does not bring along."""
    if name in VOLATILE:
        return Volatility.VOLATILE
    if name in STABLE:
        return Volatility.STABLE
    return Volatility.IMMUTABLE if name in IMMUTABLE or name in _GRAMMAR else Volatility.UNKNOWN


def volatility(
    expression: str, own: Callable[[str], Volatility] = lambda name: Volatility.UNKNOWN
) -> Volatility:
    """How an expression is rated: as its most volatile function is.

    Arguments:
        expression: SQL.
        own: the rating of a function that PostgreSQL does not bring along.
    """
    if not readable(expression):
        return Volatility.UNKNOWN
    found = {
        rated if (rated := rating(name)) is not Volatility.UNKNOWN else own(name)
        for name in calls_in(expression)
    }
    for worst in (Volatility.VOLATILE, Volatility.UNKNOWN, Volatility.STABLE):
        if worst in found:
            return worst
    return Volatility.IMMUTABLE
