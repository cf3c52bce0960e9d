"""Builds the compact asset list from the ``procthor`` package (0.0.1.dev2, Apache-2.0).

Example:
    python -m envs.simulator.tools.build_assets --procthor procthor.whl
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

from envs.simulator.houses.assets import DATA_FILE, MEMBER, SECONDARY
from envs.simulator.system.command_line import Parser, command
from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import whole_file
from envs.simulator.tools.build_rooms import Source, installed

_ASSETS = "procthor/databases/asset-database.json"
_MATERIALS = "procthor/databases/material-database.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack_asset(asset: dict) -> list:
    """The compact row of one asset."""
    box = asset["boundingBox"]
    owned = asset.get("secondaryProperties") or ()
    return [
        asset["objectType"],
        *(round(float(box[k]), 4) for k in "xyz"),
        asset.get("primaryProperty") or "Static",
        sum(1 << bit for bit, name in enumerate(SECONDARY) if name in owned),
        asset["split"],
    ]


def build(procthor: Path, out: Path) -> int:
    """Writes the asset file atomically and returns the number of assets."""
    source = Source(procthor, "procthor")
    listed = json.loads(source.read(_ASSETS))
    rows = {a["assetId"]: pack_asset(a) for group in listed.values() for a in group}
    content = {
        "assets": dict(sorted(rows.items())),
        "materials": json.loads(source.read(_MATERIALS)),
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    with (
        whole_file(out) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
    ):
        archive.writestr(zipfile.ZipInfo(MEMBER, _EPOCH), text, zipfile.ZIP_DEFLATED, 9)
    return len(rows)


@command("envs.simulator.tools.build_assets")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = Parser(
        prog="python -m envs.simulator.tools.build_assets",
        description="Build the compact asset list from the procthor package.",
        epilog="example: python -m envs.simulator.tools.build_assets --procthor procthor.whl",
    )
    parser.add_argument(
        "--procthor",
        type=Path,
        metavar="PATH",
        help="wheel or folder of the procthor package (default: the installed one)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DATA_FILE,
        metavar="FILE",
        help="file to write (default: the simulator's own)",
    )
    options = parser.parse_args(argv)
    try:
        check_file(options.out)
        count = build(options.procthor or installed("procthor"), options.out)
    except (ValueError, KeyError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{count} assets, {options.out.stat().st_size / 1e3:.0f} kB: {options.out}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
