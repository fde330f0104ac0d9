"""Rules on nginx configuration."""
