"""Debian source packages: a list made from the machine's own apt sources, the download, the tree."""
import os
import pathlib
import re
import shutil
import subprocess

APT_LIMIT = 300  # seconds for one command of apt


class Unavailable(Exception):
    """A package cannot be had from the machine's archives."""


def _codename():
    return re.search(r"(?m)^VERSION_CODENAME=(\w+)", pathlib.Path("/etc/os-release").read_text())[1]


def _write_list(folder, suite):
    """Writes a list of source packages made from the machine's list of binary ones; of `suite` if given."""
    lines, stanzas = [], []
    etc = pathlib.Path("/etc/apt")
    for path in [etc / "sources.list", *(etc / "sources.list.d").glob("*")]:
        if path.suffix == ".list" and path.is_file():
            lines += [re.sub(r"^deb\s", "deb-src ", line) for line in path.read_text().splitlines()
                      if line.startswith("deb ")]
        elif path.suffix == ".sources":
            stanzas += [re.sub(r"(?m)^Types:.*$", "Types: deb-src", stanza)
                        for stanza in re.split(r"\n\s*\n", path.read_text()) if "Types:" in stanza]
    if suite:
        name = _codename()
        main = re.compile(r"(?m)^(?:Suites:.*|deb-src .*\S://\S+\s+\S*)\b" + name + r"(?=\s|$)")
        lines = [re.sub(name, suite, line) for line in lines if main.search(line)]
        stanzas = [re.sub(r"(?m)^Suites:.*$", f"Suites: {suite}", stanza) for stanza in stanzas
                   if main.search(stanza)]
    shutil.rmtree(folder / "lists", ignore_errors=True)
    for sub in ("lists/partial", "list.d"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    (folder / "list").write_text("\n".join(lines) + "\n")
    (folder / "list.d" / "all.sources").write_text("\n\n".join(stanzas) + "\n")


def _download(package, folder):
    apt = ["timeout", str(APT_LIMIT), "apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={folder}/list",
           "-o", f"Dir::Etc::sourceparts={folder}/list.d", "-o", f"Dir::State::lists={folder}/lists"]
    listed = (folder / "lists").exists()
    # Archives drop sources that a later release has replaced: the next one's is as good.
    for suite in (None, "stable", "testing"):
        if suite or not listed:
            _write_list(folder, suite)
            if subprocess.run([*apt, "update"]).returncode != 0:
                continue
        if subprocess.run([*apt, "source", "--download-only", package], cwd=folder).returncode == 0:
            if suite:  # The next package is looked for in the machine's own release again.
                shutil.rmtree(folder / "lists")
            return
        for part in folder.glob(f"{package}_*"):
            part.unlink()
    raise Unavailable(f"{package}: apt-get could not fetch the source package; its own words are above.")


def fetch(package, folder):
    """The unpacked source of Debian's `package`; downloaded at the first call."""
    found = [p for p in folder.glob(f"{package}-*") if p.is_dir()]
    if found:
        return found[0]
    install(["dpkg-dev"])
    if not list(folder.glob(f"{package}_*.dsc")):
        _download(package, folder)
    dsc = next(folder.glob(f"{package}_*.dsc"))
    # Under another name until it is whole. The signature's key need not be on this machine.
    partial = folder / f"partial.{package}"
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(["dpkg-source", "--no-check", "-x", dsc.name, partial], check=True, cwd=folder,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    version = re.search(r"(?m)^Version: (?:\d+:)?(.*?)(?:-[^-]*)?$", dsc.read_text())[1]
    return partial.rename(folder / f"{package}-{version}")


def install(packages):
    """Installs the Debian packages among `packages` that the machine lacks."""
    missing = [p for p in packages
               if subprocess.run(["dpkg", "-s", p], capture_output=True).returncode != 0]
    if not missing:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        done = subprocess.run([*as_root, "timeout", str(APT_LIMIT), "env", "DEBIAN_FRONTEND=noninteractive",
                               "apt-get", "-qq", *command], stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            raise Unavailable(f"apt-get could not install {' '.join(missing)}; its own words are above.")
