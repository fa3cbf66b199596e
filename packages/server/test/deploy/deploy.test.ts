import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { variableOf } from "../../src/config/environment.ts";
import { FLAGS } from "../../src/config/flags.ts";
import { loadSettings } from "../../src/config/load.ts";
import { OneMember } from "../member/one-member.ts";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const REQUIRED = process.env["QUORATE_REQUIRE_ALL"] === "1";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

describe("the dashboard", () => {
  const target = z.object({ expr: z.string() });
  const dashboard = z
    .object({
      uid: z.string(),
      schemaVersion: z.number(),
      panels: z.array(
        z.object({
          id: z.number(),
          type: z.enum(["row", "stat", "timeseries"]),
          title: z.string().min(1),
          gridPos: z.object({ h: z.number(), w: z.number().max(24), x: z.number(), y: z.number() }),
          targets: z.array(target).min(1).optional(),
        }),
      ),
    })
    .parse(JSON.parse(read("dashboards/quorate.json")));

  test("asks for metrics that a member has, and nothing else", async () => {
    const page = await (await fetch(`${member.url}/metrics`)).text();
    const known = new Set(["up", ...[...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)]);
    const asked = dashboard.panels.flatMap(({ targets }) =>
      (targets ?? []).flatMap(({ expr }) =>
        [...expr.matchAll(/([a-z_]+)\{/g)].map(([, name = ""]) => name),
      ),
    );
    expect(asked.length).toBeGreaterThan(30);
    const unknown = asked.filter(
      (name) => !known.has(name.replace(/_(bucket|sum|count)$/, "")) && !known.has(name),
    );
    expect(unknown).toEqual([]);
  });

  test("every panel has a number and a place of its own, and something to show", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const panel of dashboard.panels) {
      expect(panel.type === "row" || panel.targets !== undefined, panel.title).toBe(true);
    }
  });
});

