"""eas.json as EAS itself reads it: profiles resolved per platform, each value with its place."""
