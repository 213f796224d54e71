const element = (id) => document.getElementById(id);

// Shows the state of the session. The state says who is signed in, and never has a token.
const show = (session) => {
  const isIn = session.status === 'active' || session.status === 'expiring';
  element('greeting').textContent = isIn ? `Hello, ${session.claims.name}` : 'Hello, stranger';
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
  if (body.login) location.assign(body.login);
  else element('me').textContent = ok ? JSON.stringify(body, null, 2) : body.title;
});

const refresh = async () => show((await ask('auth/session')).body);
refresh();
// A session may end elsewhere, and a browser may show a page again that it has kept.
addEventListener('pageshow', (event) => event.persisted && refresh());
document.addEventListener('visibilitychange', refresh);
