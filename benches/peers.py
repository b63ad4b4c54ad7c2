#!/usr/bin/env python3
"""Times descrape beside other programs on one folder, in turn, and prints ratios.

    cargo build --release
    pip install autocorrect-py ftfy            # those that are missing are left out
    python3 benches/peers.py                   # some minutes; --rounds 5 for steadier figures
    python3 benches/peers.py --write           # writes docs/benchmarks.md and docs/benchmarks.svg as well

The folder is made of the lines of fixtures/: 2,000 files of 24 kB of dirty Chinese text, the same each time. Every
program reads all files and writes all results into a fresh folder; slow ones get a part of the files, and their speed
is what counts. Each round runs all of them, so that what else the machine does hits all alike; the median is shown.
"""

import argparse
import importlib.util
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DESCRAPE = ROOT / "target/release/descrape"

# What a Python script of today does to such a folder: a few substitutions for each line.
PERL = r"""
use utf8; use open qw(:std :utf8);
my ($from, $to) = @ARGV;
for my $path (glob "$from/*") {
    open my $in, "<", $path; local $/; my $text = <$in>;
    $text =~ s/^\s*第\s*\d+\s*页.*\n//mg; $text =~ s/共\d+页，当前第\d+页\d*//g;
    $text =~ s/(?<=\p{Han}),(?=\p{Han})/，/g; $text =~ s/(?<=\p{Han});(?=\p{Han})/；/g;
    $text =~ tr/Ａ-Ｚａ-ｚ０-９/A-Za-z0-9/; $text =~ s/[ \t]+$//mg; $text =~ s/\n{3,}/\n\n/g;
    my ($name) = $path =~ m{([^/]+)$}; open my $out, ">", "$to/$name"; print $out $text;
}
"""

# A loop over files round a function of one text.
PYTHON = """
import pathlib, sys
{prepare}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    text = path.read_text(encoding="utf-8")
    (pathlib.Path(sys.argv[2]) / path.name).write_text({call}, encoding="utf-8")
"""

DATA_JUICER = """
from data_juicer.ops.mapper import FixUnicodeMapper, PunctuationNormalizationMapper, WhitespaceNormalizationMapper
mappers = [FixUnicodeMapper(), PunctuationNormalizationMapper(), WhitespaceNormalizationMapper()]
def clean(text):
    for mapper in mappers:
        text = mapper.process_batched({"text": [text]})["text"][0]
    return text
"""


def python(prepare, call, program=sys.executable):
    return lambda source, out: [program, "-c", PYTHON.format(prepare=prepare, call=call), source, out]


def programs(data_juicer):
    """Name, share of the files it gets, whether the folder for its results is made first, and its command."""
    here = lambda module: importlib.util.find_spec(module) is not None
    descrape = lambda jobs: lambda source, out: [DESCRAPE, "clean", "-q", "-j", jobs, source, "-o", out]
    yield "cp -r", 1.0, False, lambda source, out: ["cp", "-r", source, out]
    yield "descrape, 2 threads", 1.0, False, descrape("2")
    yield "descrape, 1 thread", 1.0, False, descrape("1")
    if shutil.which("perl"):
        yield "perl, 7 substitutions", 0.25, True, lambda source, out: ["perl", "-e", PERL, source, out]
    if here("autocorrect_py"):
        yield "autocorrect", 0.1, True, python("import autocorrect_py", "autocorrect_py.format(text)")
    if here("ftfy"):
        yield "ftfy", 0.02, True, python("import ftfy", "ftfy.fix_text(text)")
    if data_juicer:
        yield "data-juicer, 3 mappers", 0.02, True, python(DATA_JUICER, "clean(text)", data_juicer)


