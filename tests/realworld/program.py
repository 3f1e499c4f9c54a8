"""The table of programs: one file a program in programs/, its suppressions and their explanations."""
import dataclasses
import pathlib
import re
import tomllib

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Program:
    """What programs/NAME.toml says. Commands are run by bash in a copy of the source tree."""
    name: str
    folder: pathlib.Path  # of the table
    package: str  # Debian's source package
    what: str  # what of it concerns us, for the table
    build: str  # with CC, CXX, CFLAGS, CXXFLAGS and JOBS in the environment
    binaries: list  # what must hold the runtime: patterns below the tree
    tests: dict  # name: command; DATA is a file of 200 MB, PORT a free one
    needs: list = dataclasses.field(default_factory=list)  # Debian packages
    beside: list = dataclasses.field(default_factory=list)  # further source packages, found in SOURCES
    flags: str = ""  # for the compilers, as the program's age demands
    ci: bool = False  # whether CI runs it
    build_limit: int = 1200  # seconds
    test_limit: int = 300  # seconds for each test
    memory: int = 6  # GiB

    @property
    def suppressions(self):
        path = self.folder / f"{self.name}.supp"
        return path if path.exists() else None


def programs(folder):
    return {path.stem: Program(name=path.stem, folder=folder, **tomllib.loads(path.read_text()))
            for path in sorted((folder / "programs").glob("*.toml"))}


def unexplained(folder):
    """Sentences about suppressions without an explanation, and explanations without a suppression."""
    problems, cited = [], set()
    sections = set(re.findall(r"(?m)^## (.+)$", (folder / "FINDINGS.md").read_text()))
    for path in sorted(folder.glob("*.supp")):
        reason = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.startswith("# FINDINGS.md: "):
                reason = line.removeprefix("# FINDINGS.md: ")
                cited.add(reason)
                if reason not in sections:
                    problems.append(f"{path.name}:{number}: FINDINGS.md has no section '{reason}'")
            elif line and not line.startswith("#"):
                if reason is None or not reason.startswith(f"{path.stem} "):
                    problems.append(f"{path.name}:{number}: no line '# FINDINGS.md: {path.stem} N…' above")
                reason = None
    problems += [f"FINDINGS.md: nothing suppresses '{section}'" for section in sorted(sections - cited)]
    return problems
