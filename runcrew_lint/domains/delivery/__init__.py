"""The delivery map: which ref runs which command, against which profile."""
