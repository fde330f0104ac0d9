"""Judges the delivery map: which ref runs what, against which profile."""
