"""How each mend is made: one module a format, each mend a function of a request and its source."""
