// A real OpenID Connect provider on this machine. Who comes is called by what is typed into its form: "name", or "unverified-name" whose address it has not looked at.
import { createServer } from "node:http";
import { once } from "node:events";
import Provider from "oidc-provider";

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "vet",
    client_secret: process.env.SECRET,
    redirect_uris: [`${process.env.ORIGIN}/Account/OpenId/school/back`],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  cookies: { keys: ["only for tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  // What is asked for stands in the address, where the test can read it.
  features: { pushedAuthorizationRequests: { enabled: false } },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@school.example`, email_verified: !id.startsWith("unverified"), name: `Pupil ${id}` }),
  }),
});
server.on("request", provider.callback());
console.log(issuer);
