"""The types that extensions bring along: a column of one goes when its extension is dropped with CASCADE."""

from __future__ import annotations

# The extensions of PostgreSQL's own distribution, and the most common others, by their control files.
TYPES: dict[str, tuple[str, ...]] = {
    "citext": ("citext",),
    "cube": ("cube",),
    "hstore": ("hstore", "ghstore"),
    "intarray": ("query_int",),
    "isn": ("ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"),
    "lo": ("lo",),
    "ltree": ("ltree", "lquery", "ltxtquery"),
    "pg_trgm": ("gtrgm",),
    "postgis": ("geometry", "geography", "box2d", "box3d"),
    "postgis_raster": ("raster",),
    "seg": ("seg",),
    "vector": ("vector", "halfvec", "sparsevec"),
}
