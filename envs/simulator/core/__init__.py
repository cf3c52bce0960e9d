"""What everything else stands on.

``geometry`` (rotations, boxes), ``grid`` (cells of reachable positions), ``agent`` (its body and
pose), ``camera``, ``object_types`` (what each type can do), ``settings`` (what ``Initialize``
sets), ``errors`` (how actions fail), ``caching``.
"""
