// Starts the app, and keeps it startable without a network. A template that the bundler fills in, once a bundle.
//
// A missing browser feature is never an error here: the app still starts and reports what the device can't do.
// What the page learns, as attributes of <html> and events of window:
//   data-offline = "ready" | "failed"    the service worker holds a complete copy, or could not be installed
//   data-update = "ready"                a newer build waits; event "binhchon:update"
// What the page may ask: event "binhchon:activate-update" (the juror agrees, nothing is being written) starts the newer build;
// a touch on [data-rescue] saves the rescue file.

const SCRIPT = "__SCRIPT__";
const WASM = "__WASM__";
const KEEP_OFFLINE = __KEEP_OFFLINE__;
const root = document.documentElement;

showPreferences();
document.addEventListener("click", offerRescueFile);
start().catch(showFailure).then(keepOffline).catch(offlineFailed);

// Theme and size of text before the first picture; the app, which keeps them, takes over.
function showPreferences() {
  try {
    const { theme = "auto", text_size: size = "normal" } = JSON.parse(localStorage.getItem("preferences") ?? "{}");
    if (theme !== "auto") root.dataset.theme = theme;
    if (size !== "normal") root.dataset.text = size;
  } catch {
    // A browser that forbids localStorage shows the device's own theme.
  }
}

async function start() {
  const app = await import(SCRIPT);
  await app.default({ module_or_path: WASM });
  document.querySelector(".opening")?.remove();
}

// The app's own panic screen knows more than this one and says so with data-panicked.
function showFailure(error) {
  console.error(error);
  if ("panicked" in root.dataset) return;
  const tooOld = typeof WebAssembly !== "object";
  const texts = tooOld
    ? [
        ["vi", "Trình duyệt này quá cũ nên không mở được ứng dụng. Hãy cập nhật trình duyệt (Chrome, Edge từ bản 111; Safari từ bản 16.4) rồi mở lại trang này."],
        ["en", "This browser is too old for the app. Update it (Chrome or Edge 111, Safari 16.4 or later), then open this page again."],
      ]
    : [
        ["vi", "Chưa mở được ứng dụng. Hãy kiểm tra kết nối mạng (nếu là Wi-Fi khách sạn: đã đăng nhập chưa), rồi bấm “Thử lại”. Điểm đã lưu trên máy vẫn còn nguyên."],
        ["en", "The app could not start. Check the network (on hotel Wi-Fi: are you signed in?), then press “Try again”. Marks saved on this device are still there."],
      ];
  const screen = document.createElement("main");
  screen.className = "start-failure";
  screen.setAttribute("role", "alert");
  for (const [lang, text] of texts) {
    const line = document.createElement("p");
    line.lang = lang;
    line.textContent = text;
    screen.append(line);
  }
  const retry = document.createElement("button");
  retry.type = "button";
  retry.textContent = "Thử lại · Try again";
  retry.addEventListener("click", tryAgain);
  screen.append(retry);
  document.body.replaceChildren(screen);
}

// If a newer build already waits on this device, it may be the one that works.
function tryAgain() {
  if (root.dataset.update === "ready") window.dispatchEvent(new Event("binhchon:activate-update"));
  else window.location.reload();
}

async function keepOffline() {
  if (!KEEP_OFFLINE || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.ready.then(() => (root.dataset.offline = "ready"));
  window.addEventListener("binhchon:activate-update", activateUpdate);
  window.addEventListener("online", lookForUpdate);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") lookForUpdate();
  });
  watch(await register());
}

// An installation that failed (weak Wi-Fi) leaves no registration behind, so looking for an update registers again.
function lookForUpdate() {
  register()
    .then((registration) => registration.update())
    .catch(offlineFailed);
}

function register() {
  return navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
}

function watch(registration) {
  const announce = () => {
    if (!registration.installing && !registration.waiting && !registration.active) offlineFailed("the copy for offline use is not complete");
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    root.dataset.update = "ready";
    window.dispatchEvent(new Event("binhchon:update"));
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", announce);
  });
  registration.installing?.addEventListener("statechange", announce);
  announce();
}

async function activateUpdate() {
  // It has taken over, and what was written since the juror agreed is saved: nothing may come in between.
  if (root.dataset.update === "active") return window.location.reload();
  const registration = await navigator.serviceWorker.getRegistration();
  // Activated before, and the juror stayed on the old page once more.
  if (!registration?.waiting) return window.location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", announceActive, { once: true });
  registration.waiting.postMessage({ type: "activate" });
}

