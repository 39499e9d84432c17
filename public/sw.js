// The service worker of the tablet: the app starts from this device's own, complete copy, with or without a network.
//
// A template: the server fills in the build's name and its list of assets, and serves it at /sw.js (never cached).
// - Installing keeps every asset and the shell, or fails as a whole and is tried again; what was kept already, or is
//   unchanged since the previous build, isn't downloaded twice (forty people share a hotel's Wi-Fi).
// - An asset's name carries the hash of its content: what doesn't match (a captive portal's page, half a file) is refused.
// - A new worker waits until the page says that the juror agrees; until then this one serves its own build alone.
// - /api/ is never touched.

const BUILD = "__BUILD__";
const PRECACHE = __PRECACHE__;

const PREFIX = "binhchon-shell-";
const CACHE = PREFIX + BUILD;
const SHELL = "/shell";
const ASSETS = new Set(PRECACHE);
// Pages and files that the server itself answers.
const NOT_THE_TABLET = ["/desk", "/api", "/healthz", "/assets", "/sw.js", "/manifest.webmanifest"];

self.addEventListener("install", (event) => event.waitUntil(keepEverything()));

async function keepEverything() {
  const cache = await caches.open(CACHE);
  await Promise.all([...PRECACHE.map((url) => keepAsset(cache, url)), keepShell(cache)]);
}

async function keepAsset(cache, url) {
  if (await cache.match(url, { ignoreVary: true })) return;
  const unchanged = await caches.match(url, { ignoreVary: true });
  await cache.put(url, unchanged ?? (await fetchAsset(url)));
}

// A wrong answer may sit in the browser's own cache: the second try goes around it.
async function fetchAsset(url) {
  for (const cache of ["default", "reload"]) {
    const response = await fetch(url, { cache });
    if (response.status === 200 && url.includes(`-${await hashOf(response.clone())}.`)) return response;
  }
  throw new Error(`${url}: not what this build names`);
}

async function hashOf(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function keepShell(cache) {
  const response = await fetch(SHELL, { cache: "no-store" });
  const text = await response.clone().text();
  const loader = PRECACHE.find((url) => url.startsWith("/assets/loader-tablet-"));
  if (response.status !== 200 || response.redirected || !text.includes(loader)) {
    throw new Error(`${SHELL}: not the shell of this build`);
  }
  await cache.put(SHELL, response);
}

self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") self.skipWaiting();
});

// Claiming makes one visit enough: this page, and the next tab, already belong to the worker.
self.addEventListener("activate", (event) => event.waitUntil(dropOlderBuilds().then(() => self.clients.claim())));

async function dropOlderBuilds() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isTabletPage(pathname)) event.respondWith(fromOwnCopy(SHELL, request));
  } else if (ASSETS.has(pathname)) {
    event.respondWith(fromOwnCopy(pathname, request));
  }
});

function isTabletPage(pathname) {
  return !NOT_THE_TABLET.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

async function fromOwnCopy(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(name, { ignoreVary: true })) ?? fetch(request);
}
