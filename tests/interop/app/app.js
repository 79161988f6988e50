// An app as a reader of the SDK's manual would write it. The tenant's domain stands in the address: `/?domain=…`, and is
// remembered for the way back. `window.app` is what the suite presses instead of buttons.

const address = new URL(location.href);
const domain = address.searchParams.get('domain') ?? localStorage.getItem('domain');
localStorage.setItem('domain', domain);
const refreshTokens = (address.searchParams.get('refresh_tokens') ?? localStorage.getItem('refresh_tokens')) === 'yes';
localStorage.setItem('refresh_tokens', refreshTokens ? 'yes' : 'no');

const show = (state, user) => {
  document.querySelector('#user').textContent = JSON.stringify(user ?? null);
  document.querySelector('#state').textContent = state;
};

const start = async () => {
  const client = new auth0.Auth0Client({
    domain,
    clientId: 'acme-spa',
    useRefreshTokens: refreshTokens,
    useRefreshTokensFallback: false,
    cacheLocation: 'memory',
    authorizationParams: {
      redirect_uri: `${location.origin}/`,
      audience: 'https://api.acme.example/',
      scope: `openid profile email${refreshTokens ? ' offline_access' : ''}`,
    },
  });
  window.app = {
    login: (authorizationParams) => client.loginWithRedirect({ authorizationParams, appState: { from: 'here' } }),
    logout: () => client.logout({ logoutParams: { returnTo: `${location.origin}/` } }),
    token: () => client.getTokenSilently({ cacheMode: 'off', detailedResponse: true }),
    claims: () => client.getIdTokenClaims(),
    silentError: () => client.getTokenSilently({ cacheMode: 'off' }).then(() => null, ({ error }) => error),
  };
  if (address.searchParams.has('state')) {
    const { appState } = await client.handleRedirectCallback();
    history.replaceState({}, '', '/');
    window.app.appState = appState;
  }
  const user = await client.getUser();
  show(user ? 'signed in' : 'signed out', user);
};

start().catch((error) => show(`failed: ${error.error ?? ''} ${error.message}`));
