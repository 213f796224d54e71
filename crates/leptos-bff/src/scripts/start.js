// Starts the WASM, and stands between it and the page: see `scripts.rs`. The server sends these lines without their comments.
const { path, script, wasm, words } = GIVEN;
let known = document.querySelector('meta[name="signed-in-at"]')?.content;
let isStarted = false;
let hasFailed = false;

// A stopped WASM (a panic, or an exception that passed through it) is in no known state: no call reaches it any more. So
// its listeners are there and do nothing, and links and forms are the browser's own.
const guarded = (exports) => {
  const guard = (run) => (...given) => {
    // wasm-bindgen's code destructures this.
    if (hasFailed) return [];
    try {
      return run(...given);
    } catch (error) {
      fail(isStarted ? 'later' : 'hydration', error);
      throw error;
    }
  };
  // wasm-bindgen's own code calls the exports that begin with underscores, except the one that drops a closure.
  const isEntry = (name, it) => typeof it === 'function' && (!name.startsWith('__') || name.includes('destroy'));
  return Object.fromEntries(Object.entries(exports).map(([name, it]) => [name, isEntry(name, it) ? guard(it) : it]));
};

// A browser bounds how often a page may change its address, and leptos_router does not expect a refusal. The page is loaded
// then.
for (const [change, load] of [['pushState', 'assign'], ['replaceState', 'replace']]) {
  const asked = history[change].bind(history);
  history[change] = (...given) => {
    try {
      asked(...given);
    } catch (error) {
      if (given[2] == null) throw error;
      // A browser also refuses the address of another site. `//evil.example` and a backslash lead to one.
      const { origin, pathname, search, hash } = new URL(given[2], document.baseURI);
      if (origin !== location.origin) throw error;
      location[load](location.origin + pathname + search + hash);
    }
  };
}

const start = async () => {
  const [module, response] = await Promise.all([import(script), fetch(wasm)]);
  const { instantiate, instantiateStreaming } = WebAssembly;
  const guarding = (make) => make && (async (...given) => {
    const made = await make.apply(WebAssembly, given);
    return { module: made.module, instance: { exports: guarded(made.instance.exports) } };
  });
  Object.assign(WebAssembly, { instantiate: guarding(instantiate), instantiateStreaming: guarding(instantiateStreaming) });
  try {
    await module.default({ module_or_path: response });
  } finally {
    Object.assign(WebAssembly, { instantiate, instantiateStreaming });
  }
  addEventListener('page-hydrated', () => { isStarted = true; }, { once: true });
  module.hydrate();
};

const fail = (at, error) => {
  if (hasFailed) return;
  hasFailed = true;
  console.error('The page stays without its script:', error);
  document.documentElement.classList.add('without-script');
  // The tab that leads the others gives the lead up.
  dispatchEvent(new Event('page-failed'));
  try {
    navigator.sendBeacon(path + `/auth/page-failed?at=${at}`);
  } catch {}
  const shown = location.pathname + location.search;
  onpopstate = () => location.pathname + location.search === shown || location.reload();
  onpageshow = (event) => event.persisted && location.reload();
  addEventListener('submit', (event) => event.target.getAttribute('action') === path + '/auth/logout' && forget());
  if (known !== '') watch();
};

// Unsaved text goes with its person.
const forget = () => {
  try {
    const prefix = 'draft' + path + ' ';
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {}
};

// The person of this page may sign out elsewhere, or another person may sign in. Then no part of the page stays.
const watch = () => {
  let until = Date.now() + 300_000;
  let isOver = false;
  // It is not loaded anew by itself: the provider may still know the person who has just signed out here.
  const clear = () => {
    isOver = true;
    document.body.replaceChildren();
    const add = (parent, name, called, textContent) =>
      Object.assign(parent.appendChild(document.createElement(name)), { className: called, textContent });
    const main = add(document.body, 'main', 'page problem', '');
    add(main, 'h1', '', words.title);
    add(main, 'p', 'lead', words.happened);
    const link = add(add(main, 'p', 'actions', ''), 'a', 'button', words.again);
    // The path may begin with two slashes.
    link.href = location.origin + location.pathname + location.search;
  };
  const ask = async () => {
    let state;
    try {
      const answer = await fetch(path + '/auth/session');
      if (answer.ok) state = await answer.json();
    } catch {}
    if (isOver) return;
    if (state) {
      const signedInAt = state.signed_in_at ?? '';
      known ??= signedInAt;
      if (['signed_out', 'elsewhere', 'provider', 'administrator'].includes(state.reason)) forget();
      if (signedInAt !== known) return clear();
      until = Date.now() + Math.min(state.expires_in, state.idle_expires_in) * 1000;
    }
    if (Date.now() > until) clear();
  };
  try {
    new BroadcastChannel('session-state' + path).onmessage = ask;
  } catch {}
  try {
    new EventSource(path + '/auth/events').addEventListener('ended', ask);
  } catch {}
  document.addEventListener('visibilitychange', ask);
  setInterval(ask, 30_000);
  ask();
};

start().catch((error) => fail('start', error));
