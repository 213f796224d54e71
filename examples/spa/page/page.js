const element = (id) => document.getElementById(id);

// Shows the state of the session. The state says who is signed in, and never has a token.
const show = (session) => {
  const isIn = session.status === 'active' || session.status === 'expiring';
  element('greeting').textContent = isIn ? `Hello, ${session.claims.name ?? 'you'}` : 'Hello, stranger';
  element('in').hidden = !isIn;
  element('out').hidden = isIn;
  if (!isIn) element('me').textContent = '';
};

const ask = async (address) => {
  const answer = await fetch(address);
  return { ok: answer.ok, body: await answer.json() };
};

element('ask').addEventListener('click', async () => {
  const { ok, body } = await ask('me');
  // Without a session the answer is a problem document (RFC 9457) that has the address of the sign-in.
  // After the sign-in the browser comes back to this page.
  if (body.login) location.assign(`auth/login?return_to=${encodeURIComponent(location.pathname)}`);
  else element('me').textContent = ok ? JSON.stringify(body, null, 2) : body.title;
});

// While the session cannot be read (503), the page keeps what it shows.
const refresh = async () => {
  const { ok, body } = await ask('auth/session');
  if (ok) show(body);
  return ok && body.status !== 'anonymous';
};

// A session may end elsewhere. The stream says so within a second; it ends when nobody is signed in.
const follow = () => {
  const events = new EventSource('auth/events');
  for (const name of ['state', 'claims', 'expiring', 'extended', 'ended']) {
    events.addEventListener(name, (event) => show(JSON.parse(event.data)));
  }
};

refresh().then((isIn) => isIn && follow());
// A browser may show a page again that it has kept.
addEventListener('pageshow', (event) => event.persisted && refresh());
