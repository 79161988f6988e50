// A small app as a reader of the library's manual would write it: who signs in with a confirmed address sees the orders.
// It reads where its tenant is from the environment that `impostor features --exec` gives it.
//
//   PLANT=address   a bug, planted for a test: it trusts addresses that nobody confirmed
//   PLANT=name      another one: it greets people by a claim that they may not have

import express from 'express';
import openid from 'express-openid-connect';

const { APP_URL, PORT, IMPOSTOR_URL, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, PLANT } = process.env;
const site = express();
site.use(
  openid.auth({
    baseURL: APP_URL,
    issuerBaseURL: IMPOSTOR_URL,
    clientID: AUTH0_CLIENT_ID,
    clientSecret: AUTH0_CLIENT_SECRET,
    secret: 'what the app seals its own cookies with',
    authRequired: false,
    auth0Logout: true,
    authorizationParams: { response_type: 'code', response_mode: 'query', scope: 'openid profile email' },
  }),
);
site.get('/', (request, response) => {
  const user = request.oidc.user;
  if (!user) return response.send('<p>Please <a href="/login">sign in</a>.</p>');
  if (!user.email_verified && PLANT !== 'address') return response.send(`<p>Confirm ${user.email} first.</p>`);
  const greeting = PLANT === 'name' ? user.username : user.name;
  response.send(`<h1>Welcome, ${greeting}</h1><p>Your orders</p><p><a href="/logout">Sign out</a></p>`);
});
site.use((error, _request, response, _next) => response.status(500).send(`<p>${error.message}</p>`));
site.listen(Number(PORT), '127.0.0.1');
