"""Meshes of kitchens: appliances, food, tableware, utensils."""
