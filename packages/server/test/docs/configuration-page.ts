import { variableOf } from "../../src/config/environment.ts";
import { FLAG_GROUPS } from "../../src/config/flag.ts";
import { FLAGS, IGNORED_FLAGS } from "../../src/config/flags.ts";

const INTRODUCTION = `# Settings of a member

Every setting can be given in three ways. A flag of \`quorate serve\` comes before the environment, the environment before the
file, the file before the default:

    quorate serve --data-dir /var/lib/quorate
    QUORATE_DATA_DIR=/var/lib/quorate quorate serve
    quorate serve --config quorate.yaml          # data-dir: /var/lib/quorate

Names and meanings are etcd's wherever etcd has the setting, so that an etcd start line, unit file or configuration file works
with the binary replaced: \`ETCD_DATA_DIR\` is understood as well (\`QUORATE_…\` comes first), a flag may have one dash or two,
booleans may stand alone or have \`=true\`, and etcd's sections \`client-transport-security\` and \`peer-transport-security\` of the
file are read. \`quorate init\` writes a file with every setting explained.

A setting that cannot be is refused at the start with one sentence that names it and where it stands, and exit code 2; nothing is
made or changed before. An unknown flag is refused with the nearest that there is; an unknown \`ETCD_…\` or \`QUORATE_…\` variable is
a warning.

This page is made from the settings themselves and checked against them: after a change,
\`npx vitest run packages/server/test/docs -u\` writes it anew.
`;

/** docs/configuration.md. */
export function configurationPage(): string {
  const groups = FLAG_GROUPS.map((group) => {
    const rows = FLAGS.filter((flag) => flag.group === group).map(
      ({ name, fallback, help, aliases }) => {
        const others =
          aliases.length === 0 ? "" : ` Also: ${aliases.map((one) => `\`${one}\``).join(", ")}.`;
        return `| \`${name}\` | ${fallback === "" ? "" : `\`${fallback}\``} | ${help}${others} |`;
      },
    );
    return `## ${group}\n\n| Setting | Default | Meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  const ignored = [...IGNORED_FLAGS.keys()].sort().map((name) => `\`${name}\``);
  return `${INTRODUCTION}
The variable of a setting is its name in capitals with underscores, as in \`${variableOf("data-dir")}\`. The file itself is named by
\`--config-file\`, \`--config\`, \`QUORATE_CONFIG_FILE\` or \`ETCD_CONFIG_FILE\`.

${groups.join("\n")}
## Accepted without effect

Settings of etcd for which there is nothing to set here. They are accepted, so that start lines keep working, and named in a
warning at the start.

${ignored.join(", ")}
`;
}
