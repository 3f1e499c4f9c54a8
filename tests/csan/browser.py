"""A headless Chromium that is spoken to through its pipe (--remote-debugging-pipe): no port, no packages."""
import base64
import json
import os
import pathlib
import shutil
import subprocess


def find():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self, profile):
        to_read, self.to = os.pipe()
        self.got, from_write = os.pipe()

        def fds():
            # The browser reads from 3 and writes to 4.
            one, other = os.dup(to_read), os.dup(from_write)
            os.dup2(one, 3)
            os.dup2(other, 4)

        self.process = subprocess.Popen(
            [find(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=fds, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.id, self.rest, self.session, self.log = 0, b"", None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        # Offline: nothing may be fetched.
        self.ask("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1,
                 uploadThroughput=-1)

    def read(self):
        while b"\0" not in self.rest:
            more = os.read(self.got, 1 << 16)
            assert more, "the browser has gone"
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        self.id += 1
        request = {"id": self.id, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to, json.dumps(request).encode() + b"\0")
        while True:
            message = self.read()
            if message.get("id") == self.id:
                assert "error" not in message, message
                return message["result"]
            self.log.append(message)

    def open(self, path, dark=False, size=(1500, 1400)):
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.ask("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                 mobile=False)
        # By way of an empty page, so that another place of the same page is loaded too.
        for url in ("about:blank", path):
            self.log.clear()
            self.ask("Page.navigate", url=url)
            while not self.happened("Page.loadEventFired"):
                self.log.append(self.read())

    def run(self, script):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def key(self, key):
        text = key if len(key) == 1 else ""
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def shoot(self, path):
        picture = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(picture))

    def happened(self, method):
        return [m["params"] for m in self.log if m.get("method") == method]

    def close(self):
        self.session = None
        self.ask("Browser.close")
        self.process.wait(timeout=30)
