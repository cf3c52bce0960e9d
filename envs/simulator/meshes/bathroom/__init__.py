"""Meshes of bathrooms: basins, showers, towels, laundry."""