function announceActive() {
  root.dataset.update = "active";
  window.dispatchEvent(new Event("binhchon:update"));
}

function offlineFailed(error) {
  console.warn(error);
  if (root.dataset.offline !== "ready") root.dataset.offline = "failed";
}

// The rescue file (S11): everything that waits on this tablet, word for word. It asks nothing of the app, which may have
// stopped. Of several jurors who share the tablet it holds the work of the one who is signed in, and nobody else's (S1).
function offerRescueFile(event) {
  const button = event.target.closest?.("[data-rescue]");
  const told = button?.closest("[role=alertdialog], section")?.querySelector("[data-saved]");
  if (!told) return;
  saveRescueFile().then(
    (whole) => (told.textContent = whole ? told.dataset.saved : told.dataset.partly),
    (error) => {
      console.warn(error);
      told.textContent = told.dataset.failed;
    },
  );
}

// Whether all is in it: a photo that can't be read keeps nothing else back.
async function saveRescueFile() {
  const now = new Date().toISOString();
  const { words, photos, whole } = await waitingWork(now);
  // In parts: the text of many photos would be longer than a browser allows.
  const parts = [JSON.stringify(words, null, 1).slice(0, -2), ',\n "photos": [', ...photos.flatMap((photo, place) => (place ? [",\n", photo] : [photo])), "]\n}"];
  const file = new Blob(parts, { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `binhchon-${now.slice(0, 16).replace(/[^0-9]/g, "")}.json`;
  link.click();
  // The browser reads the file after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return whole;
}

async function waitingWork(savedAt) {
  const [people] = await records("binhchon-device", ["people"]);
  const person = people.find((one) => one.signed_in);
  if (!person) throw new Error("nobody is signed in on this tablet");
  const [waiting, sheets, visits] = await records(person.database, ["outbox", "sheets", "visits"]);
  const typed = (records) => records.filter(({ drafts }) => drafts.length > 0).map(({ key, drafts }) => ({ ...key, drafts }));
  const named = [...sheets, ...visits].flatMap(({ photos }) => photos?.waiting ?? []).map(({ sha256 }) => sha256);
  const photos = await waitingPhotos(person.database, [...new Set(named)]);
  const words = {
    // An app from before photos must not take in what it would leave out.
    format: named.length > 0 ? "binhchon-rescue-2" : "binhchon-rescue-1",
    user: person.who.user,
    saved_at: savedAt,
    ops: waiting.map(({ op }) => op),
    drafts: typed(sheets),
    facts: typed(visits),
  };
  return { words, photos, whole: photos.length === new Set(named).size };
}

// The photos that the server hasn't got, as far as they can be read: each as a text of the file, its bytes in base64.
async function waitingPhotos(name, names) {
  const found = [];
  let database;
  for (const sha256 of names) {
    try {
      database ??= await opened(name);
      const bytes = rawBytes(await answer(database.transaction(["photos"], "readonly").objectStore("photos").get(sha256)));
      found.push(new Blob([JSON.stringify({ sha256, jpeg: base64(bytes) })]));
    } catch (error) {
      console.warn(error);
    }
  }
  database?.close();
  return found;
}

function base64(bytes) {
  const most = 0x8000;
  let text = "";
  for (let from = 0; from < bytes.length; from += most) text += String.fromCharCode(...bytes.subarray(from, from + most));
  return btoa(text);
}

// Opening a database that isn't there would make one: that is taken back.
function opened(name) {
  const opening = indexedDB.open(name);
  opening.onupgradeneeded = () => opening.transaction.abort();
  return answer(opening);
}

// All records of these stores, at one moment.
async function records(name, stores) {
  const database = await opened(name);
  // A store that an older version of the app left behind may lack what came later.
  const there = stores.filter((store) => database.objectStoreNames.contains(store));
  const transaction = database.transaction(there, "readonly");
  const all = (store) => (there.includes(store) ? answer(transaction.objectStore(store).getAll()) : []);
  const found = await Promise.all(stores.map(all));
  database.close();
  return found.map((values) => values.map(decoded));
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// As app/src/store/codec.rs writes a record: one byte that says how, then JSON.
function decoded(bytes) {
  if (bytes[0] !== 1) throw new Error("a record of another version");
  return JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
}

// The same for a photo's bytes.
function rawBytes(bytes) {
  if (bytes[0] !== 2) throw new Error("a photo of another version");
  return bytes.subarray(1);
}
