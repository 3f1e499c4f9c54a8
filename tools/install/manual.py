#!/usr/bin/env python3
"""Manual pages and bash completions, made from what the programs say of themselves (`--help`, and
csan-clang.txt for csan-clang, whose --help is clang's) and from the tables of options and findings.

usage: manual.py --root ROOT --bin DIR --out DIR --version VERSION
"""
import argparse
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"^ {1,6}(-\S+(?:, -\S+)*(?: <[^>]+>)?) +(?:- +)?(\S.*)$|^ {1,6}(-\S+)$")
OTHERS = (("csan", 1), ("csan-clang", 1), ("csan-audit", 1), ("csan-options", 7), ("csan-findings", 7))
ABOUT = {"csan": "tool for what is around a run of tests", "csan-audit": "concurrency mistakes in sources",
         "csan-clang": "clang 22 with the concurrency sanitizer"}


def help_of(program, *command):
    done = subprocess.run([program, *command, "--help"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"manual.py: {program} {' '.join(command)} --help: {done.stderr}")
    return done.stdout


def escape(text):
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return "\n".join(r"\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def options_of(text):
    """Pairs of an option, with its value, and what it does."""
    found = []
    for line in text.splitlines():
        match = OPTION.match(line)
        if match:
            found.append([match[1] or match[3], match[2] or ""])
        elif found and re.match(r"^ {8,}\S", line):
            found[-1][1] = (found[-1][1] + " " + line.strip().removeprefix("- ")).strip()
        elif line.strip():
            found.append(None)
    return [pair for pair in found if pair]


def body_of(text):
    """A program's help as sections of a page: prose as it is, options as a list."""
    out, section = [], None
    for line in text.splitlines():
        heading = re.match(r"^([A-Za-z][A-Za-z ]+):(.*)$", line)
        if heading and (not heading[2] or heading[1].lower() in ("usage", "overview")):
            section = heading[1].upper()
            section = {"USAGE": "SYNOPSIS", "OVERVIEW": "DESCRIPTION"}.get(section, section)
            if out and out[-1].startswith(".SH") and "\n" not in out[-1]:
                out.pop()  # a heading of nothing
            rest = escape(heading[2].strip())
            out.append(f".SH {section}" + ("\n" + rest if rest else ""))
            continue
        option = OPTION.match(line) or re.match(r"^ {2,6}([A-Za-z_][\w=]*) {2,}(\S.*)$", line)
        if option:
            term, what = option[1] or option[3], option[2] or ""
            out.append(f".TP\n\\fB{escape(term)}\\fR\n{escape(what.removeprefix('- '))}")
        elif line.startswith(" ") and line.strip():
            out.append(escape(line.strip().removeprefix("- ")))
        elif line.strip():
            if section == "SYNOPSIS":
                section = "DESCRIPTION"
                out.append(".SH DESCRIPTION")
            out.append(escape(line.strip()))
        elif out and "\n" not in out[-1] and not out[-1].startswith("."):
            out.append(".PP")
    return "\n".join(out)


def page(name, section, about, body, version):
    others = ",\n".join(f".BR {escape(other)} ({number})" for other, number in OTHERS)
    return (f'.TH {name.upper()} {section} "" "CSan {version}"\n.SH NAME\n'
            f"{escape(name)} \\- {escape(about)}\n{body}\n.SH SEE ALSO\n{others}\n")


def tables(root):
    sys.path.insert(0, str(root / "tests/tidy"))
    import options  # the one reader of these tables
    flags = options.FLAG.findall((root / "runtime/config/flags.inc").read_text())
    findings = options.FINDING.findall((root / "runtime/report/findings.def").read_text())
    checks = options.CHECK.findall((root / "tools/audit/checks.def").read_text())
    return flags, findings, checks


def table_pages(root):
    flags, findings, checks = tables(root)
    item = ".TP\n\\fB{}\\fR\n{}".format
    body = [".SH DESCRIPTION\nCSAN_OPTIONS=key=value:key=value, in the environment of a program.",
            ".SH OPTIONS"]
    for _, name, default, what in flags:
        body.append(item(escape(name + "=" + default.strip('"')), escape(what)))
    yield "csan-options", "options of programs compiled with CSan", "\n".join(body)
    body = [".SH WHEN A PROGRAM RUNS"]
    body += [item(escape(row[1]), escape(row[2])) for row in findings]
    body += [".SH IN SOURCES (csan\\-audit)"]
    body += [item(escape(name), escape(f"{what}: {fix}.")) for _, name, _, what, fix in checks]
    yield "csan-findings", "kinds of findings of CSan", "\n".join(body)


def completion(name, words, commands):
    """Options of a program, or of the command that its first word is; else files."""
    function = "_" + name.replace("-", "_").replace("+", "p")
    chosen = f"  local words={' '.join([*sorted(commands), *words])!r}\n"
    if commands:
        cases = "".join(f"      {command}) words={' '.join(of)!r} ;;\n"
                        for command, of in sorted(commands.items()))
        chosen += "  if ((COMP_CWORD > 1)); then\n    case ${COMP_WORDS[1]} in\n" + cases + "    esac\n  fi\n"
    return (f"{function}() {{\n{chosen}"
            '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")\n}\n'
            f"complete -o default -F {function} {name}\n")


def spelt(text):
    """The options of a help text as words to complete: without values."""
    return sorted({re.split(r"[ <,]", term)[0] for term, _ in options_of(text)})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("root", "bin", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--version", required=True)
    args = parser.parse_args()
    man, completions = args.out / "man", args.out / "bash-completion/completions"
    for folder in (man / "man1", man / "man7", completions):
        folder.mkdir(parents=True, exist_ok=True)
    texts = {"csan-clang": (pathlib.Path(__file__).parent / "csan-clang.txt").read_text(),
             "csan-audit": help_of(args.bin / "csan-audit")}
    texts["csan"] = help_of(args.bin / "csan")
    commands = {command: help_of(args.bin / "csan", command)
                for command in re.findall(r"^  (\w[\w-]*) {2,}", texts["csan"], re.M)}
    for name, text in texts.items():
        body = body_of(text)
        if name == "csan":
            body += "".join(f"\n.SH csan {command}\n{body_of(of).replace('.SH', '.SS')}"
                            for command, of in commands.items())
        (man / f"man1/{name}.1").write_text(page(name, 1, ABOUT[name], body, args.version))
        of = {command: spelt(each) for command, each in commands.items()} if name == "csan" else {}
        (completions / name).write_text(completion(name, spelt(text), of))
    (man / "man1/csan-clang++.1").write_text(".so man1/csan-clang.1\n")
    (completions / "csan-clang++").write_text(
        completion("csan-clang++", spelt(texts["csan-clang"]), {}))
    for name, about, body in table_pages(args.root):
        (man / f"man7/{name}.7").write_text(page(name, 7, about, body, args.version))


if __name__ == "__main__":
    main()
