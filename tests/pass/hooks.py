#!/usr/bin/env python3
"""The runtime exports the hooks that llvm-pass/abi/abi.def names, and no others but those that libraries
call (runtime/frontend/goroutine/interface.def).

usage: hooks.py --build DIR
"""
import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/tidy"))
import interceptors  # noqa: E402

NOT_OF_THE_PASS = {"__csan_race_count", *interceptors.annotations(ROOT)}  # the first is for tests


def named():
    text = """
#define CSAN_HOOK(result, name, ...) hook name;
#define CSAN_COLD_HOOK(name, ...) hook name;
#include "abi/abi.def"
"""
    done = subprocess.run(["clang++-22", "-E", "-P", "-std=c++20", "-x", "c++", f"-I{ROOT}/llvm-pass", "-"],
                          input=text, capture_output=True, text=True, check=True)
    return set(re.findall(r"hook (\w+);", done.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    exported = set(re.findall(r"^(__csan_\w+);$",
                              (parser.parse_args().build / "share/csan/dynamic.list").read_text(), re.M))
    hooks = named()
    assert len(hooks) > 50, hooks
    assert not hooks - exported, f"not defined: {sorted(hooks - exported)}"
    assert not exported - hooks - NOT_OF_THE_PASS, f"not in abi.def: {sorted(exported - hooks)}"
    print(f"{len(hooks)} hooks")


if __name__ == "__main__":
    main()
