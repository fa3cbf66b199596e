/** What to do about refusals that are worded as etcd words them, because programs compare the words. */
const ADVICE: Readonly<Record<string, string>> = {
  "etcdserver: mvcc: database space exceeded":
    "The cluster is full, or a member's disk is: delete keys, forget history (quorate compact), or raise --quota-backend-bytes; quorate alarm list says which member it is.",
  "etcdserver: user name is empty":
    "Access control is on: say who you are with --user name:password.",
  "etcdserver: permission denied":
    "None of this user's roles allows it: see quorate user get and quorate role get.",
  "etcdserver: authentication failed, invalid user ID or password": "Check --user.",
  "etcdserver: no leader":
    "Most of the members have to run and reach each other: see quorate explain.",
  "etcdserver: request timed out":
    "The cluster has no leader or is overloaded: see quorate explain.",
  "etcdserver: request is too large": "Split it, or raise --max-request-bytes on every member.",
  "etcdserver: too many operations in txn request":
    "Split it, or raise --max-txn-ops on every member.",
  "etcdserver: requested lease not found":
    "It has run out or was never granted: see quorate lease list.",
  "etcdserver: mvcc: required revision has been compacted":
    "The history up to there is gone: ask for a later revision, or for none.",
  "etcdserver: member not found": "quorate member list shows the ids there are.",
  "etcdserver: unhealthy cluster":
    "A member is not connected: mend it first, or remove that member.",
  "etcdserver: re-configuration failed due to not enough started members":
    "The members that run would be no majority afterwards: start those that do not run first.",
  "etcdserver: can only promote a learner member which is in sync with leader":
    "It is not running yet or has not caught up: try again later.",
  "etcdserver: rpc not supported for learner": "Ask a member that votes.",
  "etcdserver: root user does not exist": "Add it first: quorate user add root.",
  "etcdserver: root user does not have root role":
    "Grant it first: quorate user grant-role root root.",
  "etcdserver: authentication is not enabled": "There is nobody to log in as: leave --user out.",
  "etcdserver: user name not found": "quorate user list shows the users there are.",
  "etcdserver: user name already exists": "Change its password with quorate user passwd.",
  "etcdserver: role name not found": "quorate role list shows the roles there are.",
  "etcdserver: role name already exists":
    "What it allows is changed with quorate role grant-permission and revoke-permission.",
  "etcdserver: role is not granted to the user": "quorate user get shows the roles it has.",
  "etcdserver: permission is not granted to the role":
    "A permission is taken back with the same interval it was given for: see quorate role get.",
  "etcdserver: invalid auth management":
    "While access control is on, the user and the role root stay: quorate auth disable comes first.",
  "etcdserver: invalid auth token":
    "It has run out or its user was changed: log in again with --user.",
  "etcdserver: lease already exists": "Choose another id, or leave it out.",
  "etcdserver: too large lease TTL": "A lease lasts 9000000000 seconds at most.",
  "etcdserver: key not found": "There is no value or lease to keep: write the key without that.",
  "etcdserver: duplicate key given in txn request":
    "One transaction writes a key once: leave out one of its writes, or the deletion that covers it.",
  "etcdserver: mvcc: required revision is a future revision":
    "quorate status shows the current revision.",
  "etcdserver: Peer URLs already exists":
    "A member with this URL is in the cluster already: see quorate member list.",
  "etcdserver: given member URLs are invalid":
    "A peer URL is http:// or https://, a host and a port, without a path.",
  "etcdserver: too many learner members in cluster":
    "Promote or remove the one there is, or raise --max-learners.",
  "etcdserver: can only promote a learner member": "It votes already.",
  "etcdserver: bad leader transferee": "Name a member that votes: see quorate member list.",
  "etcdserver: not leader": "Ask the leader: quorate status shows which member it is.",
  "etcdserver: corrupt cluster":
    "The members' data differ: compare them with quorate endpoint hashkv before anything else.",
};

/** What can be done about a refusal in these words, where there is something. */
export function adviceFor(message: string): string | undefined {
  return ADVICE[message];
}
