"""What the linter says: faults, findings, mends, rules and errors. It knows no format and no domain."""
