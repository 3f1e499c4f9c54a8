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


# Line and column, a model, and what the sentence must name.
MODELS = [
    (2, 14, "- function: f\n  operation: sned\n  object: 0\n", "unknown operation 'sned'; did you mean '"),
    (2, 14, "- function: f\n  operation: lokc\n  object: 0\n", "did you mean 'lock'?"),
    (2, 14, "- function: f\n  operation: frobnicate\n  object: 0\n",
     "unknown operation 'frobnicate'; known are "),
    (3, 3, "- function: f\n  operation: lock\n  objekt: 0\n", "unknown key 'objekt'; did you mean 'object'?"),
    (1, 3, "- operation: lock\n  object: 0\n", "'function'"),
    (1, 3, "- function: f\n  operation: lock\n", "lacks 'object'"),
    (3, 11, "- function: f\n  operation: lock\n  object: that\n", "'that' is no argument; write this"),
    (4, 9, "- function: f\n  operation: try-lock\n  object: 0\n  when: maybe\n", "'maybe' is no condition"),
    (1, 13, "- function: '[f'\n  operation: lock\n  object: 0\n", "is no pattern"),
    (2, 11, "- function: f\n operation: lock\n", ""),
    (4, 11, "- function: f\n  operation: lock\n  object: 0\n  inside: dunno\n", "neither 'checked' nor"),
    (4, 7, "- function: f\n  operation: acquire\n  object: 0\n  at: exit\n", "neither 'call' nor 'entry'"),
    (1, 3, "- function: f\n  operation: lock\n  object: 0\n  at: entry\n",
     "at a function's entry it can only"),
    (1, 3, "- function: f\n  operation: acquire\n  object: result\n  at: entry\n", "can only acquire"),
    (4, 11, "- function: f\n  operation: lock\n  object: 0\n  reads: [x]\n", ""),
    (4, 11, "- function: f\n  operation: lock\n  object: 0\n  holder: me\n", "neither 'thread' nor 'fiber'"),
    (1, 3, "- function: f\n  operation: notify\n  object: 0\n  holder: fiber\n",
     "only a lock has a 'holder'"),
    (1, 3, "- function: f\n  operation: spawn\n", "lacks 'object'"),
    (1, 3, "- function: f\n  operation: select\n  object: 0\n", "a select has 'objects', the arguments"),
    (1, 3, "- function: f\n  operation: select\n  objects: [0, 1]\n  number: 2\n", "or 'object', an array"),
    (1, 3, "- function: f\n  operation: send\n  object: 0\n  case: send\n", "only a select has 'objects'"),
    (4, 9, "- function: f\n  operation: select\n  objects: 0\n  case: take\n", "'take' is no case; write"),
    (1, 3, "- function: f\n  operation: select\n  objects: [0, 1, 2]\n  case: [send, receive]\n",
     "one 'case' for each"),
    (1, 3, "- function: f\n  operation: switch\n  at: entry\n", "lacks 'object'"),
    (2, 14, "- function: f\n  operation: swtich\n", "did you mean 'switch'?"),
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
        for line, column, mistake, text in MODELS:
            (work / "m.yaml").write_text(mistake)
            done = compile_with("-fsanitize-concurrency-model=m.yaml")
            assert done.returncode == 1 and not (work / "main").exists(), (mistake, done)
            assert done.stderr.startswith(f"csan-clang: error: m.yaml:{line}:{column}: "), (mistake, done)
            assert text in done.stderr and done.stderr.count("\n") == 1, (mistake, done)
            # Without the wrapper.
            done = compile_with("-Xclang", "-load", "-Xclang", f"{build}/lib/csan-pass.so", "-mllvm",
                                "-csan-model=m.yaml")
            assert done.returncode == 1 and not (work / "main").exists(), (mistake, done)
            assert f"error: m.yaml:{line}:{column}: " in done.stderr and text in done.stderr, (mistake, done)
        done = compile_with("-fsanitize-concurrency-model=none.yaml")
        assert done.returncode == 1 and "cannot read the model 'none.yaml'" in done.stderr, done
        # One whose functions nobody calls, and an empty one, are none.
        (work / "m.yaml").write_text("- {function: nobody*, operation: lock, object: 0}\n")
        (work / "empty.yaml").write_text("# nothing\n")
        done = compile_with("-fsanitize-concurrency-model=m.yaml", "-fsanitize-concurrency-model=empty.yaml")
        assert done.returncode == 0 and not done.stderr, done
        (work / "main").unlink()
        # Each was refused for what was added.
        done = compile_with()
        assert done.returncode == 0 and not done.stderr and (work / "main").exists(), done
    print(f"{len(REFUSED)} mistakes are named")


if __name__ == "__main__":
    main()
