"""Assets by their names."""

from __future__ import annotations

from envs.simulator.houses.assets import assets, find_asset


def test_unknown_assets_are_taken_for_what_their_name_says():
    assert find_asset("Fridge_99").type == "Fridge"
    assert find_asset("Some_Odd_Toaster").type == "Toaster"
    assert find_asset("xyzzy").size == (0.3, 0.3, 0.3)
    assert "Fridge_99" not in assets()
