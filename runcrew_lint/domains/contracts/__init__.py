"""What two files say of one thing: versions, ports, tags, and the commands that CI runs."""
