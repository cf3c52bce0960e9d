"""The kinds of files that others may have written: a good one of each, and what reads it."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.hostile.mutations import damaged, odd_json, odd_lines

Change = Callable[[bytes, np.random.Generator], bytes]


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    `make` writes a good one, with all that belongs to it, into a folder and returns its path; `use`
    reads it as the project does, and may refuse it with a ValueError of one line. At least that
    share of odd files must be refused: none where a damaged file counts as one that is not there.
    """

    name: str
    make: Callable[[Path], Path]
    use: Callable[[Path], object]
    change: Change = odd_json
    least_refused: float = 0.1


def _task() -> Any:
    from envs.tasks.base import Task
    from envs.tasks.goals import Contained, Every, Openness

    goal = Every((Contained("Apple", "Fridge"), Openness("Fridge", True)))
    part = Task("open", "FloorPlan1", "open it", Every((Openness("Fridge", True),)), "Fridge")
    return Task(
        "pick_and_place",
        "FloorPlan1",
        "put the apple in the fridge",
        goal,
        "Apple",
        "Fridge",
        spawn_seed=3,
        start=(-1.0, -1.5, 90.0, 30.0),
        before=(("OpenObject", "Fridge|1"),),
        parts=(part,),
        max_steps=(("skill", 9),),
    )


def _make_task(folder: Path) -> Path:
    from envs.tasks.task_file import to_plain

    return _json(folder / "task.json", to_plain(_task()))


def _use_task(path: Path) -> None:
    from envs.simulator.system.foreign_json import read_json
    from envs.tasks.task_file import from_plain, to_plain

    json.dumps(to_plain(from_plain(read_json(path))))


def _make_suite(folder: Path) -> Path:
    from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite

    entries = tuple(Entry(f"t-{k}", _task(), k, 5, "noop", k) for k in range(3))
    write_suite(folder / "s.jsonl", Suite("s", "Some tasks", SuiteSetting(), entries))
    return folder / "s.jsonl"


def _use_suite(path: Path) -> None:
    from envs.tasks.suite_sources import open_suite

    suite = open_suite(str(path))
    suite.digest()


def _make_house(folder: Path) -> Path:
    from tests.envs.simulator.test_houses import two_rooms

    return _json(folder / "house.json", two_rooms())


def _use_house(path: Path) -> None:
    from envs.simulator.houses import build_house, read_house

    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return  # a house comes as an object: reading its file is its owner's part
    build_house(read_house(content))


def _twin() -> Any:
    from envs.simulator.houses.twin_file import FORMAT, VERSION
    from envs.simulator.scenes.room_file import read_member

    head = {"format": FORMAT, "version": VERSION, "scene": "FloorPlan401"}
    return {**head, **read_member("FloorPlan401")}


def _make_twin(folder: Path) -> Path:
    return _json(folder / "room.json", _twin())


