"""The ways in, from the inside out.

``session`` is a conversation with one client, and all ways share it. ``in_process`` calls it
directly, ``pipes`` and ``http`` carry it by AI2-THOR's two protocols (``wire``, ``packing``);
``dropin`` puts it under every ``Controller()``.
"""
