"""From meshes to pixels: colour, depth, instance and class images.

``renderer`` is the way in. Colour: ``batches`` and ``panda_geometry`` prepare triangles; light
comes from ``ambient_occlusion``, ``lights`` and ``shadows``. Depth, ids and normals: ``id_pass``.
``offscreen`` owns Panda3D's buffers; ``third_party_camera`` places further cameras,
``randomisation`` changes materials, and ``ray_cast`` is what pictures are measured against.
"""