def make(folder, files, size):
    """The folder: lines of the fixtures in random order, a head and a tail of a page round some of them."""
    lines = []
    for path in sorted(ROOT.glob("fixtures/*/in.txt")):
        try:
            lines += path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
    chance = random.Random(1)
    for number in range(files):
        text, length = [], 0
        while length < size:
            at = chance.randrange(len(lines))
            piece = lines[at : at + chance.randrange(3, 12)]
            text += piece
            length += sum(len(line.encode()) + 1 for line in piece)
        (folder / f"{number:05}.txt").write_text("\n".join(text) + "\n", encoding="utf-8")


def run(command, folder, made):
    """Seconds of wall time of one command into a fresh folder."""
    out = folder / "out"
    if made:
        out.mkdir()
    began = time.perf_counter()
    subprocess.run([str(part) for part in command(folder / "in", out)], check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    shutil.rmtree(out)
    return took


def measure(arguments):
    """For each program the median speed in MB a second."""
    speeds = {}
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        whole = place / "whole/in"
        whole.mkdir(parents=True)
        make(whole, arguments.files, 24_000)
        todo = []
        for name, share, made, command in programs(arguments.data_juicer):
            folder = place / f"{share}"
            if not folder.exists():
                (folder / "in").mkdir(parents=True)
                for path in sorted(whole.iterdir())[: max(10, int(arguments.files * share))]:
                    shutil.copy(path, folder / "in")
            size = sum(path.stat().st_size for path in (folder / "in").iterdir()) / 1e6
            todo.append((name, size, folder, made, command))
        for number in range(arguments.rounds + 1):
            for name, size, folder, made, command in todo:
                took = run(command, folder, made)
                # The first round warms the caches.
                if number:
                    speeds.setdefault(name, []).append(size / took)
    return {name: statistics.median(all) for name, all in speeds.items()}


def table(speeds):
    ours = speeds["descrape, 2 threads"]
    rows = ["| program | MB/s | descrape with 2 threads is |", "| --- | ---: | ---: |"]
    for name, speed in speeds.items():
        ratio = "" if name == "descrape, 2 threads" else f"{ours / speed:.2f} times as fast"
        rows.append(f"| {name} | {speed:.1f} | {ratio} |")
    return "\n".join(rows)


def plot(speeds):
    """Bars on a logarithmic scale from 0.1 MB/s on."""
    import math

    width, left, step = 640, 190, 30
    most = max(speeds.values())
    scale = (width - left - 80) / math.log10(most / 0.1)
    rows = []
    for row, (name, speed) in enumerate(speeds.items()):
        y, long = 12 + row * step, max(2, math.log10(speed / 0.1) * scale)
        colour = "#2b6cb0" if name.startswith("descrape") else "#a0aec0"
        rows.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{name}</text>')
        rows.append(f'<rect x="{left}" y="{y}" width="{long:.0f}" height="20" fill="{colour}"/>')
        rows.append(f'<text x="{left + long + 6:.0f}" y="{y + 14}">{speed:.1f} MB/s</text>')
    height = 24 + len(speeds) * step
    style = "<style>text{font:13px sans-serif;fill:#4a5568}</style>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{style}\n' + "\n".join(rows) + "\n</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data-juicer", metavar="PYTHON", help="a Python interpreter that has data-juicer")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and docs/benchmarks.svg")
    arguments = parser.parse_args()
    if not DESCRAPE.exists():
        sys.exit(f"{DESCRAPE}: is not there; help: cargo build --release")
    speeds = measure(arguments)
    print(table(speeds))
    if arguments.write:
        about = f"{arguments.files} files of 24 kB of dirty Chinese text (UTF-8), {os.cpu_count()} cores, warm cache, median of {arguments.rounds} rounds."
        page = f"# Speed beside other programs\n\n{about}\nThe change log of descrape is on; `python3 benches/peers.py --write` makes this page anew.\n\n![](benchmarks.svg)\n\n{table(speeds)}\n"
        (ROOT / "docs/benchmarks.md").write_text(page, encoding="utf-8")
        (ROOT / "docs/benchmarks.svg").write_text(plot(speeds), encoding="utf-8")


if __name__ == "__main__":
    main()
