"""PostgreSQL's functions by their volatility, as `pg_proc.provolatile` of 16 and 18 rates them.

Those of the extensions that come with PostgreSQL stand among them; what only the server itself and its
monitoring call does not. Of several functions of one name the most volatile counts. A function that stands in
none of these lists is not guessed at; tests/migrations/test_locks_on_a_server.py holds them to live servers.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOLATILE = _words(
    """
    array_sample array_shuffle clock_timestamp current_query currtid2 currval gen_random_bytes
    gen_random_uuid gen_salt isn_weak lastval lo_close lo_creat lo_create lo_export lo_from_bytea lo_get
    lo_import lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64 lo_truncate lo_truncate64 lo_unlink
    loread lowrite nextval normal_rand pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock
    pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared
    pg_current_logfile pg_database_size pg_indexes_size pg_sequence_last_value pg_sleep pg_sleep_for
    pg_sleep_until pg_table_size pg_total_relation_size pg_try_advisory_lock pg_try_advisory_lock_shared
    pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pgp_pub_encrypt pgp_pub_encrypt_bytea
    pgp_sym_encrypt pgp_sym_encrypt_bytea random random_normal set_config set_limit setseed setval
    timeofday ts_rewrite ts_stat txid_status uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4
    uuidv7
    """
)
STABLE = _words(
    """
    aclexplode age array_to_json array_to_string col_description concat concat_ws connectby convert
    convert_from convert_to crosstab crosstab2 crosstab3 crosstab4 current_catalog current_database
    current_date current_role current_schema current_schemas current_setting current_time
    current_timestamp current_user date date_add date_part date_subtract date_trunc enum_first enum_last
    enum_range enum_send extract fmgr_c_validator fmgr_internal_validator fmgr_sql_validator format
    format_type generate_series get_current_ts_config getdatabaseencoding getpgusername
    has_any_column_privilege has_column_privilege has_database_privilege
    has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege
    has_largeobject_privilege has_parameter_privilege has_schema_privilege has_sequence_privilege
    has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege
    inet_client_addr inet_client_port inet_server_addr inet_server_port json_build_array
    json_build_object json_object_agg json_populate_record json_populate_recordset json_to_record
    json_to_recordset json_to_tsvector jsonb_build_array jsonb_build_object jsonb_object_agg
    jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz jsonb_path_query_first_tz
    jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset
    jsonb_to_record jsonb_to_recordset jsonb_to_tsvector length localtime localtimestamp
    make_timestamptz money mxid_age now numeric obj_description oidvectortypes overlaps pg_backend_pid
    pg_basetype pg_client_encoding pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned
    pg_has_role pg_settings_get_flags pg_split_walfile_name pg_typeof phraseto_tsquery plainto_tsquery
    quote_literal quote_nullable regclass row_security_active row_to_json session_user shobj_description
    show_limit statement_timestamp system_user time timestamp timestamptz timetz timezone to_char
    to_date to_json to_jsonb to_number to_regclass to_regcollation to_regnamespace to_regoper
    to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp
    to_tsquery to_tsvector transaction_timestamp ts_debug ts_headline ts_parse ts_token_type
    txid_current txid_current_if_assigned txid_current_snapshot unaccent user version
    websearch_to_tsquery xml xml_is_well_formed
    """
)
IMMUTABLE = _words(
    """
    _int_different _int_same abbrev abs acldefault acos acosd acosh akeys area armor array array_append
    array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions
    array_prepend array_remove array_replace array_reverse array_sort array_to_tsvector array_upper
    ascii asin asind asinh atan atan2 atan2d atand atanh avals bit bit_count bit_length bool box bpchar
    broadcast btrim bytea cardinality casefold cash_words cast cbrt ceil ceiling center char char_length
    character character_length chr cidr circle citext coalesce cos cosd cosh cot cotd crc32 crc32c crypt
    cube cube_dim cube_enlarge cube_inter cube_is_point cube_ll_coord cube_size cube_subset cube_union
    cube_ur_coord cume_dist daitch_mokotoff date_bin datemultirange daterange dearmor decimal decode
    decrypt decrypt_iv defined degrees dense_rank dexp diagonal diameter difference digest div dlog1
    dlog10 dmetaphone dmetaphone_alt dround dtrunc each earth earth_box earth_distance encode encrypt
    encrypt_iv erf erfc exp factorial family first_value float float4 float8 floor gamma gc_to_sec gcd
    generate_subscripts get_bit get_byte greatest hashtext height hmac host hostmask hstore
    hstore_to_json hstore_to_json_loose hstore_to_jsonb hstore_to_jsonb_loose hstore_version_diag
    icu_unicode_version index initcap int2 int2int4_sum int4 int4inc int4multirange int4range int8
    int8_sum int8multirange int8range interval intset is_normalized is_valid isbn isbn13 isclosed
    isdefined isempty isexists isfinite ishorizontal ismn ismn13 isopen isparallel isperp issn issn13
    isvertical json_array_elements json_array_elements_text json_array_length json_each json_each_text
    json_extract_path json_extract_path_text json_object json_object_keys json_strip_nulls json_typeof
    jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_each jsonb_each_text
    jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys
    jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first
    jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_typeof justify_days justify_hours
    justify_interval lag last_value latitude lca lcm lead least left levenshtein levenshtein_less_equal
    lgamma like like_escape line ll_to_earth ln lo_oid log log10 longitude lower lower_inc lower_inf
    lpad lseg ltree2text ltrim macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time
    make_timestamp make_valid makeaclitem masklen md5 metaphone min_scale mod multirange name
    nameconcatoid netmask network nlevel normalize notlike npoints nth_value ntile nullif num_nonnulls
    num_nulls numeric_div_trunc numeric_exp numeric_inc numeric_ln numeric_log numeric_sqrt
    nummultirange numnode numrange octet_length oid overlay parse_ident path pclose percent_rank pg_lsn
    pg_size_pretty pgp_armor_headers pgp_key_id pgp_pub_decrypt pgp_pub_decrypt_bytea pgp_sym_decrypt
    pgp_sym_decrypt_bytea pi point polygon popen position pow power querytree quote_ident radians radius
    range_merge rank regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
    regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right round row
    row_number rpad rtrim scale sec_to_gc seg_center seg_inter seg_lower seg_size seg_union seg_upper
    set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 show_trgm sign similar_escape
    similar_to_escape similarity sin sind sinh skeys slice slope sort sort_asc sort_desc soundex
    split_part sqrt starts_with strict_word_similarity string_to_array string_to_table strip strpos
    subarray subltree subpath substr substring svals tan tand tanh tconvert text text2ltree text_soundex
    textlen to_ascii to_bin to_hex to_oct translate trim trim_array trim_scale trunc ts_delete ts_filter
    ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange tstzmultirange tstzrange
    tsvector_to_array unicode_assigned unicode_version uniq unistr unnest upc upper upper_inc upper_inf
    uuid_extract_timestamp uuid_extract_version uuid_generate_v3 uuid_generate_v5 uuid_nil uuid_ns_dns
    uuid_ns_oid uuid_ns_url uuid_ns_x500 varbit varchar width width_bucket word_similarity xid
    xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlexists xmltext xmlvalidate
    xpath xpath_exists
    """
)
