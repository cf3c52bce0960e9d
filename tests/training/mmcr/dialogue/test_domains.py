"""The table of domains is whole, and what it names can be asked."""

from __future__ import annotations

import pytest

from training.mmcr.dialogue.domains import DOMAINS, SUB_TOPICS, kinds_of
from training.mmcr.writing import writer
from training.mmcr.writing.queries import KINDS


def test_there_are_eight_domains_of_five_sub_topics():
    assert len(DOMAINS) == 8 and all(len(topics) == 5 for topics in DOMAINS.values())
    assert len(SUB_TOPICS) == 40


def test_every_kind_that_serves_a_sub_topic_exists_and_none_serves_nothing():
    assert writer.KINDS is KINDS
    named = {kind for topic in SUB_TOPICS.values() for kind in topic.kinds}
    assert named <= set(KINDS), named - set(KINDS)
    assert set(KINDS) - named <= {"rightmost", "worked_later", "went_last", "recall_number"}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_domain_can_be_begun(domain):
    assert any(KINDS[name].opens for name in kinds_of(domain))


def test_an_unknown_domain_is_named():
    with pytest.raises(ValueError, match="'cooking': use one of objects_and_places"):
        kinds_of("cooking")
