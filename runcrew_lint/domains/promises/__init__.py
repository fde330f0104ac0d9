"""Promises: comments that excuse a finding, with a reason and a date to mend it by."""