describe("the Kubernetes objects", () => {
  const labels = z.record(z.string(), z.string());
  const metadata = z.object({ name: z.string(), labels: labels.optional() });
  const port = z.object({ name: z.string(), port: z.number(), targetPort: z.string() });
  const probe = z.object({
    httpGet: z.object({ path: z.string(), port: z.string() }),
    periodSeconds: z.number().positive(),
    failureThreshold: z.number().positive(),
    timeoutSeconds: z.number().positive().optional(),
  });
  const variable = z.union([
    z.strictObject({ name: z.string(), value: z.string() }),
    z.strictObject({
      name: z.string(),
      valueFrom: z.object({ fieldRef: z.object({ fieldPath: z.literal("metadata.name") }) }),
    }),
  ]);
  const service = z.object({
    apiVersion: z.literal("v1"),
    kind: z.literal("Service"),
    metadata,
    spec: z.object({
      clusterIP: z.string().optional(),
      publishNotReadyAddresses: z.boolean().optional(),
      selector: labels,
      ports: z.array(port),
    }),
  });
  const budget = z.object({
    apiVersion: z.literal("policy/v1"),
    kind: z.literal("PodDisruptionBudget"),
    metadata,
    spec: z.object({ maxUnavailable: z.literal(1), selector: z.object({ matchLabels: labels }) }),
  });
  const statefulSet = z.object({
    apiVersion: z.literal("apps/v1"),
    kind: z.literal("StatefulSet"),
    metadata,
    spec: z.object({
      serviceName: z.string(),
      replicas: z.number(),
      podManagementPolicy: z.literal("Parallel"),
      selector: z.object({ matchLabels: labels }),
      template: z.object({
        metadata: z.object({ labels }),
        spec: z.object({
          affinity: z.object({
            podAntiAffinity: z.object({
              requiredDuringSchedulingIgnoredDuringExecution: z.array(
                z.object({
                  topologyKey: z.string(),
                  labelSelector: z.object({ matchLabels: labels }),
                }),
              ),
            }),
          }),
          terminationGracePeriodSeconds: z.number(),
          containers: z.array(
            z.object({
              name: z.string(),
              image: z.string(),
              args: z.array(z.string()),
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              env: z.array(variable),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            }),
          ),
        }),
      }),
      volumeClaimTemplates: z.array(
        z.object({
          metadata,
          spec: z.object({
            accessModes: z.array(z.string()),
            resources: z.object({ requests: z.object({ storage: z.string() }) }),
          }),
        }),
      ),
    }),
  });
  const objects = parseAllDocuments(read("deploy/kubernetes/quorate.yaml")).map((document) =>
    z.discriminatedUnion("kind", [service, budget, statefulSet]).parse(document.toJS()),
  );
  const set = objects.find((object) => object.kind === "StatefulSet");
  if (set?.kind !== "StatefulSet") throw new Error("there is no StatefulSet");
  const { template, volumeClaimTemplates, replicas, serviceName } = set.spec;
  const [container] = template.spec.containers;
  if (container === undefined) throw new Error("there is no container");

  test("fit together: selectors, ports, volumes, the service that names the members", () => {
    const { labels: own } = template.metadata;
    for (const object of objects) {
      if (object.kind === "Service") {
        expect(own).toMatchObject(object.spec.selector);
        for (const { targetPort } of object.spec.ports) {
          expect(container.ports.map(({ name }) => name)).toContain(targetPort);
        }
      } else expect(own).toMatchObject(object.spec.selector.matchLabels);
    }
    const headless = objects.find(({ metadata: { name } }) => name === serviceName);
    expect(headless).toMatchObject({ spec: { clusterIP: "None", publishNotReadyAddresses: true } });
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(
      volumeClaimTemplates.map(({ metadata: { name } }) => name),
    );
    const [apart] =
      template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    expect(apart).toMatchObject({
      topologyKey: "kubernetes.io/hostname",
      labelSelector: { matchLabels: own },
    });
  });

  test("give every member settings that the server understands", () => {
    const known = FLAGS.map(({ name }) => variableOf(name));
    for (let place = 0; place < replicas; place += 1) {
      const name = `quorate-${place}`;
      const variables = Object.fromEntries(
        container.env.map((one) => [
          one.name,
          "value" in one ? one.value.replaceAll("$(QUORATE_NAME)", name) : name,
        ]),
      );
      for (const variableName of Object.keys(variables)) expect(known).toContain(variableName);
      const request = loadSettings(container.args.slice(1), variables);
      if (request.wants !== "serve") throw new Error("these are no settings of a member");
      const { settings, warnings } = request;
      expect(warnings).toEqual([]);
      expect(settings.initialCluster).toHaveLength(replicas);
      const own = settings.initialCluster.find((entry) => entry.name === name);
      expect(own?.urls).toEqual(settings.initialAdvertisePeerUrls);
      expect(settings.dataDir.startsWith(`${container.volumeMounts[0]?.mountPath}/`)).toBe(true);
    }
  });

  test("probe pages that there are", async () => {
    for (const { httpGet } of [
      container.startupProbe,
      container.livenessProbe,
      container.readinessProbe,
    ]) {
      const answer = await fetch(`${member.url}${httpGet.path}`);
      expect([httpGet.path, answer.status]).toEqual([httpGet.path, 200]);
      await answer.text();
    }
  });
});

describe("the systemd unit", () => {
  const hasSystemd = spawnSync("systemd-analyze", ["--version"]).error === undefined;
  if (!hasSystemd)
    process.stdout.write("the unit's check is skipped: systemd-analyze is not installed\n");

  test.skipIf(!hasSystemd && !REQUIRED)("is one that systemd accepts", () => {
    const folder = mkdtempSync(join(tmpdir(), "quorate-unit-"));
    const program = join(folder, "quorate");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    // The program and the user are not on this machine.
    const unit = read("deploy/systemd/quorate.service")
      .replace("/usr/bin/quorate", program)
      .replaceAll(/^(User|Group)=.*$/gm, "");
    const path = join(folder, "quorate.service");
    writeFileSync(path, unit);
    const checked = spawnSync("systemd-analyze", ["verify", "--man=no", path], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true, force: true });
    const about = `${checked.stdout}${checked.stderr}`
      .split("\n")
      .filter((line) => line.includes("quorate.service"));
    expect(about).toEqual([]);
  });

  test("starts the member with flags that exist, and does not restart what no restart mends", () => {
    const unit = read("deploy/systemd/quorate.service");
    const [, line = ""] = /^ExecStart=\S+ serve (.*)$/m.exec(unit) ?? [];
    expect(loadSettings(line.split(" "), {})).toMatchObject({ wants: "serve", warnings: [] });
    expect(unit).toContain("RestartPreventExitStatus=2");
  });
});

