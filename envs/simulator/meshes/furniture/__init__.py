"""Meshes of furniture: cupboards, tables, seats, beds, lamps, boxes, bins."""
