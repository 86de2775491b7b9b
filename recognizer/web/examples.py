"""The words of the API's documentation: how each call is made with curl, Python, JavaScript."""

from __future__ import annotations

INTRODUCTION = """\
Reads handwritten digits, numbers and sums: in pictures, and in drawings as a pen made them.
Nothing that is sent is kept or logged.

If the server has a token, every call needs the header `Authorization: Bearer TOKEN`.
Errors are `{"detail": "a sentence"}`.

**A drawing under way** uses the WebSocket `/api/live`. Each message is what changed: so many of
the strokes before are kept, and the given ones follow them; each is answered with the whole
reading. The first message has the token, if there is one:

```js
const socket = new WebSocket("ws://127.0.0.1:8000/api/live");
socket.onopen = () => socket.send(JSON.stringify(
  {token: null, keep: 0, strokes: [[[150, 120], [350, 120], [220, 400]]], extent: [500, 500]}));
socket.onmessage = event => console.log(JSON.parse(event.data).text);
```
"""

READ = """\
The picture is the whole body or the file of a form: PNG, JPEG, BMP, GIF, WebP or TIFF.

```bash
curl -F picture=@number.png http://127.0.0.1:8000/api/read
curl --data-binary @number.png 'http://127.0.0.1:8000/api/read?labels=sums'
```

```python
import requests
picture = open("number.png", "rb").read()
print(requests.post("http://127.0.0.1:8000/api/read", data=picture).json()["text"])
```

```js
const answer = await fetch("/api/read", {method: "POST", body: fileInput.files[0]});
console.log((await answer.json()).text);
```
"""

STROKES = """\
Strokes are lists of points (x, y), y downwards, in any unit; `extent` is the writing area's size.
`hand` is the content of a file that the page or the window has exported: what was learned from the
person who writes.

```bash
curl -H 'Content-Type: application/json' \\
  -d '{"strokes": [[[150, 120], [350, 120], [220, 400]]], "extent": [500, 500]}' \\
  http://127.0.0.1:8000/api/strokes
```

```python
import requests
drawing = {"strokes": [[[150, 120], [350, 120], [220, 400]]], "extent": [500, 500]}
print(requests.post("http://127.0.0.1:8000/api/strokes", json=drawing).json()["text"])
```

```js
const answer = await fetch("/api/strokes", {
  method: "POST",
  headers: {"Content-Type": "application/json"},
  body: JSON.stringify({strokes: [[[150, 120], [350, 120], [220, 400]]], extent: [500, 500]}),
});
console.log((await answer.json()).text);
```
"""

DOCS_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API - Digit Sketchpad</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

DOCS_SCRIPT = """\
SwaggerUIBundle({url: "/openapi.json", dom_id: "#docs", deepLinking: true});
"""
