"""Eight domains of five sub-topics each, made for households, and which questions serve them.

One table: sub-topic, then the kinds of question that it is about, of
``training.mmcr.writing.queries``. A dialogue is of one sub-topic; what its own kinds can't carry
on comes from the rest of its domain.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SubTopic:
    """What a dialogue is about.

    Attributes:
        name: Within its domain.
        kinds: Of question.
        after_failure: There is something to say only where a step failed.
        over_frames: There is something to say only where there are several frames.
    """

    name: str
    kinds: tuple[str, ...]
    after_failure: bool = False
    over_frames: bool = False


def _of(name: str, kinds: str, *, after_failure: bool = False, frames: bool = False) -> SubTopic:
    return SubTopic(name, tuple(kinds.split()), after_failure, frames)


DOMAINS: dict[str, tuple[SubTopic, ...]] = {
    "objects_and_places": (
        _of("what_is_there", "loose_list furniture_list presence named_count seen_in"),
        _of("where_it_lies", "presence where side beside_on same_holder"),
        _of("what_lies_on_it", "on_list beside_on first_named where named_count"),
        _of("what_can_be_carried", "loose_list furniture_list can_carry carried_of is_held"),
        _of("the_hand", "holding is_held held_at can_carry needed"),
    ),
    "counting_and_comparing": (
        _of("how_many", "count less_one recall_number sum"),
        _of("more_or_fewer", "count more sum recall_number"),
        _of("counting_what_was_said", "loose_list on_list named_count first_named last_named"),
        _of("larger_and_smaller", "loose_list furniture_list larger presence largest"),
        _of("counts_over_frames", "count more recall_number frame_number sum", frames=True),
    ),
    "states_and_changes": (
        _of("open_and_closed", "openable_list presence state state_is same_state"),
        _of("on_and_off", "lamp_list presence state state_is same_state"),
        _of("what_appeared", "new_in gone_in seen_in frame_number loose_list", frames=True),
        _of("what_stayed", "loose_list same_place seen_in same_state where", frames=True),
        _of("what_changed_hands", "holding held_at is_held between seen_in"),
    ),
    "deeds_in_order": (
        _of("before_and_after", "did after before step_of worked"),
        _of("first_and_last", "first_deed last_deed after before step_of"),
        _of("how_often", "did times last_deed acted_on worked"),
        _of("what_was_done_with_it", "loose_list target acted_on been_at did"),
        _of("between_frames", "between holding after before frame_number", frames=True),
    ),
    "mistakes_and_mending": (
        _of(
            "what_went_wrong", "any_failed failed_step did worked failed_before", after_failure=True
        ),
        _of(
            "what_was_done_about_it", "failed_step mended did after tried_again", after_failure=True
        ),
        _of("tried_again", "failed_step tried_again worked_later times did", after_failure=True),
        _of("what_was_right", "failed_step instead did before last_deed", after_failure=True),
        _of("did_it_work", "last_deed did worked step_of before"),
    ),
    "plans_and_next_steps": (
        _of("the_next_step", "next needed seen_in been_at last_deed"),
        _of("what_it_is_about", "target goal_place needed seen_in where"),
        _of("what_is_needed", "loose_list furniture_list needed_of needed can_carry"),
        _of("what_is_done_already", "target goal_place acted_on been_at last_deed"),
        _of("is_it_at_hand", "target goal_place seen_in is_held side where"),
    ),
    "space_and_routes": (
        _of("left_and_right", "loose_list furniture_list side relation leftmost rightmost"),
        _of("near_and_far", "furniture_list loose_list nearer nearest farthest"),
        _of("next_to_what", "presence relation where side same_holder"),
        _of("the_way_so_far", "went_last went_before been_at step_of seen_in"),
        _of("landmarks", "furniture_list side been_at nearest leftmost"),
    ),
    "memory_over_frames": (
        _of("seen_before", "loose_list seen_in frames_with first_seen presence", frames=True),
        _of("which_frame", "presence frames_with first_seen frame_number seen_in", frames=True),
        _of("what_was_said", "loose_list count first_asked first_named recall_number last_named"),
        _of("same_place", "where same_place seen_in presence side", frames=True),
        _of(
            "then_and_now", "holding same_state same_place new_in seen_in frame_number", frames=True
        ),
    ),
}
SUB_TOPICS: dict[tuple[str, str], SubTopic] = {
    (domain, topic.name): topic for domain, topics in DOMAINS.items() for topic in topics
}


def kinds_of(domain: str) -> tuple[str, ...]:
    """All kinds of question of a domain.

    Raises:
        ValueError: There is no such domain.
    """
    if domain not in DOMAINS:
        raise ValueError(f"Unknown domain {domain!r}: use one of {', '.join(DOMAINS)}.")
    return tuple(dict.fromkeys(kind for topic in DOMAINS[domain] for kind in topic.kinds))
