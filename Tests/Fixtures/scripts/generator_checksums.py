#!/usr/bin/env python3
"""Writes `../generator-checksums.json`: SHA-256 of generated files, and the complaints about bad arguments.

    python3 generator_checksums.py [--check]

`generate.py` beside this file is the reference; `rationale generate` writes the same bytes.
"""
import argparse
import contextlib
import hashlib
import io
import json
import pathlib

import generate

TARGET = pathlib.Path(__file__).resolve().parent.parent / "generator-checksums.json"
RULES = {
    "sha256": "of standard output; UTF-8, line feeds",
    "format": "as in --format: rationale (default), drn, prism-explicit (its three files in one stream, each after "
              "a line `==> model.EXTENSION <==`)",
    "published": "true: the sum is also in the page that specifies the families",
    "errors": "arguments that the generator refuses, with its message (without the program's name)",
}
# The sums that the specification of the families states.
PUBLISHED = """
c21b525e8b9650b833fc5502ac31dbf4da35c00bc6a48fb082ac2572486303d2 garnet
0ea01594244b146be912f241d5f9288755335b32c1ac6fc02d27e6340a09f197 gridworld
a86eefa2dcc8a77e5d8f866169eb2f208893d162a729dbef4ecb2f17d78331a4 riverswim
b4471d152d4f8c358d4452999b07e96f58da85dbe0212a196d88bf20f989a74b chain
695532286a24618a7c9dffe3062be90e6967320a6760554ac23d9d2b5c8d64f8 haddad-monmege
1a5a1fd40a6b7c53c5085d5517a8f9250f1ce4ab0e1e6b91d7a5ceaac895aed0 multichain
1f4e6835cf8b253517fc38846c47394471719055c885de12d2f73860c6e464d8 ssp
b88ac7aca6501f98fde327f24a8dcd5f7399a975ca0c5116ac7fc5e5c5c8444e near-tie
487bbab6087b0439de470ea3a4f1c2a1b6fbb1910918c7df416c1c37bc7b1fe1 garnet --states 50 --seed 42 --rewards 3
4a53ebb859a19b5ebab0b6f6f53b6f7d20e46d10f06bf8ddc1809671715f4374 garnet --states 3 --seed 5
eaa9cfb536087e4788d934dd88700d5f8d4658793e152ae331faf590a426f696 gridworld --width 7 --height 4 --slip 0 --step-cost 0
2ad62c81fb65d4afd39445147b053b2735da33da2b9efbabcdf0ff99d9fc5740 gridworld --width 9 --height 6 --holes 8 --seed 2
430da1fb6fd5ce106752dc69edd33db6b355d21c0fbf3c5250b074b541fc64af ssp --states 60 --seed 3 --zero-cycles
f8a3e8767160b771a3f351cdcf3768b5f8f90a43dcde2c5ef6d813ebd02b4a15 multichain --states 61 --classes 7 --seed 9 --discount none
b274813e42717bee474b9cbe03870d1ade75145d6257b8990cc2830623598248 near-tie --states 100 --seed 1
"""
MORE = """
garnet --states 1
garnet --states 5 --actions 1 --branching 9 --seed 18446744073709551615
garnet --states 40 --actions 2 --branching 1 --seed 1
garnet --states 64 --branching 6 --denominator 6 --seed 2
garnet --states 30 --denominator 1000003 --discount 0.999 --seed 3
garnet --states 20 --rewards 2 --discount none --seed 4
garnet --states 7 --rewards 2 --seed 7 --format drn
garnet --states 12 --seed 7 --format drn
garnet --states 12 --seed 7 --format prism-explicit
garnet --states 12 --seed 7 --discount none --format drn
garnet --states 1000 --seed 1
gridworld --states 30
gridworld --width 2 --height 1
gridworld --width 1 --height 3 --slip 1
gridworld --width 6 --slip 0.3 --step-cost 0.05 --goal-reward 2.5 --discount 19/20
gridworld --width 5 --goal-reward 0
gridworld --width 5 --step-cost=-1/3 --goal-reward=-7/9
gridworld --width 8 --height 5 --holes 38 --seed 9
gridworld --width 4 --holes 2 --seed 5 --format drn
gridworld --width 4 --height 3 --format prism-explicit
gridworld --width 3 --step-cost 0 --goal-reward 4/8 --discount none --format drn
riverswim --states 2
riverswim --states 20 --discount 0
riverswim --format drn
riverswim --format prism-explicit
riverswim --states 3 --discount none
chain --states 2 --discount 1/3
chain --states 200 --discount none
chain --states 9 --format drn
chain --states 9 --format prism-explicit
haddad-monmege --states 1 --bias 0
haddad-monmege --states 2 --bias 1
haddad-monmege --states 7 --bias 0.5
haddad-monmege --states 3 --format drn
haddad-monmege --states 3 --format prism-explicit
multichain --states 1 --classes 1
multichain --states 9 --classes 7 --seed 3
multichain --states 50 --classes 2 --seed 11 --discount 99/100
multichain --states 14 --seed 4 --format drn
multichain --states 14 --seed 4 --format prism-explicit
ssp --states 6
ssp --states 45 --zero-cycles --seed 8
ssp --states 200 --seed 12345678901234567890 --discount none
ssp --states 15 --zero-cycles --seed 2 --format drn
ssp --states 15 --seed 2 --format prism-explicit
near-tie --states 9
near-tie --states 11 --gap-exponent 0 --seed 6
near-tie --states 50 --gap-exponent 60 --seed 7 --discount 1/7
near-tie --states 12 --seed 1 --format drn
near-tie --states 12 --seed 1 --format prism-explicit
"""
REFUSED = """
garnet --states 0
garnet --states=-3
garnet --actions 0
garnet --branching 0
garnet --branching 61
garnet --states 4 --branching 4 --denominator 3
garnet --rewards 0
garnet --rewards 2 --format prism-explicit
garnet --discount 1
garnet --discount=-1/2
garnet --discount 3/2
gridworld --width 1
gridworld --width 0
gridworld --width=-2
gridworld --slip 2
gridworld --slip=-0.1
gridworld --width 3 --holes 8
gridworld --holes=-1
riverswim --states 1
chain --states 1
haddad-monmege --bias 3/2
haddad-monmege --bias=-1/10
multichain --states 4 --classes 5
multichain --classes 0
ssp --states 5
near-tie --states 8
"""


