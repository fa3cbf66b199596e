// One member of the order book: node examples/orders/member.mjs <id> <folder>
// Start it for the ids 1, 2 and 3. It serves PUT /orders/<id>?item=tea&quantity=2 and GET /orders/<id>.
import { createServer } from "node:http";
import { join } from "node:path";
import { createHost, jsonCodec } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { orderBook } from "./machine.mjs";

const [id, folder] = [Number(process.argv[2]), process.argv[3]];
const basePort = Number(process.argv[4] ?? 7100);

const members = [1, 2, 3].map((member) => ({
  id: member,
  name: `orders-${member}`,
  address: `127.0.0.1:${basePort + member}`,
}));

const host = await createHost({
  environment: nodeEnvironment(),
  directory: join(folder, `${id}`),
  clusterId: "orders",
  hostId: id,
  listenAddress: members[id - 1].address,
});

const group = { groupId: 1, machine: orderBook(), commands: jsonCodec() };
const replica = (await host.hasGroup(1))
  ? await host.openGroup(group)
  : await host.createGroup(group, members);

async function handle(request) {
  const url = new URL(request.url, "http://localhost");
  const order = decodeURIComponent(url.pathname.slice("/orders/".length));
  if (request.method === "GET") return (await replica.query({ id: order })) ?? null;
  const item = url.searchParams.get("item");
  const quantity = Number(url.searchParams.get("quantity"));
  const { result } = await replica.propose({ id: order, item, quantity });
  return result;
}

const server = createServer(async (request, response) => {
  try {
    response.end(`${JSON.stringify(await handle(request))}\n`);
  } catch (error) {
    response.statusCode = error.outcome === "notApplied" ? 503 : 504;
    response.end(`${JSON.stringify({ code: error.code, outcome: error.outcome })}\n`);
  }
});
server.listen(basePort + 10 + id, "127.0.0.1", () => {
  console.log(`member ${id} serves http://127.0.0.1:${basePort + 10 + id}`);
});

replica.onEvent((event) => {
  if (event.type === "role") console.log(`member ${id} is ${event.role} in term ${event.term}`);
});

process.on("SIGTERM", async () => {
  server.close();
  await host.close();
  process.exit(0);
});
