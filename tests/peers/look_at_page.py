#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""look_at_page.py PAGE FOLDER: look at a page in headless Chromium, at three
widths, light, dark and as print.  What is wrong with it is printed, and is the
exit status.  PDFs and the page's text go into FOLDER, and pictures if the
environment has PICTURES."""
import base64
import json
import os
import subprocess
import sys
import tempfile

WIDTHS = (400, 1000, 1600)
PAPERS = {"A4": (8.27, 11.69), "Letter": (8.5, 11)}

# Of every text its contrast to what lies behind it, by WCAG 2.1; what sticks
# out; how headings follow; which pictures have no name.
LOOK = r"""
(() => {
  const wrong = [];
  const parse = text => {
    const found = text.match(/rgba?\(([^)]*)\)/);
    if (!found) return [0, 0, 0, 0];
    const part = found[1].split(/[ ,\/]+/).map(Number);
    return part.length < 4 ? [...part.slice(0, 3), 1] : part;
  };
  const over = (top, under) => [0, 1, 2].map(i =>
    top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => {
      v /= 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const canvas = !IS_PRINT &&
    getComputedStyle(document.documentElement).colorScheme === 'dark' ?
    [18, 18, 18, 1] : [255, 255, 255, 1];
  const known = new Map();
  const behind = element => {
    if (!element) return canvas;
    if (!known.has(element)) {
      const style = getComputedStyle(element);
      const under = behind(element.parentElement);
      known.set(element, IS_PRINT && style.printColorAdjust !== 'exact' ?
        under : over(parse(style.backgroundColor), under));
    }
    return known.get(element);
  };
  const drawn = new Map();
  const shapes = picture => {
    if (!drawn.has(picture))
      drawn.set(picture, [...picture.querySelectorAll('rect')].map(shape =>
        [shape, getComputedStyle(shape).fill, shape.getBoundingClientRect()]
        ).filter(([, fill]) => fill.startsWith('rgb')));
    return drawn.get(picture);
  };
  const under = text => {
    const picture = text.closest('svg'), box = text.getBoundingClientRect();
    let colour = behind(picture.parentElement);
    for (const [shape, fill, its] of shapes(picture))
      if (shape.compareDocumentPosition(text) & 4 && its.right >= box.left &&
          its.left <= box.right && its.bottom >= box.top &&
          its.top <= box.bottom)
        colour = over(parse(fill), colour);
    return colour;
  };
  const name = element => element.tagName + ' "' +
    element.textContent.trim().slice(0, 40) + '"';
  let texts = 0;
  const walker = document.createTreeWalker(document.body,
    NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() ||
        element.closest('title, desc, style, .hide')) continue;
    const style = getComputedStyle(element);
    const is_drawn = element.closest('svg') !== null;
    const found = contrast(parse(is_drawn ? style.fill : style.color),
      is_drawn ? under(element) : behind(element));
    texts++;
    if (found < 4.5)
      wrong.push('contrast ' + found.toFixed(2) + ' of ' + name(element));
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) &&
        !element.closest('.skip'))
      wrong.push('sticks out: ' + name(element));
    if (parseFloat(style.fontSize) < 9)
      wrong.push('too small: ' + name(element));
  }
  if (texts < 50) wrong.push('only ' + texts + ' texts');
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    wrong.push('overflow: ' + root.scrollWidth + ' > ' + root.clientWidth);
  let level = 0;
  for (const heading of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
    const its = Number(heading.tagName[1]);
    if (its > level + 1) wrong.push('heading out of order: ' + name(heading));
    level = its;
  }
  if (document.querySelectorAll('h1').length !== 1) wrong.push('h1');
  for (const picture of document.querySelectorAll('svg'))
    if (picture.getAttribute('role') !== 'img' ||
        !picture.querySelector(':scope > title')?.textContent.trim())
      wrong.push('a picture without a name');
  for (const picture of document.querySelectorAll('svg.line'))
    if (!picture.querySelector(':scope > desc')?.textContent.trim())
      wrong.push('a timeline without a description');
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption?.textContent.trim()) wrong.push('no caption');
    for (const head of table.querySelectorAll('th'))
      if (!head.scope) wrong.push('no scope: ' + name(head));
  }
  for (const element of document.querySelectorAll('*')) {
    if (/^(script|iframe|object|embed|img|form|base)$/i.test(element.tagName))
      wrong.push('an element ' + element.tagName);
    for (const {name: its, value} of element.attributes) {
      if (/^on/i.test(its)) wrong.push('an attribute ' + its);
      if (/^(src|srcset|action|formaction|poster|data|ping)$/i.test(its))
        wrong.push('an attribute ' + its);
      if (/^(xlink:)?href$/i.test(its) && value !== 'data:,' &&
          !(value.startsWith('#') && document.getElementById(value.slice(1))))
        wrong.push('a link to ' + value);
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id twice');
  for (const element of document.querySelectorAll(
      '[aria-labelledby],[aria-describedby]'))
    for (const attribute of ['aria-labelledby', 'aria-describedby'])
      for (const id of (element.getAttribute(attribute) || '').split(/\s+/))
        if (id && !document.getElementById(id)) wrong.push('no id ' + id);
  if (!root.lang) wrong.push('no lang');
  if (!document.querySelector('main')) wrong.push('no main');
  for (const day of document.querySelectorAll('time'))
    if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(day.dateTime))
      wrong.push('no date: ' + day.dateTime);
  return wrong;
})()
"""


class Browser:
    """Chromium over the pipe of its developer tools, which needs no port."""

    def __init__(self, folder):
        ours, theirs = os.pipe(), os.pipe()

        def place():
            os.dup2(ours[0], 3)
            os.dup2(theirs[1], 4)

        # Numbers that place() does not overwrite.
        ours = tuple(os.dup(os.dup(os.dup(fd))) for fd in ours)
        theirs = tuple(os.dup(os.dup(os.dup(fd))) for fd in theirs)
        self.log = open(os.path.join(folder, "chromium.log"), "wb")
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-background-networking",
             "--user-data-dir=" + os.path.join(folder, "profile"),
             "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            preexec_fn=place, close_fds=True, pass_fds=(3, 4))
        os.close(ours[0])
        os.close(theirs[1])
        self.to = ours[1]
        self.answers = os.fdopen(theirs[0], "rb", buffering=0)
        self.rest = b""
        self.count = 0
        self.events = []
        self.session = None

    def read(self):
        while b"\0" not in self.rest:
            more = self.answers.read(1 << 20)
            if not more:
                raise SystemExit("chromium went away")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.read())

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script,
                           returnByValue=True)
        if "exceptionDetails" in result:
            raise SystemExit(str(result["exceptionDetails"]))
        return result["result"]["value"]

    def open(self, url):
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def complaints(self, url):
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded":
                yield "console: " + params["entry"]["text"]
            elif method in ("Runtime.consoleAPICalled",
                            "Runtime.exceptionThrown"):
                yield "console: " + json.dumps(params)[:200]
            elif method == "Network.requestWillBeSent":
                asked = params["request"]["url"]
                if asked != url and not asked.startswith("data:"):
                    yield "asks for " + asked

    def save(self, path, data):
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (SystemExit, OSError):
            pass
        self.process.wait()


def show(browser, width, scheme, media):
    browser.call("Emulation.setDeviceMetricsOverride", width=width,
                 height=900, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", media=media, features=[
        {"name": "prefers-color-scheme", "value": scheme}])


def main(page, folder):
    url = "file://" + os.path.abspath(page)
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        browser = Browser(scratch)
        browser.open(url)
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                show(browser, width, scheme, "screen")
                found = browser.evaluate(LOOK.replace("IS_PRINT", "false"))
                wrong += [f"{width} {scheme}: {text}" for text in found]
                if "PICTURES" not in os.environ:
                    continue
                picture = browser.call("Page.captureScreenshot",
                                       captureBeyondViewport=True, clip={
                    "x": 0, "y": 0, "width": width, "scale": 1,
                    "height": min(6000, browser.evaluate(
                        "document.documentElement.scrollHeight"))})
                browser.save(f"{folder}/{width}-{scheme}.png",
                             picture["data"])
            for paper, (width, height) in PAPERS.items():
                show(browser, int((width - 1.18) * 96), scheme, "print")
                found = browser.evaluate(LOOK.replace("IS_PRINT", "true"))
                wrong += [f"{paper} {scheme}: {text}" for text in found]
                if scheme == "light":
                    pdf = browser.call("Page.printToPDF", paperWidth=width,
                                       paperHeight=height)
                    browser.save(f"{folder}/{paper}.pdf", pdf["data"])
        show(browser, 1000, "light", "screen")
        with open(f"{folder}/text", "w", encoding="utf-8") as file:
            file.write(browser.evaluate("document.body.textContent"))
        wrong += browser.complaints(url)
        browser.close()
    for text in wrong:
        print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