def output(command):
    """Standard output of the generator, or a `SystemExit` with its complaint."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        generate.main(command.split())
    return out.getvalue()


def split_format(command):
    family, *arguments = command.split()
    style = "rationale"
    if "--format" in arguments:
        at = arguments.index("--format")
        style = arguments[at + 1]
        del arguments[at:at + 2]
    return {"family": family, "arguments": arguments, "format": style}


def entry(command, published=None):
    data = output(command).encode()
    digest = hashlib.sha256(data).hexdigest()
    assert published in (None, digest), f"{command}: {digest} is not the published sum"
    return {**split_format(command), "bytes": len(data), "sha256": digest, "published": published is not None}


def complaint(command):
    try:
        output(command)
    except SystemExit as e:
        assert isinstance(e.code, str), command
        return {**split_format(command), "message": e.code.removeprefix("generate.py: ")}
    raise AssertionError(f"{command}: not refused")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the stored file instead of writing it")
    options = parser.parse_args()
    sums = [entry(c, digest) for digest, c in (x.split(" ", 1) for x in PUBLISHED.strip().splitlines())]
    sums += [entry(c) for c in MORE.strip().splitlines()]
    refused = [complaint(c) for c in REFUSED.strip().splitlines()]
    rows = lambda entries: "[\n" + ",\n".join(json.dumps(x) for x in entries) + "\n]"
    data = '{"format": "generator-checksums", "version": 1,\n "rules": ' + json.dumps(RULES, indent=1) + \
        f',\n "files": {rows(sums)},\n "errors": {rows(refused)}}}\n'
    if options.check:
        raise SystemExit(0 if TARGET.read_text() == data else f"{TARGET.name} differs")
    TARGET.write_text(data)
    print(len(sums), "files,", len(refused), "refusals")


if __name__ == "__main__":
    main()
