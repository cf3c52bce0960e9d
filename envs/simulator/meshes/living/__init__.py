"""Meshes of living rooms and bedrooms: electronics, plants, pictures, toys."""
