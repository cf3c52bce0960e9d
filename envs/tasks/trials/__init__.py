"""What several families have in common: what they look for in a room, and how they try it."""
