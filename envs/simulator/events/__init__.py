"""What a world looks like from outside.

``metadata`` is AI2-THOR's map of an agent and its image buffers, ``images`` the pictures of all
agents and cameras, ``agent_bodies`` how agents look to each other.
"""
