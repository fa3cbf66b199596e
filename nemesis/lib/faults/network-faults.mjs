// What happens between members, and between them and the clients.

const FLAP_MS = [80, 400];
const SLOW_MS = [20, 150];
const RATE_MAX = 0.2;
const CORRUPT_RATE_MAX = 0.05;

/** Cuts `ways` for the time of the step. */
async function cut(world, step, who, ways) {
  const end = world.injected(step, who);
  const heal = await world.network.cut(ways);
  try {
    await world.pause(step.durationMs);
  } finally {
    await heal();
  }
  end();
}

const shown = (places) => places.map((place) => `n${place}`).join(" ");

function partitionHalves(world, step) {
  const order = world.shuffled(world.founderPlaces, step.draw);
  const few = order.slice(0, Math.floor(order.length / 2));
  const many = world.places.filter((place) => !few.includes(place));
  return cut(world, step, `${shown(few)} | ${shown(many)}`, world.both(few, many));
}

function leaderAlone(world, step) {
  const leader = world.leader() ?? world.target(step);
  const others = world.places.filter((place) => place !== leader.place);
  return cut(world, step, leader.name, world.both([leader.place], others));
}

function oneWay(world, step) {
  const { place, name } = world.target(step);
  const others = world.places.filter((other) => other !== place);
  const isDeaf = step.strength < 0.5;
  const ways = others.map((other) => (isDeaf ? [other, place] : [place, other]));
  return cut(world, step, `${name} ${isDeaf ? "deaf" : "mute"}`, ways);
}

function nonTransitive(world, step) {
  const [first, second] = world.shuffled(world.founderPlaces, step.draw);
  return cut(world, step, `${shown([first])} ∤ ${shown([second])}`, world.both([first], [second]));
}

async function flapping(world, step) {
  const { place, name } = world.target(step);
  const ways = world.both(
    [place],
    world.places.filter((other) => other !== place),
  );
  const end = world.injected(step, name);
  const untilMs = performance.now() + step.durationMs;
  const restMs = FLAP_MS[0] + step.strength * (FLAP_MS[1] - FLAP_MS[0]);
  while (performance.now() < untilMs && !world.isStopping) {
    const heal = await world.network.cut(ways);
    await world.pause(restMs);
    await heal();
    await world.pause(restMs);
  }
  end();
}

async function clientsCut(world, step) {
  const member = world.target(step);
  const end = world.injected(step, member.name);
  const heal = await world.network.cutClients(member.place);
  try {
    await world.pause(step.durationMs);
  } finally {
    await heal();
  }
  end();
}

/** Weather between all members for the time of the step. */
async function bad(world, step, weather, says) {
  const end = world.injected(step, says);
  const heal = await world.network.weather(world.both(world.places, world.places), weather);
  try {
    await world.pause(step.durationMs);
  } finally {
    await heal();
  }
  end();
}

function slowLink(world, step) {
  const [least, most] = SLOW_MS;
  const delayMs = Math.round(least + step.strength * (most - least));
  return bad(world, step, { delayMs, jitterMs: delayMs }, `${delayMs} to ${2 * delayMs} ms`);
}

function lossyLink(world, step) {
  const rate = RATE_MAX * (0.2 + 0.8 * step.strength);
  const weather = { loss: rate, doubling: rate, overtaking: rate };
  return bad(world, step, weather, `${Math.round(rate * 100)} %`);
}

function corruptFrames(world, step) {
  const corrupt = CORRUPT_RATE_MAX * (0.1 + 0.9 * step.strength);
  return bad(world, step, { corrupt }, `${(corrupt * 100).toFixed(1)} %`);
}

export const NETWORK_FAULTS = {
  "partition-halves": partitionHalves,
  "leader-alone": leaderAlone,
  "one-way": oneWay,
  "non-transitive": nonTransitive,
  flapping,
  "clients-cut": clientsCut,
  "slow-link": slowLink,
  "lossy-link": lossyLink,
  "corrupt-frames": corruptFrames,
};
