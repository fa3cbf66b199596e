// What this machine can do to processes, networks and disks, tried rather than believed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const YES = { available: true, reason: "" };
const no = (reason) => ({ available: false, reason });

const answers = (command, ...args) => spawnSync(command, args).error === undefined;

/** Where Debian's package libfaketime puts it, for every architecture. */
export const FAKETIME_LIBRARY = [
  `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/faketime/libfaketimeMT.so.1`,
  "/usr/lib/faketime/libfaketimeMT.so.1",
].find((path) => existsSync(path));

/** Shuts an ext4 file system down as a power loss would: nothing more reaches its journal. */
export const SHUTDOWN_PROGRAM =
  'my $how = pack("L", 2); open(my $root, "<", $ARGV[0]) or die "$!\\n"; ioctl($root, 0x8004587d, $how) or die "$!\\n";';

/** Tries in namespaces of its own, so that nothing is left behind whatever happens. */
function inNamespaces(script) {
  return spawnSync(
    "unshare",
    ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-ec", script],
    { encoding: "utf8" },
  );
}

function probeNamespaces(isRoot) {
  if (process.platform !== "linux") return no("network namespaces need Linux");
  if (!isRoot) return no("network namespaces need root");
  for (const [command, debianPackage] of [
    ["unshare", "util-linux"],
    ["nsenter", "util-linux"],
    ["ip", "iproute2"],
    ["nft", "nftables"],
  ]) {
    if (!answers(command, "--version")) {
      return no(`${command} is not here (Debian package ${debianPackage})`);
    }
  }
  const tried = inNamespaces(
    "mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip netns add probe && ip link add name probe-b type bridge && " +
      "ip link add name probe-v type veth peer name eth0 netns probe && nft add table ip probe",
  );
  if (tried.status === 0) return YES;
  return no(`network namespaces were refused: ${tried.stderr.trim().split("\n").at(-1)}`);
}

function probeExt4(namespaces) {
  if (!namespaces.available) return no(`a file system of our own: ${namespaces.reason}`);
  for (const [command, debianPackage] of [
    ["mkfs.ext4", "e2fsprogs"],
    ["perl", "perl-base"],
  ]) {
    if (spawnSync(command, ["-V"]).error !== undefined) {
      return no(`${command} is not here (Debian package ${debianPackage})`);
    }
  }
  const tried = inNamespaces(
    "mount -t tmpfs none /mnt && cd /mnt && truncate -s 16M image && mkfs.ext4 -q image && mkdir disk && " +
      `mount -o loop image disk && perl -e '${SHUTDOWN_PROGRAM}' disk && umount disk`,
  );
  if (tried.status === 0) return YES;
  return no(`a loop-mounted ext4 was refused: ${tried.stderr.trim().split("\n").at(-1)}`);
}

/** Each means with whether it is there, and if not why. */
export function probeMeans({ loopback = false } = {}) {
  const isRoot = process.getuid?.() === 0;
  const namespaces = loopback
    ? no("the run was asked to stay on the loopback")
    : probeNamespaces(isRoot);
  const shim =
    process.platform !== "linux"
      ? no("the fault injector needs Linux")
      : answers("gcc", "--version")
        ? YES
        : no("the fault injector is built with gcc (Debian packages gcc and libc6-dev)");
  return {
    namespaces,
    ext4: probeExt4(namespaces),
    shim,
    faketime:
      FAKETIME_LIBRARY === undefined
        ? no("libfaketime is not here (Debian package libfaketime)")
        : YES,
    cgroup:
      existsSync("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") && isRoot
        ? YES
        : no("no cgroup for processors; SIGSTOP and SIGCONT in turns are used instead"),
  };
}
