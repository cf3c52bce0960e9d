"""The embedded AI2-THOR: a simulator that ai2thor's own, unmodified client drives.

Covered: the 30 kitchens with AI2-THOR's object ids, places, boxes and start states; RGB, depth,
instance, class and normal images rendered in software; navigation on the recorded free floor;
looking, teleporting, crouching; reachable and interactable poses; picking up, putting down,
dropping, opening, closing, toggling, slicing, breaking, cooking, dirtying, filling and using up;
contextual effects (heating, cooling, cleaning, filling, coffee); random spawns; snapshots.

Left out so far: rigid-body pushing and throwing, several agents, third-party cameras, arm mode,
generated houses, and the pipes for a separate process. An action that is not covered answers with
AI2-THOR's ``InvalidAction``.

The coordinate frame is AI2-THOR's: metres and degrees, left-handed, x right, y up, z forward at
yaw 0, yaw clockwise seen from above.
"""
