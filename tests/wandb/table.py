"""Makes docs/wandb-compatibility.md of the records that run.py left.

    table.py RECORDS           compares, and fails when the page in the repository is another one
    table.py RECORDS --write   writes the page
"""
import json
import sys
from pathlib import Path

import environments

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs/wandb-compatibility.md"
SIGNS = {"works": "works", "differs": "differs", "not there": "not there", "fails": "fails"}


def read(folder, generations):
    """{section: {call: {generation: record}}}, sections and calls by name."""
    rows = {}
    for generation in generations:
        found = sorted(Path(folder).glob(f"{generation}-*.json"))
        if not found:
            sys.exit(f"table: {folder} has no record of {generation}: run tests/wandb/run.py {generation} first")
        for path in found:
            for record in json.loads(path.read_text()):
                rows.setdefault(record["section"], {}).setdefault(record["call"], {})[generation] = record
    return rows


def page(rows, generations):
    text = (HERE / "page.md").read_text().rstrip() + "\n"
    for section, calls in sorted(rows.items()):
        text += f"\n## {section}\n\n| | {' | '.join(generations)} |\n|---{'|---' * len(generations)}|\n"
        notes = []
        for call, records in sorted(calls.items()):
            cells = []
            for generation in generations:
                record = records.get(generation)
                cell = SIGNS[record["outcome"]] if record else ""
                for note in record["notes"] if record else []:
                    if note not in notes:
                        notes.append(note)
                    cell += f" ({notes.index(note) + 1})"
                cells.append(cell)
            text += f"| {call} | {' | '.join(cells)} |\n"
        if notes:
            text += "\n" + "".join(f"{number}. {note}\n" for number, note in enumerate(notes, 1))
    return text


def main():
    generations = environments.generations()
    wanted = page(read(sys.argv[1], generations), generations)
    if "--write" in sys.argv[2:]:
        PAGE.write_text(wanted)
    elif not PAGE.exists() or PAGE.read_text() != wanted:
        sys.exit(f"table: {PAGE.name} is not what the tests found. Write it anew: python3 tests/wandb/table.py {sys.argv[1]} --write")
    print("1 passed, 0 failed")


main()
