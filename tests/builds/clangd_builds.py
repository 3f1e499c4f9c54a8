"""clangd reads compile commands with clang's own parser, which does not know the flag: .clangd removes it."""
import json
import re

import project


def snippet():
    """The one that README.md tells users to write."""
    text = (project.ROOT / "tools/driver/README.md").read_text()
    return re.search(r"(?m)^    (CompileFlags:\n(?:     .*\n)+)", text)[1].replace("\n    ", "\n")


def test_snippet(p):
    project.need("clangd-22")
    source = p.write("main.cpp", '#include "order.h"\nint value;\n'
                                 "int main() { InTurn([] { ++value; }, [] {}); }\n")
    for flag in (project.FLAG, "-fsanitize=undefined,concurrency"):
        p.write("compile_commands.json", json.dumps([
            {"directory": str(p.folder), "file": str(source),
             "arguments": [f"{p.build}/bin/csan-clang++", flag, "-fsanitize-concurrency=race",
                           "-std=c++20", project.ORDER, "-c", str(source)]}]))
        (p.folder / ".clangd").unlink(missing_ok=True)
        check = ("clangd-22", f"--check={source}", "--enable-config")
        without = p.run(*check, code=None)
        assert "unsupported argument 'concurrency'" in without.stderr, without.stderr[-3000:]
        p.write(".clangd", snippet())
        done = p.run(*check)
        assert "concurrency'" not in done.stderr, done.stderr
        assert "All checks completed, 0 errors" in done.stderr, done.stderr
