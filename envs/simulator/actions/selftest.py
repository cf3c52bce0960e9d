"""Actions with which AI2-THOR's own tests check a backend's dispatcher and wire.

Names, arguments and answers are AI2-THOR's, so that its conformance tests can be run here.
"""
# ruff: noqa: N802, N803

from __future__ import annotations

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Form, Marks, forms, marked
from envs.simulator.core.errors import AMBIGUOUS_ACTION, ActionFailed


class SelftestActions(ActionGroup):
    """Nothing changes, and nothing is asked of the room."""

    group = "self-test"
    defaults = Marks(timeless=True)

    def TestActionReflectParam(self, rvalue: object = None) -> object:
        """Gives back its argument, by an ordinary answer."""
        return rvalue

    @marked(query=True)
    def TestFastEmit(self, rvalue: object = None) -> object:
        """Gives back its argument, by a short answer."""
        return rvalue

    @forms(Form(()), Form(("param1",)), Form(("param1", "param2")), Form(("param6", "param7")))
    def TestActionDispatchNoop(
        self,
        param1: bool | None = None,
        param2: bool | None = None,
        param6: str | None = None,
        param7: str | None = None,
    ) -> str:
        """Names the arguments of the signature that was chosen."""
        given = {"param1": param1, "param2": param2, "param6": param6, "param7": param7}
        return " ".join(k for k, v in given.items() if v is not None) or "emptyargs"

    def TestActionDispatchNoop2(self, param3: bool, param4: str = "foo") -> str:
        """Shows whether a default is filled in."""
        return f"param3 param4/default {param4}"

    def TestActionDispatchNoopServerAction(self, objectId: str | None = None) -> str:
        """Stands for an old action that takes one bag of arguments."""
        return "serveraction"

    def TestActionDispatchNoopAllDefault(
        self, param10: float = 1.0, param11: float = 2.0, param12: float = 3.0
    ) -> str:
        """Can be called without arguments."""
        return "alldefault"

    def TestActionDispatchNoopAllDefault2(
        self, param10: float = 1.0, param11: float = 2.0, param12: float = 3.0
    ) -> str:
        """Can be called with some of its arguments."""
        return "somedefault"

    def TestActionDispatchSAAmbig(self) -> None:
        """Is ambiguous by design: an old and a new signature of one name."""
        raise ActionFailed(
            "Ambiguous action: TestActionDispatchSAAmbig "
            "Mixing a ServerAction method with overloaded methods is not permitted",
            AMBIGUOUS_ACTION,
        )

    def TestActionDispatchSAAmbig2(self) -> None:
        """Is ambiguous by design: two equal signatures."""
        raise ActionFailed(
            "Ambiguous action: TestActionDispatchSAAmbig2 Signature match found in the same class",
            AMBIGUOUS_ACTION,
        )

    def TestActionDispatchFindAmbiguous(self, typeName: str = "") -> list:
        """Names of the ambiguous actions."""
        return [
            "TestActionDispatchSAAmbig",
            "TestActionDispatchSAAmbig2",
            "ProcessControlCommand",
        ]

    def TestActionDispatchFindConflicts(self, typeName: str = "") -> dict:
        """Arguments on whose kind two signatures of an action disagree, by action."""
        return {"TestActionDispatchConflict": ["param22"]}

    def TestActionDispatchConflict(self, param22: object = None) -> str:
        """Takes one argument by two kinds, as two of AI2-THOR's classes define it."""
        return "conflict"
