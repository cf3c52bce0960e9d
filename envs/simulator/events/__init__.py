"""What a world looks like from outside: AI2-THOR metadata and image buffers."""
