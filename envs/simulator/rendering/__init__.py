"""From meshes to pixels: colour, depth, instance and class images."""
