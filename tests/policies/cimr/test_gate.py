"""The gates of the shipped policy: they are read from where they always were."""

from __future__ import annotations

from policies.cimr.fusion import FUSION_PARTS, fusion_parameters
from policies.loading import DEFAULT, load_policy


def test_the_shipped_weights_have_a_place_for_every_fusion_parameter():
    from safetensors import safe_open

    shipped = {}
    for path in DEFAULT.glob("model*.safetensors"):
        with safe_open(path, "pt") as weights:
            shipped |= {name: weights.get_tensor(name) for name in weights.keys()}
    used = fusion_parameters(load_policy().model)
    assert set(used) == {
        name for name in shipped if name.startswith(FUSION_PARTS) and ".presence_" not in name
    }
    gates = [name for name in used if name.endswith(".gate")]
    assert len(gates) == 4
    for name in gates:
        assert used[name].item() == shipped[name].float().item() != 0.0
