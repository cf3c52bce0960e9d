"""The structure of a room that no metadata lists, inferred from its objects and free floor.

``room_plan`` finds where walls stand (``robothor_plan`` for RoboTHOR's hall), ``room_style`` how
they look; ``room_fixtures`` makes every part: ``wall_reliefs``, ``wall_details`` (plates, knee
walls, cupboard bodies), ``room_door``, ``counter_bases``, ``stoves``. ``floor_mesh`` draws the
floor.
"""
