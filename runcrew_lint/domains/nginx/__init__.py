"""What nginx configuration means: servers, where they listen, and what they answer."""
