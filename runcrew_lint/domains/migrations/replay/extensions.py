"""The types that extensions bring, by each extension's own documentation; those that bring none stand out."""

from __future__ import annotations

TYPES: dict[str, tuple[str, ...]] = {
    "citext": ("citext",),
    "cube": ("cube",),
    "hstore": ("hstore",),
    "intarray": ("query_int",),
    "isn": ("ean13", "isbn13", "ismn13", "issn13", "isbn", "ismn", "issn", "upc"),
    "ltree": ("ltree", "lquery", "ltxtquery"),
    "lo": ("lo",),
    "pg_trgm": ("gtrgm",),
    "postgis": ("geometry", "geography", "box2d", "box3d", "spheroid", "geometry_dump"),
    "postgis_raster": ("raster",),
    "postgis_topology": ("topogeometry",),
    "seg": ("seg",),
    "vector": ("vector", "halfvec", "sparsevec"),
}
