#!/usr/bin/env python3
"""A command that cannot be is refused in one sentence, with exit code 1, before anything is compiled.

usage: mistakes.py --build DIR
"""
import argparse
import pathlib
import subprocess
import tempfile

# What is on the command line, and what the sentence must name.
REFUSED = [
    (["-fsanitize=address"], "'-fsanitize=concurrency' not allowed with '-fsanitize=address'"),
    (["-fsanitize=undefined,memory"], "not allowed with '-fsanitize=memory'"),
    (["-fsanitize=thread"], "not allowed with '-fsanitize=thread'"),
    *((["-fsanitize=" + rival], f"not allowed with '-fsanitize={rival}'") for rival in (
        "leak", "hwaddress", "kernel-address", "kernel-hwaddress", "kernel-memory", "scudo", "safe-stack",
        "realtime", "type", "dataflow", "numerical")),
    (["-fno-sanitize=address", "-fsanitize=address"], "not allowed with '-fsanitize=address'"),
    (["-static-pie"], "'-static' not allowed with '-fsanitize=concurrency'"),
    (["-static"], "'-static' not allowed with '-fsanitize=concurrency'"),
    (["-m32"], "for target 'i386-pc-linux-gnu'"),
    (["--target=aarch64-linux-gnu"], "for target 'aarch64-unknown-linux-gnu'"),
    (["-fsanitize-concurrency=race,rase"], "unsupported argument 'rase'"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = parser.parse_args().build
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "main.c").write_text("int main(void) { return 0; }\n")

        def compile_with(*flags):
            return subprocess.run([f"{build}/bin/csan-clang", "-fsanitize=concurrency", *flags, "main.c",
                                   "-o", "main"], cwd=work, capture_output=True, text=True)

        for flags, text in REFUSED:
            done = compile_with(*flags)
            assert done.returncode == 1, (flags, done)
            # As clang does.
            assert done.stderr.startswith("csan-clang: error: ") and text in done.stderr, (flags, done)
            assert done.stderr.count("\n") == 1 and not done.stdout, (flags, done)
            assert not (work / "main").exists(), flags
        # Each was refused for what was added.
        done = compile_with()
        assert done.returncode == 0 and not done.stderr and (work / "main").exists(), done
    print(f"{len(REFUSED)} mistakes are named")


if __name__ == "__main__":
    main()
