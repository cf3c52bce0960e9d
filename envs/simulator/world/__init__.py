"""The room as it is now.

``world`` holds its ``objects`` (metadata from ``initial_metadata``), rules (``room_state``), what
lies in what (``containment``, ``resting``), its ``collision`` shapes and its ``drawing``;
``snapshot`` remembers all of it. Questions: ``visibility``, ``clearance``, ``overlap``,
``placement``, ``swept_volume``. Changes: ``effects`` (heat, water, time), ``fragments`` (slices,
shards). ``mesh_choice`` picks the shape of an object.
"""