describe("the image", () => {
  test("has a health check and a command that exist", () => {
    const instructions = [...text.matchAll(/^([A-Z]+) /gm)].map(([, word]) => word);
    const known = [
      "FROM",
      "WORKDIR",
      "COPY",
      "RUN",
      "USER",
      "VOLUME",
      "EXPOSE",
      "STOPSIGNAL",
      "ENV",
      "HEALTHCHECK",
      "ENTRYPOINT",
      "CMD",
    ];
    expect(instructions.filter((word) => !known.includes(word ?? ""))).toEqual([]);
    expect(text).toContain('CMD ["quorate", "endpoint", "health"');
    expect(text).toMatch(/^USER 1000/m);
    const [, variable] = /ENV NODE_ENV=production (QUORATE_\w+)=/.exec(text) ?? [];
    expect(FLAGS.map(({ name }) => variableOf(name))).toContain(variable);
  });

  const text = read("deploy/Dockerfile");
  /** Instructions with continued lines joined, comments left out. */
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "");

  test.each<[string, (line: string) => boolean]>([
    [
      "no base image without a version, none of a moving one",
      (line) => /^FROM (?!\S+:(?!latest)\S+)/.test(line),
    ],
    ["no ADD, which fetches and unpacks", (line) => line.startsWith("ADD ")],
    ["no sudo", (line) => /\bsudo\b/.test(line)],
    ["no relative WORKDIR", (line) => /^WORKDIR (?!\/)/.test(line)],
    ["no cd between commands", (line) => /^RUN .*\bcd /.test(line)],
    [
      "no packages without a cleaned list",
      (line) => line.includes("apt-get install") && !line.includes("rm -rf /var/lib/apt/lists"),
    ],
    ["no secret in the environment", (line) => /^(ENV|ARG) .*(TOKEN|PASSWORD|SECRET)/i.test(line)],
    [
      "no shell around what runs: signals must arrive",
      (line) => /^(ENTRYPOINT|CMD) (?!\[".*"\]$)/.test(line),
    ],
    ["no port beyond the two", (line) => line.startsWith("EXPOSE ") && line !== "EXPOSE 2379 2380"],
  ])("%s", (_, isWrong) => {
    expect(lines.filter(isWrong)).toEqual([]);
  });

  test("ends as somebody who is not root, and each instruction that counts once stands once", () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
    for (const word of ["USER", "ENTRYPOINT", "CMD", "HEALTHCHECK", "STOPSIGNAL"]) {
      expect([word, last.filter((line) => line.startsWith(`${word} `)).length]).toEqual([word, 1]);
    }
    expect(last.find((line) => line.startsWith("USER "))).not.toMatch(/USER (root|0)\b/);
  });

  test("copies what exists, and nothing that another platform's build left behind", () => {
    const [, program = ""] = / \/quorate\/(packages\/\S+) /.exec(text) ?? [];
    expect(statSync(join(ROOT, program)).mode & 0o111).not.toBe(0);
    const ignored = read(".dockerignore").split("\n");
    expect(ignored).toEqual(expect.arrayContaining(["node_modules", "**/dist", ".git"]));
    // What the build does need must not be among it.
    for (const needed of ["packages", "scripts", "package.json", "package-lock.json"]) {
      expect(ignored).not.toContain(needed);
    }
  });
});
