"""What was right once and has aged, by one dated data file."""
