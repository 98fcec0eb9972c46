// Works beside the pages of gerai and market: keeps those that were seen last for when there is no
// network. Never a basket, an order or an owner's page. MARK comes before this file (installing.py).
"use strict";
const PAGES = "huyula-halaman", LOOKS = "huyula-rupa", PICTURES = "huyula-gambar";
const OWN = `huyula-luring-${MARK}`;
const MOST = { [PAGES]: 40, [LOOKS]: 60, [PICTURES]: 150 };
const MOST_BYTES = 300000, PATIENCE_MS = 8000, WHEN = "x-huyula-ms", OFFLINE = "/luring";
const ANY = { ignoreVary: true };
// A gerai with an address of its own has its pages at the host's root.
const PUBLIC = /^\/(pasar|cari|toko\/[^/]+(\/(?!(logo|spanduk)$)[^/.]+)?|ulasan|([a-z0-9-]+-)?[0-9a-f]{32})?$/;
const BUYING = /^\/(keranjang|pesan|pesanan\/[^/.]+|privasi|favorit|saya(\/[^.]+)?)$/;
const LOOK = /^\/(static\/[^/]+|(toko\/[^/]+\/)?(wajah\.css|kain\.svg|tepi\.svg|ikon\.png))$/;
const PICTURE = /^\/(toko\/[^/]+\/)?(gambar\/[^/]+|logo|spanduk)$/;
const SAID = {
  id: (when) => `Tanpa jaringan. Halaman ini seperti pada ${when}; harga dan sisa barang mungkin sudah berubah.`,
  en: (when) => `No network. This page is as it was on ${when}; prices and stock may have changed.`,
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PUBLIC.test(url.pathname)) event.respondWith(page(event));
    else if (BUYING.test(url.pathname)) event.respondWith(fetch(request).catch(offline));
  } else if (LOOK.test(url.pathname)) event.respondWith(file(event, LOOKS));
  else if (PICTURE.test(url.pathname)) event.respondWith(file(event, PICTURES));
});
// A page that was open before there was a worker says what it is made of.
self.addEventListener("message", (event) => event.waitUntil(Promise.all(event.data.map(see))));

async function install() {
  const response = await fetch(OFFLINE, { cache: "no-cache" });
  if (!response.ok) throw new Error(String(response.status));
  const text = await response.clone().text();
  const cache = await caches.open(OWN);
  await cache.put(OFFLINE, response);
  await cache.addAll([...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((one) => one[1]));
}

async function activate() {
  const known = [PAGES, LOOKS, PICTURES, OWN];
  const names = (await caches.keys()).filter((name) => name.startsWith("huyula-"));
  await Promise.all(names.filter((name) => !known.includes(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function see(address) {
  const url = new URL(address);
  if (url.origin !== self.location.origin) return;
  const name = PUBLIC.test(url.pathname) ? PAGES
    : LOOK.test(url.pathname) ? LOOKS : PICTURE.test(url.pathname) ? PICTURES : "";
  if (name) await keep(name, address, await fetch(address)).catch(() => undefined);
}

async function page(event) {
  const address = event.request.url;
  // Asked each time, if only by its mark: what the browser would show for minutes without asking
  // must not pass for what the network says.
  const asked = fetch(event.request, { cache: "no-cache" }).then((response) => {
    event.waitUntil(keep(PAGES, address, response.clone()).catch(() => undefined));
    return response;
  });
  const kept = await (await caches.open(PAGES)).match(address, ANY);
  // A server that says in words what is wrong is not a network that is away.
  if (!kept) return asked.catch(() => offline());
  const whole = asked.then((response) => {
    if (response.status >= 500) throw new Error(String(response.status));
    return response;
  });
  // A network that only seems to be there is worse than none.
  const late = new Promise((_, give) => setTimeout(give, PATIENCE_MS));
  event.waitUntil(whole.catch(() => undefined));
  return Promise.race([whole, late]).catch(() => told(kept));
}

async function file(event, name) {
  const address = event.request.url;
  const kept = (await (await caches.open(name)).match(address, ANY))
    || (await (await caches.open(OWN)).match(address, ANY));
  // An address that names its content never has another.
  if (kept && (kept.headers.get("cache-control") || "").includes("immutable")) return kept;
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(name, address, response.clone()).catch(() => undefined));
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function keep(name, address, response) {
  const said = response.headers.get("cache-control") || "";
  if (response.status !== 200 || response.type !== "basic" || /no-store|private/.test(said)) return;
  const body = await response.blob();
  if (body.size > MOST_BYTES) return;
  const headers = new Headers(response.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  headers.set(WHEN, String(Date.now()));
  const cache = await caches.open(name);
  await cache.put(address, new Response(body, { headers }));
  const kept = await cache.keys();
  const over = kept.slice(0, Math.max(0, kept.length - MOST[name]));
  await Promise.all(over.map((one) => cache.delete(one, ANY)));
}

function when(kept, language) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(language, style).format(Number(kept.headers.get(WHEN)));
}

function languageOf(text) {
  return /<html lang="en"/.test(text) ? "en" : "id";
}

async function told(kept) {
  const text = await kept.text(), language = languageOf(text);
  const said = `<p class="say" role="status">${SAID[language](when(kept, language))}</p>`;
  return new Response(text.replace(/<main[^>]*>/, (main) => main + said), { headers: kept.headers });
}

async function offline() {
  const own = await (await caches.open(OWN)).match(OFFLINE, ANY);
  if (!own) return Response.error();
  const cache = await caches.open(PAGES), rows = [];
  for (const request of (await cache.keys()).reverse()) {
    const kept = await cache.match(request, ANY), text = await kept.text();
    const language = languageOf(text), title = (/<title>([^<]*)<\/title>/.exec(text) || [])[1];
    const { pathname, search } = new URL(request.url);
    const address = (pathname + search).replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    rows.push(`<li><a href="${address}" lang="${language}"><span class="what">${title}</span>`
      + `<span class="where">${when(kept, language)}</span></a></li>`);
  }
  const list = rows.length ? `<ul class="shops">${rows.join("")}</ul>` : "";
  const text = (await own.text()).replace("<!-- terakhir -->", () => list);
  return new Response(text, { headers: own.headers });
}
