#!/usr/bin/env python3
"""The page of csan report --html in a browser: it is read, searched and walked by keys, offline, and no
record gets to run anything. With --pictures DIR its screenshots stay, to be looked at.

usage: page.py --build DIR [--pictures DIR]
"""
import argparse
import copy
import pathlib
import sys
import tempfile

import browser
from tool import METER, STEP, Tool, evil

# A deadlock, and a kind that this csan does not know.
DEADLOCK = dict(METER[0], kind="deadlock", fingerprint="0xd", why="each waits for the other.", steps=[
    STEP, dict(STEP, actor=2, what="holds"), dict(STEP, actor=2, object="0x20", name="b"),
    dict(STEP, what="holds", object="0x20", name="b")])
LEAK = dict(METER[0], kind="goroutine-leak", fingerprint="0xe", why="nothing that can run reaches it.",
            actors=[dict(METER[0]["actors"][0], id=1, name="worker of the pool")],
            steps=[dict(STEP, what="and 1 more like it: blocked in a receive from the channel",
                        name="results_of_all_requests"), dict(STEP, actor=0, what="created each")])
SHOWN = "[...document.querySelectorAll('#list li:not([hidden]) a')].map(a => a.hash)"
CURRENT = "[...document.querySelectorAll('article.current')].map(a => a.id).join()"


def page(tool, name, records):
    log = tool.write(f"{name}.log", records)
    tool("report", "--format=none", "--prefix-map=/src=src", f"--html={name}.html", log, code=2)
    return f"file://{tool.work}/{name}.html"


def check_use(tab, url):
    tab.open(url)
    assert not tab.happened("Runtime.exceptionThrown") and not tab.happened("Log.entryAdded"), tab.log
    assert [one for one in tab.happened("Network.requestWillBeSent") if one["request"]["url"] != url] == []
    assert tab.run(SHOWN) == ["#f1", "#f2", "#f3", "#f4"] and tab.run(CURRENT) == "f1"
    assert tab.run("document.querySelectorAll('#f1 .event')[0].innerText").count("line 13;") == 1
    assert tab.run("document.querySelector('#f1 .marked').innerText").strip().startswith("13")
    # Side by side.
    tops = "[...document.querySelectorAll('#f1 > .events > .event')].map(e => e.getBoundingClientRect().top)"
    assert len(set(tab.run(tops))) == 1 and len(tab.run(tops)) == 2
    assert tab.run("document.querySelectorAll('#f1 .timeline circle').length") >= 4
    for key, want in [("j", "f2"), ("j", "f3"), ("j", "f4"), ("j", "f4"), ("k", "f3"), ("Escape", "")]:
        tab.key(key)
        assert tab.run(CURRENT) == want, (key, want)
    tab.key("/")
    for letter in "goroutine":
        tab.key(letter)
    assert len(tab.run(SHOWN)) == 1, tab.run(SHOWN)
    tab.key("Enter")
    assert tab.run("document.querySelector('article.current h2').innerText").startswith("goroutine that can")
    tab.run("document.getElementById('search').value = 'nothing like it'; "
            "document.getElementById('search').dispatchEvent(new Event('input'))")
    assert tab.run(SHOWN) == [] and tab.run("!document.getElementById('none').hidden")
    tab.open(url)
    tab.run("document.querySelector('.chip[data-kind]').click()")
    assert len(tab.run(SHOWN)) == 3
    tab.open(url + "#f2")
    assert tab.run(CURRENT) == "f2"
    graph = "document.querySelectorAll('article.current .graph .node').length"
    assert tab.run(graph) == 4 and tab.run("document.querySelectorAll('article.current .edge').length") == 4
    back = "getComputedStyle(document.body).backgroundColor"
    light = tab.run(back)
    tab.key("d")
    assert tab.run(back) != light
    tab.open(url, dark=True)
    assert tab.run(back) != light
    tab.open(url, size=(420, 900))
    assert tab.run("document.documentElement.scrollWidth") <= 420
    check_drawings(tab, url)


def check_drawings(tab, url):
    """Every text is within its drawing, and none on a box that is not its own; drawings do not shrink."""
    outside = """[...document.querySelectorAll('svg')].flatMap(svg => [...svg.querySelectorAll('text')]
        .filter(text => { const t = text.getBoundingClientRect(), s = svg.getBoundingClientRect();
                  return t.left < s.left - 1 || t.right > s.right + 1; })).map(text => text.textContent)"""
    hidden = """[...document.querySelectorAll('svg.graph')].flatMap(svg =>
        [...svg.querySelectorAll('.edge text')].filter(text => [...svg.querySelectorAll('rect')].some(
            rect => { const t = text.getBoundingClientRect(), r = rect.getBoundingClientRect();
            return t.left < r.right && r.left < t.right && t.top < r.bottom && r.top < t.bottom; }))
        ).map(text => text.textContent)"""
    small = """[...document.querySelectorAll('svg')].filter(svg =>
        svg.getBoundingClientRect().width < svg.getAttribute('width') - 1).length"""
    for size in ((1500, 1400), (420, 900)):
        tab.open(url, size=size)
        tab.key("Escape")
        assert tab.run("document.querySelectorAll('svg text').length") > 20
        assert [tab.run(one) for one in (outside, hidden)] == [[], []], size
    assert tab.run(small) == 0


def check_hostile(tab, url):
    tab.open(url)
    assert not tab.happened("Page.javascriptDialogOpening") and not tab.happened("Log.entryAdded"), tab.log
    assert tab.run("document.scripts.length") == 1 and tab.run("document.querySelectorAll('b').length") < 9
    assert "<script>alert(1)" in tab.run("document.querySelector('article').innerText")
    # Even markup that gets into the page runs nothing.
    tab.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')")
    tab.run("var s = document.createElement('script'); s.textContent = 'window.hit=1'; "
            "document.body.append(s)")
    assert tab.run("window.hit") is None


def pictures(tab, url, folder):
    for n, name in [(1, "race"), (2, "deadlock"), (3, "goroutine_leak")]:
        for dark in (False, True):
            tab.open(f"{url}#f{n}", dark=dark)
            tab.shoot(folder / f"{name}{'_dark' if dark else ''}.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--pictures", type=pathlib.Path)
    args = parser.parse_args()
    if not browser.find():
        print("no chromium")
        sys.exit(77)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        tool = Tool(args.build, pathlib.Path(name) / "work")
        later = copy.deepcopy(METER[1])
        url = page(tool, "all", [METER[0], DEADLOCK, LEAK, later])
        forged = dict(evil(DEADLOCK), kind="<b>", fingerprint="0x2")
        hostile = page(tool, "hostile", [dict(evil(METER[0]), fingerprint="0x3"), forged, "<script>"])
        tab = browser.Browser(f"{name}/profile")
        try:
            check_use(tab, url)
            check_hostile(tab, hostile)
            if args.pictures:
                pictures(tab, url, args.pictures)
        finally:
            tab.close()
    print("seen")


if __name__ == "__main__":
    main()
