"""Procedural shapes of objects, by type, fitted to AI2-THOR's boxes.

``catalogue.build_mesh`` is the way in. ``mesh`` defines parts, joints and surfaces, ``joints``
moves them, ``sample_points`` spreads points over them; ``maker`` collects parts made by
``primitives``, ``soft`` and ``slabs``, coloured by ``textures`` (``pictures``, ``prints``). Object
types are in ``kitchen``, ``bathroom``, ``furniture`` and ``living``; ``breakage``, ``raised`` and
``turning`` change a finished mesh.
"""
