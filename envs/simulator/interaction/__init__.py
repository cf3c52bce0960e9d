"""What agents and programs do to objects, beyond forces.

``holding`` picks up and puts down, ``hand`` moves what is held; ``open_toggle`` opens, switches and
changes states; ``posing`` puts one object by coordinates, ``poses`` a whole arrangement, ``spawn``
at random; ``editing`` makes, scales and removes; ``house_settle`` and ``object_geometry`` serve
generated houses.
"""
