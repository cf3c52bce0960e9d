"""The page shows triples with their pictures and words."""

from __future__ import annotations

from tests.training.data.map.made_map import write_made
from training.data.map.__main__ import main


def test_the_page_holds_pictures_objections_and_answers(tmp_path, capsys):
    write_made(tmp_path / "map")
    assert main(["show", str(tmp_path / "map")]) == 0
    page = (tmp_path / "map" / "page.html").read_text()
    assert capsys.readouterr().out.strip().endswith("page.html")
    assert page.count("<section") == 4 and page.count("data:image/jpeg;base64,") == 6
    assert "open Fridge had no effect" in page and "false objection" in page
    assert "insist" in page and "retry" in page


def test_what_is_no_data_set_is_told_in_a_line(tmp_path, capsys):
    assert main(["show", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "no MAP data set" in said and len(said.splitlines()) == 1


def test_words_of_others_are_no_html(tmp_path):
    from tests.training.data.map.made_map import triple
    from training.data.map.folder import part_file, write_rows
    from training.data.map.records import Move
    from training.data.map.rows import triple_row

    write_made(tmp_path / "map")
    evil = triple(7, proposal=Move("<script>alert(1)</script>"))
    path = part_file(tmp_path / "map", "triples", "train", 0)
    write_rows(path, "triples", [triple_row(evil)])
    main(["show", str(tmp_path / "map"), "--split", "train"])
    assert "<script>" not in (tmp_path / "map" / "page.html").read_text()
