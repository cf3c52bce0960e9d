"""Commands that measure, check, draw and build the simulator; nothing else imports them.

``benchmark`` (with ``soak``) measures speed and memory. ``coverage``, ``fuzz`` (with
``fuzz_player`` and ``invariants``), ``scene_check`` and ``truth`` check actions, rooms and
pictures. ``contact_sheet`` and ``room_sheet`` draw; ``build_rooms``, ``build_assets`` and ``twin``
make data.
"""
