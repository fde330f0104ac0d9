"""Who reviews a change: CODEOWNERS, and the protection of branches as it is written down."""
