"""How Sphinx makes the documentation site: ``make docs``.

Sphinx with furo, because MkDocs has had no release since 2024; and because furo loads nothing from
elsewhere, so that the site can be read without a network. Pages are Markdown (MyST); the pages
under ``api`` are written from the docstrings at every build.
"""

from __future__ import annotations

import configparser
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

_config = configparser.ConfigParser()
_config.read(ROOT / "setup.cfg", encoding="utf-8")

project = _config["metadata"]["name"]
author = _config["metadata"]["author"]
release = version = _config["metadata"]["version"]
copyright = f"{author}. Apache License 2.0"  # noqa: A001  Sphinx's name

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build", "api/*/modules.rst"]

# Markdown: headings can be linked to, as in tasks.md#faults.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist", "substitution"]

# Two modules may well have a name in common; an annotation then links to neither.
suppress_warnings = ["ref.python"]

# Docstrings.
_OPTIONS = {"members", "show-inheritance"}
apidoc_modules = [
    {
        "path": f"../{package}",
        "destination": f"api/{package}",
        "exclude_patterns": [f"../{place}" for place in left_out],
        "separate_modules": False,  # a page a package
        "module_first": True,
        "max_depth": 1,
        "automodule_options": _OPTIONS,
    }
    for package, left_out in {
        "agent": (),
        # The simulator's face is public; what is behind it is for those who read the source.
        "envs": ("envs/simulator/*/*", "envs/doctor/*"),
        "policies": (),
        "training": (),
    }.items()
]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autoclass_content = "class"
default_role = "code"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes of dataclasses are not described a second time
napoleon_use_rtype = False

highlight_language = "text"  # of blocks that name no language

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
pygments_style = "friendly"
pygments_dark_style = "monokai"


# Files beside this folder that have a page here; links to them lead to the page.
_PAGES = {
    "../policies/checkpoints/default/README.md": "default-policy.md",
    "../CONTRIBUTING.md": "contributing.md",
    "../CHANGELOG.md": "changelog.md",
}


def _link_to_pages(app: Any, page: str, text: list[str]) -> None:
    """Leads links to included files to the pages that include them."""
    for file, name in _PAGES.items():
        text[0] = text[0].replace(f"]({file}", f"]({name}")


def _show_examples_as_code(
    app: Any, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Makes literal blocks of the indented examples and the drawings of our docstrings.

    These are the sections ``Example:`` that are no doctests, and in modules whatever is indented or
    framed below a paragraph. Without that they would be shown as running text.
    """
    shown: list[str] = []
    header = re.compile(r"^( *)(Examples?):$")
    drawing = False
    for k, line in enumerate(lines):
        following = lines[k + 1] if k + 1 < len(lines) else ""
        found = header.match(line)
        if found and not following.strip().startswith(">>>"):
            shown += [f"{found[1]}{found[2]}::", ""]
            continue
        if what == "module" and k > 1 and not lines[k - 1].strip():
            before = next((one for one in reversed(shown) if one.strip()), "")
            is_open = bool(before) and not before.startswith(" ") and not before.endswith("::")
            drawing = line.startswith("+--")
            example = line.startswith("    ") and not line.strip().startswith(">>>")
            if is_open and (drawing or example):
                shown += ["::", ""]
        drawing = drawing and bool(line.strip())
        shown.append(f"    {line}" if drawing else line)
    lines[:] = shown


def setup(app: Any) -> None:
    """Called by Sphinx; the priority puts it before napoleon."""
    app.connect("source-read", _link_to_pages)
    app.connect("autodoc-process-docstring", _show_examples_as_code, priority=100)
