"""Where agents stand and walk.

``navigation`` moves, turns and teleports the acting agent; ``reachable`` floods the free floor,
``paths`` finds shortest walks; ``freed_floor`` is floor that came free since the recording,
``agent_count`` brings in more agents, ``noise`` is the LoCoBot's.
"""
