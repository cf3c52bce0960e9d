"""The loop: what is counted, told and repeated, on a fake kitchen with scripted policies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from agent.loop import Episode, EpisodeSettings
from agent.recording.observer import Observer
from agent.recording.trajectory import EpisodeHeader, EpisodeSummary, StepRecord, Timing
from envs.actions import parse_action
from policies.base import Question, Reply, Sighting
from policies.discrepancy import Discrepancy
from tests.fakes import DoubtingPolicy, FakeKitchen, FakeOnlooker, ScriptedPolicy

HEADER = EpisodeHeader(
    scene="Fake",
    family="pick_and_place",
    instruction="",
    seed=0,
    policy="scripted",
    backend="fake",
    action_level="skill",
    feedback="binary",
    rounds=3,
)
GOOD = ("goto CounterTop", "pick up Apple", "goto Fridge", "open Fridge", "put in Fridge")


def play(
    env: FakeKitchen,
    policy: ScriptedPolicy,
    rounds: int = 3,
    observers: Sequence[Observer] = (),
    settings: EpisodeSettings | None = None,
) -> tuple[list[StepRecord], EpisodeSummary]:
    episode = Episode(env, policy, settings or EpisodeSettings(rounds=rounds), observers)
    env.on_frame = episode.frame_passed
    steps = list(episode.steps(HEADER, seed=0))
    assert episode.summary is not None
    return steps, episode.summary


def test_a_faultless_script_wins_without_errors_or_objections() -> None:
    steps, summary = play(FakeKitchen(), ScriptedPolicy(GOOD))
    assert summary.success and summary.steps == 5
    assert (summary.errors, summary.recovered, summary.false_alarms) == (0, 0, 0)
    assert summary.mean_rounds == 1.0
    assert [step.discrepancies for step in steps] == [()] * 5
    assert (summary.goal_conditions_met, summary.goal_conditions) == (2, 2)


def test_moves_inside_a_skill_are_counted_and_shown() -> None:
    steps, _ = play(FakeKitchen(), ScriptedPolicy(GOOD))
    assert [step.moves for step in steps] == [3, 0, 3, 0, 0]


def test_a_failed_step_is_an_error_and_a_later_success_of_the_same_recovers_it() -> None:
    script = ("goto Fridge", "put in Fridge", *GOOD)
    steps, summary = play(FakeKitchen(), ScriptedPolicy(script), rounds=1)
    assert steps[1].outcome == "failed" and steps[1].is_error
    assert [found.kind for found in steps[1].discrepancies] == ["action_failed"]
    assert (summary.errors, summary.noticed, summary.recovered) == (1, 1, 1)


def test_an_error_without_a_repair_is_not_recovered() -> None:
    _, summary = play(FakeKitchen(), ScriptedPolicy(("open Fridge", "done")), rounds=1)
    assert not summary.success
    assert (summary.errors, summary.recovered) == (1, 0)


def test_a_silent_fault_is_noticed_by_looking_and_made_good() -> None:
    env = FakeKitchen(broken=("open Fridge",))
    script = (*GOOD[:4], "open Fridge", "put in Fridge")
    steps, summary = play(env, ScriptedPolicy(script), rounds=1)
    assert steps[3].answer == "ok" and steps[3].fault
    assert [found.kind for found in steps[3].discrepancies] == ["no_progress"]
    assert steps[3].outcome == "failed", "the record tells what the agent believes"
    assert summary.success and (summary.errors, summary.noticed, summary.recovered) == (1, 1, 1)


def test_a_proposal_against_the_evidence_is_asked_again_before_acting() -> None:
    policy = ScriptedPolicy(("pick up Apple", *GOOD[1:]), {"pick up Apple": "goto CounterTop"})
    steps, summary = play(FakeKitchen(), policy)
    assert [entry.action for entry in steps[0].rounds] == ["pick up Apple", "goto CounterTop"]
    assert [found.kind for found in steps[0].rounds[0].discrepancies] == ["object_missing"]
    assert steps[0].action == "goto CounterTop" and summary.success and summary.errors == 0
    told = policy.contexts[1]
    assert told.round == 2 and told.rejected == ("pick up Apple",)
    assert [found.kind for found in told.discrepancies] == ["object_missing"]


def test_one_round_switches_self_correction_off() -> None:
    policy = ScriptedPolicy(("pick up Apple", "done"), {"pick up Apple": "goto CounterTop"})
    steps, summary = play(FakeKitchen(), policy, rounds=1)
    assert steps[0].action == "pick up Apple" and summary.mean_rounds == 1.0


def test_a_policy_that_insists_is_not_asked_for_ever() -> None:
    steps, _ = play(FakeKitchen(), ScriptedPolicy(("pick up Apple", "done")), rounds=4)
    assert len(steps[0].rounds) == 2 and steps[0].action == "pick up Apple"


def test_where_all_that_is_proposed_is_vain_it_looks_from_elsewhere() -> None:
    script = ("put in Fridge",) * 3
    elsewhere = EpisodeSettings(rounds=3, last_resort=parse_action("look around"))
    steps, _ = play(FakeKitchen(max_steps=3), ScriptedPolicy(script), settings=elsewhere)
    assert steps[0].action == "look around"
    assert steps[0].rounds[0].discrepancies and not steps[0].rounds[-1].discrepancies
    steps, _ = play(FakeKitchen(max_steps=3), ScriptedPolicy(script))
    assert steps[0].action == "put in Fridge"
    only_unseen = ("open Fridge",) * 3
    steps, _ = play(FakeKitchen(max_steps=3), ScriptedPolicy(only_unseen), settings=elsewhere)
    assert steps[0].action == "open Fridge"


def test_where_nothing_stands_what_an_objection_calls_for_is_done() -> None:
    policy = ScriptedPolicy(
        ("goto CounterTop", "look around", *GOOD[1:]), thoughts={"look around": "apple not here"}
    )
    steps, summary = play(FakeKitchen(), policy)
    assert [entry.action for entry in steps[1].rounds] == [
        "look around",
        "look around",
        "goto Apple",
    ]
    assert steps[1].action == "goto Apple" and steps[1].thought == "apple in view after all"
    assert summary.success


def test_what_was_refused_where_it_pointed_is_tried_on_the_nearest_before_it_is_given_up() -> None:
    env = FakeKitchen(refuses_points=True)
    script = ("goto Fridge at (0.10, 0.20)", "goto Fridge at (0.10, 0.20)", "open Fridge", "done")
    steps, summary = play(env, ScriptedPolicy(script))
    assert steps[0].outcome == "failed"
    assert steps[1].action == "goto Fridge" and steps[1].outcome == "ok"
    assert len(steps[1].rounds) == 2 and summary.recovered == 1


def test_without_rules_the_last_word_is_the_policys_own() -> None:
    script = ("put in Fridge",) * 3
    own = EpisodeSettings(rounds=3, last_resort=parse_action("look around"), rules=False)
    steps, _ = play(FakeKitchen(max_steps=3), ScriptedPolicy(script), settings=own)
    assert steps[0].action == "put in Fridge"
    assert [len(step.rounds) for step in steps[:1]] == [2], "told once, it insists"
    changed = ScriptedPolicy(("pick up Apple",), {"pick up Apple": "put in Fridge"})
    steps, _ = play(FakeKitchen(max_steps=1), changed, settings=EpisodeSettings(2, rules=False))
    assert steps[0].action == "put in Fridge", "its last answer, though both are opposed"


def test_without_rules_nothing_is_held_against_words() -> None:
    thoughts = {"goto Fridge": "apple next"}
    objections = {}
    for rules in (True, False):
        policy = ScriptedPolicy(("goto Fridge", "done"), thoughts=thoughts)
        settings = EpisodeSettings(rounds=3, rules=rules)
        steps, _ = play(FakeKitchen(max_steps=2), policy, settings=settings)
        objections[rules] = {
            found.kind for step in steps for r in step.rounds for found in r.discrepancies
        }
    assert "off_plan" in objections[True] and objections[False] == set()


def test_a_walk_to_what_was_never_seen_is_opposed_before_it_fails() -> None:
    policy = ScriptedPolicy(("goto Apple",), {"goto Apple": "goto CounterTop"})
    settings = EpisodeSettings(rounds=2, recalls=True, rules=False)
    steps, _ = play(FakeKitchen(max_steps=1), policy, settings=settings)
    assert [found.kind for found in steps[0].rounds[0].discrepancies] == ["object_missing"]
    assert steps[0].action == "goto CounterTop"


class _SeeingPolicy(ScriptedPolicy):
    """Sees the apple wherever it is red."""

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        seen = self.ask(frame, Question("in_view", "Apple"))
        return (Sighting("Apple", (0.4, 0.4), 0.9),) if seen and seen.yes else ()


@pytest.mark.parametrize("recalls", [True, False])
def test_a_walk_back_says_where_the_policy_saw_it(recalls: bool) -> None:
    policy = _SeeingPolicy(("goto CounterTop", "goto Fridge", "goto Apple"))
    settings = EpisodeSettings(rounds=1, recalls=recalls)
    steps, _ = play(FakeKitchen(max_steps=3), policy, settings=settings)
    said = "goto Apple at (0.40, 0.40) of view 1" if recalls else "goto Apple"
    assert steps[2].action == said


def test_a_malformed_reply_is_a_failed_step_and_never_a_crash() -> None:
    steps, summary = play(FakeKitchen(), ScriptedPolicy(("fly to the moon", *GOOD)))
    assert steps[0].action == "fly to the moon" and steps[0].is_error
    assert {found.kind for found in steps[0].discrepancies} == {"malformed_reply"}
    assert summary.success and summary.recovered == 1


def test_a_malformed_reply_is_repaired_in_the_next_round() -> None:
    policy = ScriptedPolicy(("grab it", *GOOD[1:]), {"grab it": "goto CounterTop"})
    steps, summary = play(FakeKitchen(), policy)
    assert steps[0].action == "goto CounterTop" and summary.errors == 0


def test_feedback_none_leaves_the_outcome_to_what_is_seen() -> None:
    env = FakeKitchen(feedback="none")
    steps, summary = play(env, ScriptedPolicy(("open Fridge", *GOOD)), rounds=1)
    assert steps[0].answer == "" and steps[0].outcome == "failed"  # nothing changed
    assert {step.outcome for step in steps[1:]} == {"unknown"}
    assert summary.success and summary.noticed == 1


def test_the_step_limit_ends_the_episode() -> None:
    steps, summary = play(FakeKitchen(max_steps=4), ScriptedPolicy(("goto Fridge",)))
    assert len(steps) == 4 and steps[-1].truncated and not summary.success


def test_attention_and_memory_are_in_the_record() -> None:
    steps, _ = play(FakeKitchen(), ScriptedPolicy(GOOD))
    assert steps[0].attention == pytest.approx((0.625, 0.375, 1.0))
    assert steps[0].memory == ()
    assert "holding: apple" in steps[2].memory
    assert any("apple in hand" in line for line in steps[2].memory)


def test_observers_see_every_step_in_order() -> None:
    class Diary(Observer):
        def __init__(self) -> None:
            self.lines: list[str] = []

        def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
            self.lines.append("started " + header.instruction)

        def moved(self, frame: np.ndarray) -> None:
            self.lines.append("moved")

        def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
            self.lines.append("stepped " + record.action)

        def ended(self, summary: EpisodeSummary, frame: np.ndarray) -> None:
            self.lines.append("ended")

    diary = Diary()
    play(FakeKitchen(), ScriptedPolicy(GOOD[:1] + ("done",)), observers=[diary])
    assert diary.lines == [
        "started put the apple in the fridge",
        "moved",
        "moved",
        "moved",
        "stepped goto CounterTop",
        "stepped done",
        "ended",
    ]


def test_the_answer_and_the_belief_are_told_apart_and_a_vain_doubt_is_a_false_alarm() -> None:
    steps, summary = play(FakeKitchen(), DoubtingPolicy(GOOD), rounds=1)
    doubted = steps[3]
    assert (doubted.told, doubted.outcome, doubted.is_error) == ("ok", "failed", False)
    assert doubted.doubts and doubted.false_alarm
    assert [step.false_alarm for step in steps] == [False, False, False, True, False]
    assert summary.success and (summary.errors, summary.false_alarms) == (0, 1)


def test_a_true_doubt_is_no_false_alarm() -> None:
    env = FakeKitchen(broken=("open Fridge",))
    steps, summary = play(env, ScriptedPolicy((*GOOD[:4], "open Fridge", "put in Fridge")), 1)
    assert steps[3].doubts and not steps[3].false_alarm and summary.false_alarms == 0


class _Reasoning(FakeKitchen):
    """Knows why an action failed, and says so to nobody but in ``info``."""

    def _info(self, works: bool, fault: str) -> dict:
        info = super()._info(works, fault)
        return info if works else {**info, "error": "the fridge\nis too far"}


def test_the_simulators_reason_is_recorded_and_never_told_to_the_policy() -> None:
    policy = ScriptedPolicy(("open Fridge", "done"))
    steps, _ = play(_Reasoning(), policy, rounds=1)
    assert steps[0].reason == "the fridge is too far" and steps[1].reason == ""
    told = " ".join(map(str, policy.contexts)) + steps[1].feedback + " ".join(steps[1].memory)
    assert "too far" not in told


def test_where_the_agent_stands_is_recorded_move_by_move_for_those_who_look_on() -> None:
    class Keeper(Observer):
        header: EpisodeHeader

        def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
            self.header = header

    env, policy, keeper = FakeKitchen(), ScriptedPolicy(GOOD), Keeper()
    episode = Episode(env, policy, None, [keeper], FakeOnlooker())
    env.on_frame = episode.frame_passed
    steps = list(episode.steps(HEADER, seed=0))
    assert keeper.header.room == FakeOnlooker().room()
    # Before the step, at each of the three moves of a walk, and after it.
    assert [len(step.path) for step in steps] == [5, 2, 5, 2, 2]
    assert steps[0].path[0] == (0.25, 0.0, 90.0)


def test_an_episode_goes_on_from_a_kept_moment_as_often_as_one_likes() -> None:
    env, policy = FakeKitchen(), ScriptedPolicy(GOOD)
    episode = Episode(env, policy, EpisodeSettings())
    steps = episode.steps(HEADER, seed=0)
    first = [next(steps), next(steps)]
    moment, world, said = episode.kept(), dict(vars(env)), policy.next
    rest = list(steps)
    assert moment.index == 2 and [step.index for step in rest] == [2, 3, 4]
    for _ in range(2):
        vars(env).update(world)
        policy.next = said
        again = list(episode.going_on(moment))
        assert [step.action for step in again] == [step.action for step in rest]
        assert [step.memory for step in again] == [step.memory for step in rest]
        assert episode.summary is not None and episode.summary.steps == 5
    assert first[0].action == GOOD[0] and moment.index == 2


def test_a_kept_moment_can_be_told_what_is_wrong_with_its_proposal() -> None:
    env, policy = FakeKitchen(), ScriptedPolicy(("pick up Apple", "goto CounterTop"))
    episode = Episode(env, policy, EpisodeSettings(rounds=1, max_steps=1))
    episode.begin(HEADER, seed=0)
    moment = episode.kept()
    list(episode.going_on(moment))
    said = Discrepancy("action_failed", "pick up Apple", "to work", "it would fail", 0.9, "vision")
    told = moment.objected(Reply(parse_action("pick up Apple")), (said,))
    policy.next = 1
    list(episode.going_on(told))
    context = policy.contexts[-1]
    assert (context.round, context.rejected) == (2, ("pick up Apple",))
    assert context.objections[0].found == (said,)
    assert moment.state.memory.round == 1


def test_what_was_never_begun_is_not_kept() -> None:
    with pytest.raises(RuntimeError, match="call begin"):
        Episode(FakeKitchen(), ScriptedPolicy(GOOD)).kept()
