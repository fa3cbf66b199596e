import { variableOf } from "../config/environment.ts";
import { FLAG_GROUPS } from "../config/flag.ts";
import { FLAGS } from "../config/flags.ts";

/** `quorate serve --help`. */
export function serveHelp(): string {
  const groups = FLAG_GROUPS.map((group) => {
    const lines = FLAGS.filter((flag) => flag.group === group).map(
      ({ name, fallback, help }) =>
        `  --${name}${fallback === "" ? "" : `  (default ${fallback})`}\n      ${help}\n`,
    );
    return `${group}:\n${lines.join("")}`;
  });
  return `Usage: quorate serve [flags]

Runs one member of a cluster. Every setting is also a key of the configuration file and an environment variable
(--data-dir is ${variableOf("data-dir")} or ETCD_DATA_DIR); flags come before the environment, the environment
before the file. Settings of etcd that are not listed here are accepted and have no effect.

  --config-file  (also --config, QUORATE_CONFIG_FILE)
      YAML or JSON with the settings' names as keys.
  --version
      Print versions, in etcd's form.

${groups.join("\n")}
A member on its own:
  quorate serve --data-dir /var/lib/quorate

One of three:
  quorate serve --name n1 --data-dir /var/lib/quorate \\
    --listen-client-urls http://10.0.0.1:2379 --advertise-client-urls http://10.0.0.1:2379 \\
    --listen-peer-urls http://10.0.0.1:2380 --initial-advertise-peer-urls http://10.0.0.1:2380 \\
    --initial-cluster n1=http://10.0.0.1:2380,n2=http://10.0.0.2:2380,n3=http://10.0.0.3:2380

Exit codes: 0 stopped as asked or removed from the cluster, 1 could not go on, 2 wrong settings, or turned away by
the other members because its data is gone.
`;
}