def _make_twin_zip(folder: Path) -> Path:
    from envs.simulator.houses.twin_file import MEMBER

    with zipfile.ZipFile(folder / "room.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, json.dumps(_twin()))
    return folder / "room.zip"


def _use_twin(path: Path) -> None:
    from envs.simulator.houses.twin_file import find_scene

    find_scene(str(path))


def _trial() -> dict[str, Any]:
    from tests.envs.tasks.published.test_alfred import trial

    steps = [[0, {"action": "PickupObject", "objectId": "Apple|+0.1|+0.9|+1"}]]
    made = trial()
    return {**made, "low": [*made["low"], *steps]}


def _make_alfred(folder: Path) -> Path:
    from tests.envs.tasks.published.test_alfred import published

    return _json(folder / "traj_data.json", published(_trial()))


def _make_alfred_lines(folder: Path) -> Path:
    path = folder / "trials.jsonl"
    path.write_text("".join(json.dumps(_trial()) + "\n" for _ in range(3)))
    return path


def _make_alfred_gz(folder: Path) -> Path:
    path = folder / "trials.jsonl.gz"
    path.write_bytes(gzip.compress(_make_alfred_lines(folder).read_bytes()))
    return path


def _published(name: str) -> Callable[[Path], object]:
    def use(path: Path) -> object:
        from envs.tasks.suite_sources import open_suite

        return open_suite(f"{name}:{path}").digest()

    return use


def _make_eb(folder: Path) -> Path:
    own = Path(__file__).parents[1] / "data" / "eb_navigation_own.json"
    return _json(folder / "eb.json", {"tasks": json.loads(own.read_text())["tasks"][:3]})


def _make_reasoner(folder: Path) -> Path:
    from tests.envs.tasks.published.test_suites import reasoner

    return _json(folder / "test.json", [reasoner(), reasoner(tasktype="single_search")])


def _make_episode(folder: Path) -> Path:
    from tests.recorded import record

    return record(folder / "run") / "trajectory.jsonl"


def _use_episode(path: Path) -> None:
    from agent.display.report import render
    from agent.recording.trajectory import read_trajectory
    from training.export.recorded import load_recorded

    read_trajectory(path.parent).digest()
    render(path.parent)
    list(load_recorded(path.parent).frames())


def _make_results(folder: Path) -> Path:
    from tests.training.evaluation.test_compare import _folder

    return _folder(folder / "eval", {0, 1}, struck={0}, count=4) / "results.json"


def _use_results(path: Path) -> None:
    from training.evaluation.compare import load_run
    from training.evaluation.report import render
    from training.evaluation.results import load_results
    from training.evaluation.tables import headline, markdown

    found = load_results(path.parent)
    markdown(found)
    headline(found)
    load_run(path.parent)
    render(path.parent)


def _use_verdict(path: Path) -> None:
    from training.evaluation.compare import load_run
    from training.evaluation.report import render

    out = path.parents[2]
    load_run(out)
    render(out, [])  # the plots are of results.json, which is as it was


def _of_results(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        results = _make_results(folder)
        return (
            results.with_name(name)
            if name == "run.json"
            else min((results.parent / "episodes").glob(f"*/{name}"))
        )

    return make


def _use_run(path: Path) -> None:
    from training.evaluation.folder import begin

    begin(path.parent, json.loads((path.parent / "results.json").read_bytes())["run"])


def _policy(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        import torch

        from policies.cimr.language.lexicon import usual_names
        from policies.cimr.language.reader import ReaderConfig, ReaderNetwork
        from policies.cimr.language.reader_files import save_reader
        from policies.cimr.language.tokenizer import build_tokenizer, word_id
        from policies.cimr.model import small_model
        from training.checkpoint import save_policy

        torch.manual_seed(0)
        words = build_tokenizer()
        model = small_model(
            words,
            dim=16,
            layers=2,
            heads=2,
            vision_dim=16,
            vision_layers=1,
            shared_dim=16,
            stem_widths=(4, 8),
        )
        save_policy(folder / "policy", model, words, known_words=["open"])
        names = [word_id(words, usual) for usual in usual_names()]
        network = ReaderNetwork(ReaderConfig(len(words), 16, 1, 2), names)
        save_reader(folder / "policy", network, words)
        if name == "model.safetensors.index.json":
            _json(folder / "policy" / name, _index(folder / "policy"))
        return folder / "policy" / name

    return make


def _index(folder: Path) -> dict[str, Any]:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="np") as weights:
        names = list(weights.keys())
    return {"metadata": {"total_size": 5}, "weight_map": dict.fromkeys(names, "model.safetensors")}


def _use_policy(path: Path) -> None:
    from policies.loading import load_policy

    load_policy(str(path.parent))


def _chat_model(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        from tests.tiny_llava import save_chat_model

        model = save_chat_model(folder / "model")
        if name.startswith("adapter"):
            import torch
            from peft import LoraConfig, get_peft_model

            from tests.tiny_llava import tiny_llava

            torch.manual_seed(0)
            config = LoraConfig(r=2, target_modules=["q_proj"])
            get_peft_model(tiny_llava(), config).save_pretrained(folder / "adapter")
            return folder / "adapter" / name
        return model / name

    return make


def _use_chat_model(path: Path) -> None:
    from policies.base import PolicyStopped, Question
    from policies.loading import load_policy
    from tests.policies.chat.chat_server import FRAME

    model = path.parent.parent / "model"
    adapter = str(path.parent) if path.parent != model else None
    policy = load_policy(str(model), adapter=adapter)
    try:
        policy.ask(FRAME, Question("in_view", "Fridge"))
    except PolicyStopped as error:
        raise ValueError(str(error)) from error


def _make_ledger(folder: Path) -> Path:
    return _json(folder / "ledger.json", {"requests": 12, "tokens": 8040, "usd": 0.021})


def _use_ledger(path: Path) -> None:
    from policies.chat.budget import Budget, Purse

    purse = Purse(Budget(), path)
    purse.check()
    purse.pay(5, 5)


def _json(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


KINDS = (
    Kind("task", _make_task, _use_task),
    Kind("suite", _make_suite, _use_suite, odd_lines),
    Kind("house", _make_house, _use_house),
    Kind("twin", _make_twin, _use_twin),
    Kind("twin-zip", _make_twin_zip, _use_twin, damaged),
    Kind("alfred", _make_alfred, _published("alfred")),
    Kind("alfred-lines", _make_alfred_lines, _published("alfred"), odd_lines),
    Kind("alfred-gz", _make_alfred_gz, _published("alfred"), damaged),
    Kind("eb-navigation", _make_eb, _published("eb-navigation")),
    Kind("embodied-reasoner", _make_reasoner, _published("embodied-reasoner")),
    Kind("trajectory", _make_episode, _use_episode, odd_lines),
    Kind("results", _make_results, _use_results),
    Kind("verdict", _of_results("verdict.json"), _use_verdict, least_refused=0),
    Kind("run", _of_results("run.json"), _use_run),
    Kind("ledger", _make_ledger, _use_ledger),
    *(
        Kind(name, _policy(name), _use_policy)
        for name in (
            "config.json",
            "model.safetensors.index.json",
            "policy.json",
            "reader.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "generation_config.json",
        )
    ),
    *(
        Kind(f"chat-{name}", _chat_model(name), _use_chat_model)
        for name in (
            "config.json",
            "generation_config.json",
            "processor_config.json",
            "tokenizer_config.json",
            "adapter_config.json",
        )
    ),
    Kind("chat-model.safetensors", _chat_model("model.safetensors"), _use_chat_model, damaged),
    Kind(
        "chat-adapter_model.safetensors",
        _chat_model("adapter_model.safetensors"),
        _use_chat_model,
        damaged,
    ),
    Kind("model.safetensors", _policy("model.safetensors"), _use_policy, damaged),
    Kind("reader.safetensors", _policy("reader.safetensors"), _use_policy, damaged),
)
