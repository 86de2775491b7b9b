// Keeps the page for when there is no network: it opens, and what is written stays in it.
// What the server says always comes from the server; only the page's own files are kept.

const NAME = "page";
const FILES = [
  "./", "style.css", "main.js", "canvas.js", "correction.js", "hand.js", "panel.js", "server.js",
  "icon.svg", "manifest.webmanifest",
];

addEventListener("install", event => {
  event.waitUntil(caches.open(NAME).then(cache => cache.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", event => event.waitUntil(clients.claim()));

addEventListener("fetch", event => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === location.origin && FILES.includes(pathname.slice(1) || "./");
  if (event.request.method === "GET" && ours) event.respondWith(newest(event.request));
});

async function newest(request) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request, { ignoreSearch: true })) ?? Response.error();
  }
}
