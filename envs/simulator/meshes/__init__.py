"""Procedural shapes of objects, by type, fitted to AI2-THOR's boxes."""
